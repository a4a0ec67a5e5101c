/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record of nodes whose ioctls are unrestricted: a file "unrestricted" per instance, one node
 * in each line, below the folder that only root may write. The helper writes it and cuioctl reads
 * it: what the daemon itself says could be a lie.
 */
#ifndef BASE_UNRESTRICTED_NODES_H
#define BASE_UNRESTRICTED_NODES_H

#include <stdbool.h>
#include <stddef.h>

#define UNRESTRICTED_FOLDER "/run/cuio-bind"

/* Records that these nodes (names below /dev) of the instance are unrestricted; none: that none is.
 * 0 or -errno. */
int unrestricted_nodes_record(const char *folder, const char *instance, const char *const *nodes,
			      size_t n);
/* Whether a node of this name is recorded, for any instance. */
bool unrestricted_nodes_have(const char *folder, const char *node);

#endif
