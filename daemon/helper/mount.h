/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mount of an instance whose nodes are files, with its symlinks in /dev. Both are noted in
 * /run/cuio-bind/NAME/mount before they are made: undoing goes by the note, whatever became of the
 * instance file meanwhile. Nothing looks into a mount, whose cuiod is not running.
 */
#ifndef HELPER_MOUNT_H
#define HELPER_MOUNT_H

#include "base/fds.h"
#include "base/report.h"
#include "config/instance.h"

/* Mounts, makes the symlinks, and hands the mount over to the store. */
int mount_open(const struct instance *instance, struct fds *fds, struct report *report);
/* Takes away what was made for instance `name`. 0 if there is nothing. */
int mount_undo(const char *name);
/* Whether another's mount is where the instance's is to be: reported. */
int mount_check(const struct instance *instance, struct report *report);

#endif
