/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of an INI document: sections, and entries that know their line. */
#ifndef BASE_SECTION_H
#define BASE_SECTION_H

#include "base/report.h"
#include <stdbool.h>
#include <stddef.h>

struct entry {
	char *key;
	char *value; /* may be "" */
	unsigned line;
	bool used; /* some reader knew it */
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
	char *text; /* the file as it was read; NULL if it was parsed from memory */
	size_t size;
	struct section *sections;
	size_t n_sections;
};

/* A new last section, and a new last entry, with copies of the words. 0 or -ENOMEM, after which the
 * document can only be freed. */
int document_add(struct document *document, const char *kind, const char *name, unsigned line);
int section_add(struct section *section, const char *key, const char *value, unsigned line);
void document_free(struct document *document);

/* The section [KIND NAME] (name "": [KIND]), not marked used; NULL if there is none. */
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
/* The same of a setting that had another name before: that one is taken, too, with a warning. */
struct entry *section_entry_renamed(const struct document *document, struct section *section,
				    const char *key, const char *old_key, struct report *report);
/* The next entry of this key after `previous` (NULL: the first), marked used. */
struct entry *section_next(struct section *section, const char *key, const struct entry *previous);

/* Marks all entries used: what is wrong with the section was reported, or somebody else checks it.
 */
void section_leave(struct section *section);
/* Marks [KIND] used, if it is there, with all that it has: somebody else checks it. */
void document_leave(struct document *document, const char *kind);
/* Reports every section and entry that nobody marked used; `kinds` names what exists, for the
 * message. Returns 0 or -EINVAL. */
int document_unused(const struct document *document, const char *kinds, struct report *report);
/* Reports the entries of one section that nobody marked used; `keys` names what exists. */
int section_unused(const struct document *document, const struct section *section, const char *keys,
		   struct report *report);

#endif
