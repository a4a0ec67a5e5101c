/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of an INI document: sections and entries, each with its line number. */
#ifndef BASE_SECTION_H
#define BASE_SECTION_H

#include "base/name_index.h"
#include "base/report.h"
#include <stdbool.h>
#include <stddef.h>

struct entry {
	char *key;
	char *value; /* may be "" */
	unsigned line;
	bool used; /* a reader has processed it */
};

struct section {
	char *kind; /* "Register" of [Register status] */
	char *name; /* "status", or "" */
	unsigned line;
	bool used;
	struct entry *entries;
	size_t n_entries;
};

struct document {
	char *path;
	char *text; /* the file's content; NULL if it was parsed from memory */
	size_t size;
	struct section *sections;
	size_t n_sections;
	struct name_index index; /* of the sections */
};

/* Append a section that is not there yet, or an entry, with copies of the strings. 0 or -ENOMEM,
 * after which the document can only be freed. */
int document_add(struct document *document, const char *kind, const char *name, unsigned line);
int section_add(struct section *section, const char *key, const char *value, unsigned line);
void document_free(struct document *document);

/* Finds the section [KIND NAME] (name "": [KIND]) without marking it used; NULL if there is
 * none. */
struct section *document_find(struct document *document, const char *kind, const char *name);
/* The section [KIND] or [KIND NAME] (name NULL: ""), marked used; NULL if there is none. */
struct section *document_section(struct document *document, const char *kind, const char *name);
/* The next section of this kind after `previous` (NULL: the first), marked used; NULL at the end.
 */
struct section *document_next(struct document *document, const char *kind,
			      const struct section *previous);

/* The only entry of this key, marked used; NULL if there is none; a second one is reported. */
struct entry *section_entry(const struct document *document, struct section *section,
			    const char *key, struct report *report);
/* The same for a renamed setting: accepts the old name with a warning. */
struct entry *section_entry_renamed(const struct document *document, struct section *section,
				    const char *key, const char *old_key, struct report *report);
/* The next entry of this key after `previous` (NULL: the first), marked used; NULL at the end. */
struct entry *section_next(struct section *section, const char *key, const struct entry *previous);

/* Marks all entries used, because the section's error is already reported or another program checks
 * it. */
void section_leave(struct section *section);
/* Marks [KIND] and all its entries used, if it exists, because another program checks it. */
void document_leave(struct document *document, const char *kind);
/* Reports every section and entry that is not marked used; `kinds` lists the known ones for the
 * message. 0, -EINVAL or -ENOMEM. */
int document_unused(const struct document *document, const char *kinds, struct report *report);
/* Reports the unused entries of one section; `keys` lists the known ones. Returns as above. */
int section_unused(const struct document *document, const struct section *section, const char *keys,
		   struct report *report);

#endif
