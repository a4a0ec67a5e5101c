/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An instance for "cuioctl list". cuiod reads its files strictly; here errors are shown. */
#ifndef CLIENT_CONFIG_H
#define CLIENT_CONFIG_H

#include "base/outline.h"

struct config {
	char instance[OUTLINE_NAME_SIZE];
	char problem[OUTLINE_TEXT_SIZE]; /* the first error; "": none */
	struct outline outline;
};

/* Reads `folders->instances`/NAME.conf and its description. */
void config_load(const struct config_folders *folders, const char *name, struct config *ret);

#endif
