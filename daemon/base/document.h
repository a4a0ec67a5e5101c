/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An INI file in systemd's manner, read with inih into a list of sections and entries that know
 * their line, so that every later check can say file:line. Keys may repeat; sections may not (two
 * sections of one name are an error here). A whole-line comment starts with '#' or ';'.
 */
#ifndef BASE_DOCUMENT_H
#define BASE_DOCUMENT_H

#include "base/report.h"
#include <stdbool.h>
#include <stddef.h>

#define DOCUMENT_LINE_MAX    190U /* characters; inih would cut longer lines silently */
#define DOCUMENT_SECTION_MAX 48U
#define DOCUMENT_SIZE_MAX    (1U << 20) /* bytes of a whole file */

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
	struct section *sections;
	size_t n_sections;
};

/* Reads `path`. On failure reports file:line findings and returns -errno (-ENOENT, -EINVAL...). */
int document_load(const char *path, struct report *report, struct document **ret);
/* The same from memory, for tests and fuzzing; `path` is used in messages only. */
int document_parse(const char *path, const char *text, size_t size, struct report *report,
		   struct document **ret);
void document_free(struct document *document);

/* The section [KIND] or [KIND NAME] (name NULL: ""), marked used; NULL if there is none. */
struct section *document_section(struct document *document, const char *kind, const char *name);
/* The next section of this kind after `previous` (NULL: the first), marked used; NULL at the end.
 */
struct section *document_next(struct document *document, const char *kind,
			      const struct section *previous);

/* The only entry of this key, marked used; NULL if there is none; a second one is reported. */
struct entry *section_entry(const struct document *document, struct section *section,
			    const char *key, struct report *report);
/* The next entry of this key after `previous` (NULL: the first), marked used. */
struct entry *section_next(struct section *section, const char *key, const struct entry *previous);

/* Reports every section and entry that nobody marked used; `kinds` names what exists, for the
 * message. Returns 0 or -EINVAL. */
int document_unused(const struct document *document, const char *kinds, struct report *report);
/* Reports the entries of one section that nobody marked used; `keys` names what exists. */
int section_unused(const struct document *document, const struct section *section, const char *keys,
		   struct report *report);

/* Values. Each reports file:line with what was found and expected and returns -EINVAL, leaving
 * *ret untouched. */
int value_number(const struct document *document, const struct entry *entry, unsigned long long min,
		 unsigned long long max, struct report *report,
		 unsigned long long *ret); /* decimal, 0x hex, 0 octal */
int value_bool(const struct document *document, const struct entry *entry, struct report *report,
	       bool *ret); /* yes no true false on off 1 0 */
/* One of `words` (NULL-terminated); *ret is its index. */
int value_word(const struct document *document, const struct entry *entry, const char *const *words,
	       struct report *report, unsigned *ret);

#endif
