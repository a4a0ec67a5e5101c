/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mounts of cuio's files, as the kernel lists them. What is mounted is never looked into: who
 * serves it may not be there, and would have to answer.
 */
#ifndef BASE_MOUNTS_H
#define BASE_MOUNTS_H

#include <stdbool.h>
#include <sys/types.h>

#define MOUNTS_SUBTYPE "cuio"  /* libfuse makes "fuse.cuio" of it */
#define MOUNTS_SOURCE  "cuio:" /* the instance's name follows */

/* The path as the kernel knows it, through symlinks that lead to it (to be freed). It is not looked
 * at itself, nor need it be there; the folder where it is must be. */
int mounts_resolve(const char *path, char **ret);
/* Which instance's mount there is at this resolved path (to be freed). -ENOENT: nothing is mounted
 * there; -EBUSY: something else. */
int mounts_owner(const char *path, char **ret_name);
/* Whether the file system with this number (stat(2): st_dev) is one of cuio's. */
bool mounts_have(dev_t device);

#endif
