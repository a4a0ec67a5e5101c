/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Creates folders at a path of the administrator's. Nobody else may be able to redirect a step of
 * it: each folder on the way belongs to root or to this process's user, and others cannot write to
 * it, or it is sticky (as /tmp) and the next step belongs to the same two.
 */
#ifndef BASE_SAFE_FOLDER_H
#define BASE_SAFE_FOLDER_H

#include "base/report.h"

/* Creates the folder and its parents if they are missing, with access for all. Does not access the
 * last one if it exists, because that may be a mount without a daemon. `file` (or NULL) is where
 * the path is configured. 0, or -errno after it reported why; -EPERM: others can redirect it. */
int safe_folder_make(const char *path, const char *file, struct report *report);
/* Only checks what exists of it. */
int safe_folder_check(const char *path, const char *file, struct report *report);

#endif
