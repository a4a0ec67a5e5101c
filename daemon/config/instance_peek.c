/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads single settings of an instance file that may have mistakes elsewhere. */
#include "base/cleanup.h"
#include "config/instance_internal.h"
#include <errno.h>
#include <string.h>

static void cleanup_document(struct document **document)
{
	document_free(*document);
}

static const char *section_value(const struct document *document, struct section *section,
				 const char *key)
{
	struct report report = { 0 };
	const struct entry *entry = section ? section_entry(document, section, key, &report) : NULL;

	report_done(&report);
	return entry ? entry->value : NULL;
}

static int load_description(struct document *document, struct document **ret)
{
	struct section *section = document_section(document, "Device", NULL);
	struct report report = { 0 };
	const struct entry *entry;
	auto_free char *path = NULL;
	int r = -ENOENT;

	entry = section ? section_entry(document, section, "Description", &report) : NULL;
	if (entry)
		r = instance_find_description(document, entry, &report, &path);
	if (r >= 0)
		r = document_load(path, &report, ret);
	report_done(&report);
	return r;
}

int instance_peek_card(struct document *document, char **ret)
{
	cleanup(cleanup_document) struct document *description = NULL;
	struct section *section = document_section(document, "Device", NULL);
	const char *backend = section_value(document, section, "Backend");
	const char *card = section_value(document, section, "Card");

	if (backend && strcmp(backend, "uio") != 0)
		return -ENOENT;
	if (!card && load_description(document, &description) >= 0)
		card = section_value(description, document_section(description, "Device", NULL),
				     "Match");
	if (!card)
		return -ENOENT;
	*ret = strdup(card);
	return *ret ? 0 : -ENOMEM;
}

/* "edu" of ".../edu.device" */
static bool is_stem(const char *path, const char *name)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t length = strlen(name);

	return strncmp(base, name, length) == 0 && strcmp(base + length, ".device") == 0;
}

/* Whether the description's node `key` has this name by default. */
static bool is_default_name(struct document *description, const char *key, const char *name)
{
	struct section *section = document_section(description, "Node", key);
	const char *given;

	if (!section && !*key)
		section = document_next(description, "Node", NULL);
	if (!section)
		return is_stem(description->path, name);
	given = section_value(description, section, "Name");
	return strcmp(given ? given : section->name, name) == 0;
}

static bool is_named(struct document *document, struct section *section, const char *name)
{
	cleanup(cleanup_document) struct document *description = NULL;
	const char *given = section_value(document, section, "Name");

	if (given)
		return strcmp(given, name) == 0;
	return load_description(document, &description) >= 0 &&
	       is_default_name(description, section->name, name);
}

int instance_peek_rights(struct document *document, const char *name, char **ret_group,
			 mode_t *ret_mode)
{
	struct instance_node node = { 0 };
	struct report report = { 0 };
	struct section *section = NULL;
	int r = -ENOENT;

	while ((section = document_next(document, "Node", section))) {
		if (!is_named(document, section, name))
			continue;
		r = instance_read_rights(document, section, &node, &report);
		break;
	}
	report_done(&report);
	if (r < 0) {
		free(node.group);
		return r;
	}
	*ret_group = node.group;
	*ret_mode = node.mode;
	return 0;
}
