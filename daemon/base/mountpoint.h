/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A FUSE mount in place of a folder: made, looked up and taken away. What is mounted is never
 * looked into: who serves it may not be there, and would have to answer.
 */
#ifndef BASE_MOUNTPOINT_H
#define BASE_MOUNTPOINT_H

#include "base/report.h"
#include <stdbool.h>

struct mountpoint;

/*
 * Mounts at `path`, an empty folder, for instance `name`; as root for all users. What the mount
 * asks for comes out of mountpoint_fd(), which stays the mount's. Reports cause and cure.
 */
int mountpoint_new(const char *path, const char *name, struct report *report,
		   struct mountpoint **ret);
int mountpoint_fd(const struct mountpoint *mountpoint);
/* Forgets it, and leaves it where it is. */
void mountpoint_leave(struct mountpoint *mountpoint);
/* Takes it away. Programs that hold its files keep them. NULL: nothing to do. */
void mountpoint_free(struct mountpoint *mountpoint);

/* Makes the folder, and those it is in, where they are not there. */
int mountpoint_make_folder(const char *path);
/* The path as the kernel knows it, through symlinks that lead to it (to be freed). It is not looked
 * at itself, nor need it be there; the folder where it is must be. */
int mountpoint_resolve(const char *path, char **ret);
/* Whose cuio mount there is at this resolved path (to be freed). -ENOENT: nothing is mounted there;
 * -EBUSY: something else. */
int mountpoint_owner(const char *path, char **ret_name);
/* Takes all mounts for instance `name` away that are at this resolved path. */
int mountpoint_detach(const char *path, const char *name);

#endif
