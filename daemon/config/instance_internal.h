/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files that read the sections of an instance file. */
#ifndef DEVICE_INSTANCE_INTERNAL_H
#define DEVICE_INSTANCE_INTERNAL_H

#include "config/instance.h"

/*
 * Reads [Node] and [Node KEY] against the description's nodes. If `instance->description` is NULL
 * (it could not be read), the sections are checked without it. 0 or -errno, reported.
 */
int instance_read_nodes(struct instance *instance, struct report *report);
/* Reads Driver= of [Device]: a plug-in in place of the description's driver. `description` may be
 * NULL. */
int instance_read_driver(struct instance *instance, struct section *section, struct report *report);
/* Reads Front= and Mount= of [Device]; the second checks the nodes against them. */
int instance_read_front(struct instance *instance, struct section *section, struct report *report);
void instance_check_front(struct instance *instance, struct report *report);
/* Reads Ioctl= of [Device]. */
int instance_read_ioctl(struct instance *instance, struct section *section, struct report *report);
/* Reads Group= and Mode= of one [Node] section into `node`. */
int instance_read_rights(const struct document *document, struct section *section,
			 struct instance_node *node, struct report *report);

/* An absolute path without "//", "." and "..": "/run/cards" and not "/run//cards/../x/". */
bool instance_path_is_plain(const char *path);
/* Whether it is `place`, or below it. */
bool instance_path_is_in(const char *path, const char *place);

#endif
