/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Creates and removes FUSE mounts. base/mounts.h lists them.
 */
#ifndef BASE_MOUNTPOINT_H
#define BASE_MOUNTPOINT_H

#include "base/report.h"
#include <stdbool.h>

struct mountpoint;

/*
 * Mounts at `path`, an empty folder, for instance `name`; as root for all users. The mount's
 * requests come from mountpoint_fd(), which the mount owns. Reports cause and remedy.
 */
int mountpoint_new(const char *path, const char *name, struct report *report,
		   struct mountpoint **ret);
int mountpoint_fd(const struct mountpoint *mountpoint);
/* Frees the object and leaves the mount in place. */
void mountpoint_leave(struct mountpoint *mountpoint);
/* Unmounts. Programs keep the files that they have open. Accepts NULL. */
void mountpoint_free(struct mountpoint *mountpoint);

/* Detaches all mounts for instance `name` at this resolved path. */
int mountpoint_detach(const char *path, const char *name);

#endif
