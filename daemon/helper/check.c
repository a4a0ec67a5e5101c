/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be found wrong before anything is bound. */
#include "configuration.h"
#include "helper/helper.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

/* The kernel would give a second node of a name to nobody: its files reach the first. */
static void check_node(const struct instance *instance, const struct instance_node *node,
		       struct report *report)
{
	struct stat status;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/dev/%s", node->name);
	if (lstat(path, &status) == 0)
		report_add(report, instance->document->path, node->line,
			   "%s exists already: choose another Name=, or stop what made it", path);
	if (node->major < 0)
		return;
	snprintf(path, sizeof(path), "/sys/dev/char/%d:%d", node->major, node->minor);
	if (lstat(path, &status) == 0)
		report_add(report, instance->document->path, node->line,
			   "Number=%d:%d belongs to another device: see ls -l %s", node->major,
			   node->minor, path);
}

int check_instance(const char *name, struct report *report, struct instance **ret)
{
	struct instance *instance = NULL;
	unsigned before;
	int r = instance_load(name, NULL, report, &instance);

	if (r < 0)
		return r;
	before = report->count;
	/* A mistake in a step, too, must be seen before a card is touched. */
	r = configuration_check_driver(instance->description, report);
	for (size_t i = 0; i < instance->n_nodes; i++)
		check_node(instance, &instance->nodes[i], report);
	if (r < 0 || report->count != before) {
		instance_free(instance);
		return r < 0 ? r : -EINVAL;
	}
	*ret = instance;
	return 0;
}
