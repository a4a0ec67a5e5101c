/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A summary of an instance file and its description. */
#include "base/outline.h"
#include "base/cleanup.h"
#include <errno.h>
#include <string.h>

static void cleanup_document(struct document **document)
{
	document_free(*document);
}

static void keep(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size - 1);

	memcpy(to, from, n);
	to[n] = 0;
}

/* Takes the first entry. Readers that are strict report duplicates. */
static const char *value_of(struct section *section, const char *key)
{
	const struct entry *entry = section ? section_next(section, key, NULL) : NULL;

	return entry ? entry->value : NULL;
}

static void take(struct section *section, const char *key, char *to, size_t size)
{
	const char *value = value_of(section, key);

	if (value)
		keep(to, size, value);
}

static void add_node(struct outline *outline, const char *key, const char *name)
{
	struct outline_node *node = &outline->nodes[outline->n_nodes];

	if (outline->n_nodes == OUTLINE_NODES_MAX || !name || !*name)
		return;
	outline->n_nodes++;
	keep(node->key, sizeof(node->key), key);
	keep(node->name, sizeof(node->name), name);
}

struct section *outline_section(const struct outline *outline, struct document *instance,
				const struct outline_node *node)
{
	struct section *section = document_section(instance, "Node", node->key);

	if (!section && outline->n_nodes == 1)
		section = document_section(instance, "Node", NULL);
	return section;
}

static int take_nodes(struct document *instance, struct document *description,
		      struct outline *outline)
{
	struct section *section = NULL;

	while ((section = document_next(description, "Node", section))) {
		const char *name = value_of(section, "Name");

		add_node(outline, section->name, name ? name : section->name);
	}
	if (!outline->n_nodes) {
		auto_free char *stem = config_path_stem(description->path, ".device");

		if (!stem)
			return -ENOMEM;
		add_node(outline, "", stem);
	}
	for (size_t i = 0; i < outline->n_nodes; i++) {
		struct outline_node *node = &outline->nodes[i];

		take(outline_section(outline, instance, node), "Name", node->name,
		     sizeof(node->name));
	}
	return 0;
}

/* Without a description only the nodes that the instance file names are known. */
static void take_named_nodes(struct document *instance, struct outline *outline)
{
	struct section *section = NULL;

	while ((section = document_next(instance, "Node", section)))
		add_node(outline, section->name, value_of(section, "Name"));
}

static int take_mount(struct document *instance, struct section *device, struct outline *outline)
{
	const char *front = value_of(device, "Front");
	auto_free char *name = NULL;

	if (!front || strcmp(front, "file") != 0)
		return 0;
	take(device, "Mount", outline->mount, sizeof(outline->mount));
	if (outline->mount[0])
		return 0;
	name = config_path_stem(instance->path, ".conf");
	if (!name)
		return -ENOMEM;
	snprintf(outline->mount, sizeof(outline->mount), CONFIG_MOUNTS "/%.63s", name);
	return 0;
}

static void take_instance(struct section *device, struct outline *outline)
{
	take(device, "Description", outline->description, sizeof(outline->description));
	take(device, "Backend", outline->backend, sizeof(outline->backend));
	take(device, "Card", outline->card, sizeof(outline->card));
}

static void take_description(struct section *device, struct outline *outline)
{
	take(device, "Description", outline->title, sizeof(outline->title));
	if (!outline->card[0] && strcmp(outline->backend, "sim") != 0)
		take(device, "Match", outline->card, sizeof(outline->card));
}

int outline_read(const struct config_folders *folders, struct document *instance,
		 struct report *report, struct outline *ret)
{
	struct section *device = document_section(instance, "Device", NULL);
	cleanup(cleanup_document) struct document *description = NULL;
	auto_free char *path = NULL;
	int r;

	*ret = (struct outline){ .backend = "uio" };
	take_instance(device, ret);
	r = take_mount(instance, device, ret);
	if (r < 0)
		return r;
	r = config_path_description(folders, instance, report, &path);
	if (r >= 0)
		r = document_load_partly(path, report, &description);
	if (r < 0) {
		take_named_nodes(instance, ret);
		return r == -ENOMEM ? r : 0;
	}
	take_description(document_section(description, "Device", NULL), ret);
	return take_nodes(instance, description, ret);
}
