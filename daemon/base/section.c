/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections and entries of a document by name, and what is left when every reader had its turn. */
#include "base/cleanup.h"
#include "base/document.h"
#include "base/names.h"
#include <errno.h>
#include <string.h>

struct section *document_section(struct document *document, const char *kind, const char *name)
{
	for (size_t i = 0; i < document->n_sections; i++) {
		struct section *section = &document->sections[i];

		if (!strcmp(section->kind, kind) && !strcmp(section->name, name ? name : "")) {
			section->used = true;
			return section;
		}
	}
	return NULL;
}

struct section *document_next(struct document *document, const char *kind,
			      const struct section *previous)
{
	size_t first = previous ? (size_t)(previous - document->sections) + 1 : 0;

	for (size_t i = first; i < document->n_sections; i++) {
		if (!strcmp(document->sections[i].kind, kind)) {
			document->sections[i].used = true;
			return &document->sections[i];
		}
	}
	return NULL;
}

struct entry *section_next(struct section *section, const char *key, const struct entry *previous)
{
	size_t first = previous ? (size_t)(previous - section->entries) + 1 : 0;

	for (size_t i = first; i < section->n_entries; i++) {
		if (!strcmp(section->entries[i].key, key)) {
			section->entries[i].used = true;
			return &section->entries[i];
		}
	}
	return NULL;
}

struct entry *section_entry(const struct document *document, struct section *section,
			    const char *key, struct report *report)
{
	struct entry *entry = section_next(section, key, NULL);
	struct entry *other = entry;

	while (other && (other = section_next(section, key, other)))
		report_add(report, document->path, other->line,
			   "second %s= in one section, the first is on line %u", key, entry->line);
	return entry;
}

int section_unused(const struct document *document, const struct section *section, const char *keys,
		   struct report *report)
{
	auto_free char *words = strdup(keys);
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];
	int r = 0;

	if (!words)
		return -ENOMEM;
	names_add_words(&names, words);
	for (size_t i = 0; i < section->n_entries; i++) {
		struct entry *entry = &section->entries[i];

		if (entry->used)
			continue;
		entry->used = true;
		r = report_add(report, document->path, entry->line,
			       "unknown key %s= in [%s%s%s], %s", entry->key, section->kind,
			       *section->name ? " " : "", section->name,
			       names_hint(&names, entry->key, hint));
	}
	names_done(&names);
	return r;
}

int document_unused(const struct document *document, const char *kinds, struct report *report)
{
	auto_free char *words = strdup(kinds);
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];
	int r = 0;

	if (!words)
		return -ENOMEM;
	names_add_words(&names, words);
	for (size_t i = 0; i < document->n_sections; i++) {
		const struct section *section = &document->sections[i];

		if (!section->used) {
			r = report_add(report, document->path, section->line,
				       "unknown section [%s%s%s], %s", section->kind,
				       *section->name ? " " : "", section->name,
				       names_hint(&names, section->kind, hint));
			continue;
		}
		for (size_t j = 0; j < section->n_entries; j++) {
			if (!section->entries[j].used)
				r = report_add(report, document->path, section->entries[j].line,
					       "unknown key %s= in [%s%s%s]",
					       section->entries[j].key, section->kind,
					       *section->name ? " " : "", section->name);
		}
	}
	names_done(&names);
	return r;
}
