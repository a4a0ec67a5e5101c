/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mount of an instance whose nodes are files, and its symlinks in /dev. Both are noted in
 * /run/cuio-bind/NAME/mount before they are made. Removal uses the note, because the instance file
 * may have been edited meanwhile. No function accesses a file in the mount: that would block while
 * cuiod is not running.
 */
#ifndef HELPER_MOUNT_H
#define HELPER_MOUNT_H

#include "base/fds.h"
#include "base/report.h"
#include "config/instance.h"

/* Mounts, makes the symlinks, and stores the mount's channel in the descriptor store. */
int mount_open(const struct instance *instance, struct fds *fds, struct report *report);
/* Removes the mount and the symlinks of instance `name`. 0 if there are none. */
int mount_undo(const char *name);
/* Checks that nothing else is mounted where the instance's mount is to be. 0 or -errno,
 * reported. */
int mount_check(const struct instance *instance, struct report *report);

#endif
