/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read an instance file's parts share. */
#ifndef DEVICE_INSTANCE_INTERNAL_H
#define DEVICE_INSTANCE_INTERNAL_H

#include "device/instance.h"

/*
 * Reads [Node] and [Node KEY] against the description's nodes; `instance->description` may be NULL,
 * when it could not be read: then the sections are checked for themselves. 0 or -errno, reported.
 */
int instance_read_nodes(struct instance *instance, struct report *report);

#endif
