/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of an instance file and its description as can be told whatever else is wrong with them:
 * for cuioctl list, and for udev's questions. cuiod reads them strictly (config/instance.h).
 */
#ifndef BASE_OUTLINE_H
#define BASE_OUTLINE_H

#include "base/config_path.h"

#define OUTLINE_NAME_SIZE 64U
#define OUTLINE_TEXT_SIZE 256U
#define OUTLINE_NODES_MAX 16U

struct outline_node {
	char key[OUTLINE_NAME_SIZE];  /* of [Node KEY], "" for the only one */
	char name[OUTLINE_NAME_SIZE]; /* below /dev */
};

/* Texts that are too long are cut. */
struct outline {
	char description[OUTLINE_TEXT_SIZE]; /* as the instance names it */
	char title[OUTLINE_TEXT_SIZE];
	char backend[OUTLINE_NAME_SIZE];
	char mount[OUTLINE_TEXT_SIZE]; /* Mount=, or the usual one; "" unless Front=file */
	char card[OUTLINE_TEXT_SIZE];  /* Card=, or the description's Match= */
	struct outline_node nodes[OUTLINE_NODES_MAX];
	size_t n_nodes;
};

/* *ret holds what there is, also after findings. -ENOMEM. */
int outline_read(const struct config_folders *folders, struct document *instance,
		 struct report *report, struct outline *ret);
/* The section of the instance file that is about this of its nodes; NULL if there is none. */
struct section *outline_section(const struct outline *outline, struct document *instance,
				const struct outline_node *node);

#endif
