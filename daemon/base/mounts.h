/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists the mounts of cuio's files, from the kernel's table. No function accesses a mounted file:
 * the daemon that would have to answer may be down.
 */
#ifndef BASE_MOUNTS_H
#define BASE_MOUNTS_H

#include <stdbool.h>
#include <sys/types.h>

#define MOUNTS_SUBTYPE "cuio"  /* the type becomes "fuse.cuio" */
#define MOUNTS_SOURCE  "cuio:" /* the instance's name follows */

/* Resolves symlinks in `path` as far as its last component, which is not accessed and need not
 * exist. The caller frees *ret. -errno if the folder does not exist. */
int mounts_resolve(const char *path, char **ret);
/* Finds the instance whose mount is at this resolved path; the caller frees *ret_name. -ENOENT:
 * nothing is mounted there; -EBUSY: something else is. */
int mounts_owner(const char *path, char **ret_name);
/* Whether the file system with this device number (stat(2): st_dev) is a mount of cuio. */
bool mounts_have(dev_t device);

#endif
