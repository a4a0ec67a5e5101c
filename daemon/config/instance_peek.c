/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads single settings of an instance file that may have mistakes elsewhere. */
#include "base/outline.h"
#include "config/instance_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* It need not be known what is wrong. */
static int read_outline(struct document *document, struct outline *ret)
{
	struct report report = { 0 };
	int r = outline_read(&config_folders, document, &report, ret);

	report_done(&report);
	return r;
}

int instance_peek_card(struct document *document, char **ret)
{
	struct outline outline;
	int r = read_outline(document, &outline);

	if (r < 0)
		return r;
	if (strcmp(outline.backend, "uio") != 0 || !outline.card[0])
		return -ENOENT;
	*ret = strdup(outline.card);
	return *ret ? 0 : -ENOMEM;
}

/* The section that says for whom the node of this name is. */
static struct section *find_section(struct document *document, const char *name)
{
	struct outline outline;

	if (read_outline(document, &outline) < 0)
		return NULL;
	for (size_t i = 0; i < outline.n_nodes; i++)
		if (strcmp(outline.nodes[i].name, name) == 0)
			return outline_section(&outline, document, &outline.nodes[i]);
	return NULL;
}

int instance_peek_rights(struct document *document, const char *name, char **ret_group,
			 mode_t *ret_mode)
{
	struct instance_node node = { 0 };
	struct report report = { 0 };
	struct section *section = find_section(document, name);
	int r = section ? instance_read_rights(document, section, &node, &report) : -ENOENT;

	report_done(&report);
	if (r < 0) {
		free(node.group);
		return r;
	}
	*ret_group = node.group;
	*ret_mode = node.mode;
	return 0;
}
