/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A summary of an instance file and its description, whatever else is wrong with them, for "cuioctl
 * list" and for the helper's answers to udev. cuiod reads them strictly (config/instance.h).
 */
#ifndef BASE_OUTLINE_H
#define BASE_OUTLINE_H

#include "base/config_path.h"

#define OUTLINE_NAME_SIZE 64U
#define OUTLINE_TEXT_SIZE 256U
#define OUTLINE_NODES_MAX 16U

struct outline_node {
	char key[OUTLINE_NAME_SIZE];  /* of [Node KEY], "" for a single node */
	char name[OUTLINE_NAME_SIZE]; /* below /dev */
};

/* Texts that are too long are truncated. */
struct outline {
	char description[OUTLINE_TEXT_SIZE]; /* Description= of the instance */
	char title[OUTLINE_TEXT_SIZE];
	char backend[OUTLINE_NAME_SIZE];
	char mount[OUTLINE_TEXT_SIZE]; /* Mount= or the default; "" unless Front=file */
	char card[OUTLINE_TEXT_SIZE];  /* Card=, or the description's Match= */
	struct outline_node nodes[OUTLINE_NODES_MAX];
	size_t n_nodes;
};

/* Fills in *ret as far as possible, also after findings. 0, or -ENOMEM. */
int outline_read(const struct config_folders *folders, struct document *instance,
		 struct report *report, struct outline *ret);
/* The instance file's section for this node; NULL if there is none. */
struct section *outline_section(const struct outline *outline, struct document *instance,
				const struct outline_node *node);

#endif
