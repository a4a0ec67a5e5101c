/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read an instance file's parts share. */
#ifndef DEVICE_INSTANCE_INTERNAL_H
#define DEVICE_INSTANCE_INTERNAL_H

#include "config/instance.h"

/*
 * Reads [Node] and [Node KEY] against the description's nodes; `instance->description` may be NULL,
 * when it could not be read: then the sections are checked for themselves. 0 or -errno, reported.
 */
int instance_read_nodes(struct instance *instance, struct report *report);
/* Driver= of [Device]: a plug-in in place of the description's driver. `instance->description` may
 * be NULL. */
int instance_read_driver(struct instance *instance, struct section *section, struct report *report);
/* Front= and Mount= of [Device]; and, once the nodes are known, whether they fit. */
int instance_read_front(struct instance *instance, struct section *section, struct report *report);
void instance_check_front(struct instance *instance, struct report *report);
/* Reads Group= and Mode= of one [Node] section into `node`. */
int instance_read_rights(const struct document *document, struct section *section,
			 struct instance_node *node, struct report *report);
/* The path of the description that an entry Description= names. */
int instance_find_description(const struct document *document, const struct entry *entry,
			      struct report *report, char **ret);

/* An absolute path without "//", "." and "..": "/run/cards" and not "/run//cards/../x/". */
bool instance_path_is_plain(const char *path);
/* Whether it is `place`, or below it. */
bool instance_path_is_in(const char *path, const char *place);

#endif
