/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A FUSE mount in place of a folder: made, and taken away. base/mounts.h tells which there are.
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
/* Takes all mounts for instance `name` away that are at this resolved path. */
int mountpoint_detach(const char *path, const char *name);

#endif
