/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document's tree: building, searching, freeing it, and reporting unused entries. */
#include "base/section.h"
#include "base/cleanup.h"
#include "base/names.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Returns the list with room for one more than `n`. Its room is a power of 2. */
static void *list_grow(void *list, size_t n, size_t size)
{
	return n & (n - 1) ? list : reallocarray(list, n ? 2 * n : 1, size);
}

int document_add(struct document *document, const char *kind, const char *name, unsigned line)
{
	size_t n = document->n_sections;
	struct section *grown = list_grow(document->sections, n, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	document->sections = grown;
	grown[n] = (struct section){ .kind = strdup(kind), .name = strdup(name), .line = line };
	document->n_sections++;
	if (!grown[n].kind || !grown[n].name)
		return -ENOMEM;
	return name_index_add(&document->index, grown[n].kind, grown[n].name, n);
}

int section_add(struct section *section, const char *key, const char *value, unsigned line)
{
	size_t n = section->n_entries;
	struct entry *grown = list_grow(section->entries, n, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	section->entries = grown;
	grown[n] = (struct entry){ .key = strdup(key), .value = strdup(value), .line = line };
	section->n_entries++;
	return grown[n].key && grown[n].value ? 0 : -ENOMEM;
}

void document_free(struct document *document)
{
	if (!document)
		return;
	for (size_t i = 0; i < document->n_sections; i++) {
		struct section *section = &document->sections[i];

		for (size_t j = 0; j < section->n_entries; j++) {
			free(section->entries[j].key);
			free(section->entries[j].value);
		}
		free(section->entries);
		free(section->kind);
		free(section->name);
	}
	free(document->sections);
	name_index_done(&document->index);
	free(document->text);
	free(document->path);
	free(document);
}

struct section *document_find(struct document *document, const char *kind, const char *name)
{
	ssize_t i = name_index_find(&document->index, kind, name);

	return i < 0 ? NULL : &document->sections[i];
}

struct section *document_section(struct document *document, const char *kind, const char *name)
{
	struct section *section = document_find(document, kind, name ? name : "");

	if (section)
		section->used = true;
	return section;
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

struct entry *section_entry_renamed(const struct document *document, struct section *section,
				    const char *key, const char *old_key, struct report *report)
{
	struct entry *entry = section_entry(document, section, key, report);
	struct entry *old = section_entry(document, section, old_key, report);

	if (!old)
		return entry;
	if (entry)
		report_add(report, document->path, old->line,
			   "%s= is the old name of %s=, which is on line %u", old_key, key,
			   entry->line);
	else
		report_warn(report, document->path, old->line,
			    "%s= is called %s= now; the old name still works", old_key, key);
	return old;
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

void section_leave(struct section *section)
{
	for (size_t i = 0; i < section->n_entries; i++)
		section->entries[i].used = true;
}

void document_leave(struct document *document, const char *kind)
{
	struct section *section = document_section(document, kind, NULL);

	if (section)
		section_leave(section);
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
