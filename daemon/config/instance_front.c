/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Front= and Mount= of an instance file: nodes in /dev, or files in a mount. */
#include "base/cleanup.h"
#include "base/config_path.h"
#include "config/instance_internal.h"
#include <errno.h>
#include <limits.h>
#include <string.h>

static const char *const fronts[] = { "cuse", "file", NULL };

/* No mounts here: the folder is cleaned up, or differs between a service and its users. (A folder
 * that is not empty is refused when the mount is made.) */
static const char *const refused[] = { "/run/cuio", "/run/cuio-bind", "/tmp",
				       "/var/tmp",  "/proc",	      "/sys" };

static bool is_in(const char *path, const char *place)
{
	size_t length = strlen(place);

	return strncmp(path, place, length) == 0 && (!path[length] || path[length] == '/');
}

/* "/run/cards" and not "/run//cards/../x/". */
static bool is_plain_path(const char *path)
{
	if (*path != '/')
		return false;
	for (const char *part = path; part; part = strchr(part + 1, '/')) {
		size_t length = strcspn(part + 1, "/");

		if (length == 0 || (length == 1 && part[1] == '.') ||
		    (length == 2 && part[1] == '.' && part[2] == '.'))
			return false;
	}
	return !strpbrk(path, " \t,\\");
}

static int check_mount(const struct document *document, const struct entry *entry,
		       struct report *report)
{
	if (!is_plain_path(entry->value))
		return report_add(report, document->path, entry->line,
				  "Mount=%s, expected an absolute path such as /run/cards, without "
				  "\"..\", blanks, commas or a '/' at its end",
				  entry->value);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (is_in(entry->value, refused[i]))
			return report_add(report, document->path, entry->line,
					  "Mount=%s: %s is no place for a mount, expected one such "
					  "as /srv/cards; the default is " CONFIG_MOUNTS "/NAME",
					  entry->value, refused[i]);
	return 0;
}

int instance_set_front(struct instance *instance, enum instance_front front, const char *mount)
{
	free(instance->mount);
	instance->mount = NULL;
	instance->front = front;
	if (front == INSTANCE_CUSE)
		return 0;
	/* Files have no numbers. */
	for (size_t i = 0; i < instance->n_nodes; i++)
		instance->nodes[i].major = instance->nodes[i].minor = -1;
	if (mount)
		instance->mount = strdup(mount);
	else if (asprintf(&instance->mount, CONFIG_MOUNTS "/%s", instance->name) < 0)
		instance->mount = NULL;
	return instance->mount ? 0 : -ENOMEM;
}

int instance_read_front(struct instance *instance, struct section *section, struct report *report)
{
	const struct document *document = instance->document;
	struct entry *front = section_entry(document, section, "Front", report);
	struct entry *mount = section_entry(document, section, "Mount", report);
	unsigned index = INSTANCE_CUSE;
	int r = front ? value_word(document, front, fronts, report, &index) : 0;

	if (r >= 0 && mount && index != INSTANCE_FILE)
		r = report_add(report, document->path, mount->line,
			       "Mount=%s goes with Front=file alone", mount->value);
	else if (mount && check_mount(document, mount, report) < 0)
		r = -EINVAL;
	return r < 0 ? r : instance_set_front(instance, index, mount ? mount->value : NULL);
}

void instance_check_front(struct instance *instance, struct report *report)
{
	struct section *section = NULL;

	if (instance->front != INSTANCE_FILE)
		return;
	while ((section = document_next(instance->document, "Node", section))) {
		const struct entry *entry = section_next(section, "Number", NULL);

		if (entry)
			report_add(report, instance->document->path, entry->line,
				   "Number=%s: the nodes are files (Front=file), which have no "
				   "device number",
				   entry->value);
	}
}

char *instance_node_path(const struct instance *instance, const struct instance_node *node)
{
	char *path;

	if (asprintf(&path, "%s/%s", instance->mount ? instance->mount : "/dev", node->name) < 0)
		return NULL;
	return path;
}
