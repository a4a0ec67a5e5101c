/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of an instance file and its description as `list` shows. cuiod reads them strictly; here
 * a broken file is something to be shown, so what is not understood is passed over.
 */
#ifndef CLIENT_CONFIG_H
#define CLIENT_CONFIG_H

#include <stddef.h>

#define CONFIG_NAME_SIZE 64U
#define CONFIG_TEXT_SIZE 256U
#define CONFIG_NODES_MAX 16U

struct config_node {
	char key[CONFIG_NAME_SIZE];  /* of [Node KEY], "" for the only one */
	char name[CONFIG_NAME_SIZE]; /* below /dev */
};

struct config {
	char instance[CONFIG_NAME_SIZE];
	char description[CONFIG_TEXT_SIZE]; /* as the instance names it */
	char title[CONFIG_TEXT_SIZE];
	char backend[CONFIG_NAME_SIZE];
	char front[CONFIG_NAME_SIZE];
	char mount[CONFIG_TEXT_SIZE];	/* Mount=, or the usual one; "" unless Front=file */
	char card[CONFIG_TEXT_SIZE];	/* Card=, or the description's Match= */
	char problem[CONFIG_TEXT_SIZE]; /* "": none */
	struct config_node nodes[CONFIG_NODES_MAX];
	size_t n_nodes;
};

/* Where descriptions are looked for after the instance file's "devices" folder. */
struct config_folders {
	const char *instances; /* "/etc/cuio" */
	const char *devices;   /* "/usr/share/cuio/devices" */
};

/* Reads `folders->instances`/NAME.conf and its description. What is wrong becomes `problem`. */
void config_load(const struct config_folders *folders, const char *name, struct config *ret);

#endif
