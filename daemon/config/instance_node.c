/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [Node] of an instance file: a node's name below /dev, group, mode and number. */
#include "base/cleanup.h"
#include "base/digits.h"
#include "base/names.h"
#include "config/instance_internal.h"
#include <errno.h>
#include <grp.h>
#include <string.h>

#define NODE_MAJOR_MAX 511U /* the largest that the kernel accepts */
#define NODE_MINOR_MAX ((1U << 20) - 1)
#define NODE_MODE_MAX  0777U
#define NODE_MODE      0660U /* with Group= alone, as udev has it */

static int read_name(const struct document *document, struct section *section,
		     struct instance_node *node, struct report *report)
{
	const struct entry *entry = section_entry(document, section, "Name", report);
	const char *fault;

	if (!entry)
		return 0;
	fault = description_node_fault(entry->value);
	if (fault)
		return report_add(report, document->path, entry->line, "node name \"%s\" %s",
				  entry->value, fault);
	free(node->name);
	node->name = strdup(entry->value);
	node->line = entry->line;
	return node->name ? 0 : -ENOMEM;
}

static int read_group(const struct document *document, struct section *section,
		      struct instance_node *node, struct report *report)
{
	const struct entry *entry = section_entry(document, section, "Group", report);

	if (!entry)
		return 0;
	if (!getgrnam(entry->value))
		return report_add(report, document->path, entry->line,
				  "Group=%s: there is no such group on this system (getent group "
				  "lists them, groupadd --system makes one)",
				  entry->value);
	node->group = strdup(entry->value);
	node->mode = NODE_MODE;
	return node->group ? 0 : -ENOMEM;
}

static int read_mode(const struct document *document, struct section *section,
		     struct instance_node *node, struct report *report)
{
	const struct entry *entry = section_entry(document, section, "Mode", report);
	unsigned long mode = 0;
	size_t length;

	if (!entry)
		return 0;
	length = strlen(entry->value);
	if (length >= 3 && length <= 4 && strspn(entry->value, "01234567") == length)
		mode = strtoul(entry->value, NULL, 8);
	if (mode == 0 || mode > NODE_MODE_MAX)
		return report_add(report, document->path, entry->line,
				  "Mode=%s, expected octal digits such as 0660, at most 0777",
				  entry->value);
	node->mode = (mode_t)mode;
	return 0;
}

static int read_number(const struct document *document, struct section *section,
		       struct instance_node *node, struct report *report)
{
	const struct entry *entry = section_entry(document, section, "Number", report);
	uint64_t major, minor;
	const char *text;

	if (!entry)
		return 0;
	text = entry->value;
	if (digits_take_decimal(&text, NODE_MAJOR_MAX, &major) < 0 || major == 0 ||
	    *text++ != ':' || digits_take_decimal(&text, NODE_MINOR_MAX, &minor) < 0 || *text)
		return report_add(report, document->path, entry->line,
				  "Number=%s, expected MAJOR:MINOR with 1 to %u and 0 to %u, such "
				  "as 240:0",
				  entry->value, NODE_MAJOR_MAX, NODE_MINOR_MAX);
	node->major = (int)major;
	node->minor = (int)minor;
	return 0;
}

int instance_read_rights(const struct document *document, struct section *section,
			 struct instance_node *node, struct report *report)
{
	int r = read_group(document, section, node, report);

	return r < 0 ? r : read_mode(document, section, node, report);
}

static int read_section(const struct document *document, struct section *section,
			struct instance_node *node, struct report *report)
{
	static int (*const parts[])(const struct document *, struct section *,
				    struct instance_node *, struct report *) = {
		read_name,
		read_group,
		read_mode,
		read_number,
	};

	node->line = section->line;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i](document, section, node, report) == -ENOMEM)
			return -ENOMEM;
	}
	return section_unused(document, section, "Name, Group, Mode, Number", report);
}

static void node_done(struct instance_node *node)
{
	free(node->key);
	free(node->name);
	free(node->group);
}

/* Checks a section whose node does not exist, or is not known without the description. */
static int check_section(struct instance *instance, struct section *section, struct report *report)
{
	struct instance_node node = { .major = -1, .minor = -1 };
	int r = read_section(instance->document, section, &node, report);

	node_done(&node);
	return r;
}

static int make_nodes(struct instance *instance)
{
	const struct description *description = instance->description;

	instance->nodes = calloc(description->n_nodes, sizeof(*instance->nodes));
	if (!instance->nodes)
		return -ENOMEM;
	for (size_t i = 0; i < description->n_nodes; i++) {
		struct instance_node *node = &instance->nodes[instance->n_nodes++];

		*node = (struct instance_node){
			.key = strdup(description->nodes[i].key),
			.name = strdup(description->nodes[i].name),
			.major = -1,
			.minor = -1,
		};
		if (!node->key || !node->name)
			return -ENOMEM;
	}
	return 0;
}

/* The node that a section configures; NULL if there is none, which is reported. */
static struct instance_node *section_node(struct instance *instance, const struct section *section,
					  struct report *report)
{
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];

	if (!*section->name && instance->n_nodes == 1)
		return &instance->nodes[0];
	for (size_t i = 0; i < instance->n_nodes; i++)
		if (strcmp(instance->nodes[i].key, section->name) == 0)
			return &instance->nodes[i];
	for (size_t i = 0; i < instance->n_nodes; i++)
		names_add(&names, instance->nodes[i].key);
	if (instance->n_nodes == 1 && !*instance->nodes[0].key)
		report_add(report, instance->document->path, section->line,
			   "[Node %s]: the device has only one node, expected [Node]",
			   section->name);
	else
		report_add(report, instance->document->path, section->line,
			   "[Node%s%s]: the device has no such node, %s", *section->name ? " " : "",
			   section->name, names_hint(&names, section->name, hint));
	names_done(&names);
	return NULL;
}

/* "lab" of "lab/counter0" */
static bool is_folder_of(const char *name, const char *other)
{
	size_t length = strlen(name);

	return strncmp(name, other, length) == 0 && other[length] == '/';
}

static void check_pair(const struct instance *instance, const struct instance_node *node,
		       const struct instance_node *other, struct report *report)
{
	if (strcmp(node->name, other->name) == 0)
		report_add(report, instance->document->path, node->line,
			   "two nodes have the name %s", node->name);
	if (is_folder_of(node->name, other->name) || is_folder_of(other->name, node->name))
		report_add(report, instance->document->path, node->line,
			   "%s and %s: a node cannot be the folder of another", other->name,
			   node->name);
	if (node->major >= 0 && node->major == other->major && node->minor == other->minor)
		report_add(report, instance->document->path, node->line,
			   "two nodes have the number %d:%d", node->major, node->minor);
}

int instance_read_nodes(struct instance *instance, struct report *report)
{
	struct section *section = NULL;
	int r = instance->description ? make_nodes(instance) : 0;

	if (r < 0)
		return r;
	while ((section = document_next(instance->document, "Node", section))) {
		struct instance_node *node = NULL;

		if (instance->description)
			node = section_node(instance, section, report);
		r = node ? read_section(instance->document, section, node, report)
			 : check_section(instance, section, report);
		if (r == -ENOMEM)
			return r;
	}
	for (size_t i = 0; i < instance->n_nodes; i++) {
		for (size_t j = 0; j < i; j++)
			check_pair(instance, &instance->nodes[i], &instance->nodes[j], report);
	}
	return 0;
}
