/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of cuioctl list that tests call. */
#ifndef CLIENT_LIST_H
#define CLIENT_LIST_H

#include "config.h"
#include <stdbool.h>

/* Lists all instances of a folder of instance files. Returns an exit status. */
int list_instances(const struct config_folders *folders, bool json);
/* Describes the service's state and the node's presence in `text`. Returns `text`. */
const char *list_state(const char *unit, bool node, char text[64]);

#endif
