/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks that come before a card is bound. */
#include "base/cleanup.h"
#include "config/configuration.h"
#include "config/identity.h"
#include "helper/helper.h"
#include "helper/mount.h"
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool had_line(const char *had, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static bool had_line(const char *had, const char *format, ...)
{
	char line[PATH_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	return had && identity_has(had, line);
}

/* Whether `path` is a symlink to the node's file in this instance's mount or in that of `had`. */
static bool is_our_link(const struct instance *instance, const struct instance_node *node,
			const char *had, const char *path)
{
	auto_free char *file = instance_node_path(instance, node);
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	size_t length = strlen(node->name);

	if (n < 0 || !file)
		return false;
	target[n] = '\0';
	if (instance->front == INSTANCE_FILE && strcmp(target, file) == 0)
		return true; /* left over, or the previous process's */
	if ((size_t)n <= length + 1 || strcmp(target + n - length, node->name) != 0)
		return false;
	return had_line(had, "mount=%.*s", (int)((size_t)n - length - 1), target);
}

/* If the name is taken, no new node appears in /dev: programs would open the other device. */
static void check_node(const struct instance *instance, const struct instance_node *node,
		       const char *had, struct report *report)
{
	struct stat status;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/dev/%s", node->name);
	if (!had_line(had, "node=%s", path) && !is_our_link(instance, node, had, path) &&
	    lstat(path, &status) == 0)
		report_add(report, instance->document->path, node->line,
			   "%s exists already: choose another Name=, or stop what made it", path);
	if (node->major < 0)
		return;
	snprintf(path, sizeof(path), "/sys/dev/char/%d:%d", node->major, node->minor);
	if (!had_line(had, "number=%d:%d", node->major, node->minor) && lstat(path, &status) == 0)
		report_add(report, instance->document->path, node->line,
			   "Number=%d:%d belongs to another device: see ls -l %s", node->major,
			   node->minor, path);
}

int check_nodes(const struct instance *instance, const char *had, struct report *report)
{
	unsigned before = report->count;

	for (size_t i = 0; i < instance->n_nodes; i++)
		check_node(instance, &instance->nodes[i], had, report);
	if (instance->front == INSTANCE_FILE)
		(void)mount_check(instance, report);
	return report->count == before ? 0 : -EEXIST;
}

int check_instance(const char *name, const char *had, struct report *report, struct instance **ret)
{
	struct instance *instance = NULL;
	unsigned before;
	int r = instance_load(name, NULL, report, &instance);

	if (r < 0)
		return r;
	before = report->count;
	/* The driver reads the steps, where mistakes must be found before the card is bound. */
	r = configuration_check_driver(instance->description, instance, report);
	check_nodes(instance, had, report);
	if (r < 0 || report->count != before) {
		instance_free(instance);
		return r < 0 ? r : -EINVAL;
	}
	*ret = instance;
	return 0;
}
