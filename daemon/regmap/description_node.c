/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [Node KEY] of a description: the nodes a card has, with their default names below /dev. */
#include "base/cleanup.h"
#include "base/config_path.h"
#include "base/names.h"
#include "regmap/description_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NODE_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

const char *description_node_fault(const char *name)
{
	if (!*name)
		return "is empty";
	if (strlen(name) > DESCRIPTION_NAME_MAX)
		return "is longer than 63 characters";
	for (const char *part = name;;) {
		size_t length = strspn(part, NODE_CHARACTERS);

		if (part[length] && part[length] != '/')
			return "may hold only letters, digits, '.', '_', '-' and '/'";
		if (!length)
			return "has an empty part";
		if (*part == '.' || *part == '-')
			return "has a part that starts with '.' or '-'";
		if (!part[length])
			return NULL;
		part += length + 1;
	}
}

static int node_add(struct description *description, const char *key, const char *name,
		    unsigned line)
{
	struct description_node *grown;

	grown = reallocarray(description->nodes, description->n_nodes + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	description->nodes = grown;
	grown[description->n_nodes++] = (struct description_node){
		.key = strdup(key),
		.name = strdup(name),
		.line = line,
	};
	return grown[description->n_nodes - 1].key && grown[description->n_nodes - 1].name
		       ? 0
		       : -ENOMEM;
}

static int node_check(const struct description *description, const struct section *section,
		      const struct entry *entry, struct report *report)
{
	const char *path = description->document->path;
	const char *name = entry ? entry->value : section->name;
	unsigned line = entry ? entry->line : section->line;
	const char *fault = description_node_fault(name);

	if (fault)
		return report_add(report, path, line, "node name \"%s\" %s", name, fault);
	for (size_t i = 0; i < description->n_nodes; i++) {
		if (!strcmp(description->nodes[i].name, name))
			return report_add(report, path, line,
					  "node name %s is that of the node on line %u already",
					  name, description->nodes[i].line);
	}
	return 0;
}

/* "edu" of "/usr/share/cuio/devices/edu.device" */
static int node_add_default(struct description *description, struct report *report)
{
	const char *path = description->document->path;
	auto_free char *stem = config_path_stem(path, ".device");

	if (!stem)
		return -ENOMEM;
	if (description_node_fault(stem))
		return report_add(report, path, 0,
				  "this file's name makes no node name, expected [Node] Name=");
	return node_add(description, "", stem, 0);
}

int description_read_nodes(struct description *description, struct report *report)
{
	struct document *document = description->document;
	struct section *section = NULL;
	int r = 0;

	while ((section = document_next(document, "Node", section))) {
		struct entry *entry = section_entry(document, section, "Name", report);

		if (description->n_nodes == DESCRIPTION_NODES_MAX)
			return report_add(report, document->path, section->line,
					  "more than %u nodes", DESCRIPTION_NODES_MAX);
		if (*section->name && description_check_name(document, section->line, "node",
							     section->name, report) < 0)
			r = -EINVAL;
		if (!*section->name && !entry)
			r = report_add(report, document->path, section->line,
				       "[Node] lacks Name=, expected a name below /dev");
		else if (node_check(description, section, entry, report) < 0)
			r = -EINVAL;
		if (node_add(description, section->name, entry ? entry->value : section->name,
			     section->line) < 0)
			return -ENOMEM;
	}
	if (description->n_nodes > 1 && document_section(document, "Node", ""))
		r = report_add(report, document->path, document_section(document, "Node", "")->line,
			       "[Node] beside other nodes, expected [Node KEY]");
	if (!description->n_nodes)
		return node_add_default(description, report);
	return r;
}
