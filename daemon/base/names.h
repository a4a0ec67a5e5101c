/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for an unknown name: the most similar name, or a list of the known ones. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Known names; init with { 0 }. The strings are not copied. */
struct names {
	const char **list;
	size_t count;
};

/* Adds a name; without memory it is left out. */
void names_add(struct names *names, const char *name);
/* Adds each word of a list such as "Offset, Width, Access"; modifies `words`, which must stay
 * valid. */
void names_add_words(struct names *names, char *words);
void names_done(struct names *names);

#define NAMES_DISTANCE_MAX 64U
/* The number of edits (one character added, removed, changed) between two names, ignoring case.
 * Only the first 64 characters count. */
unsigned names_distance(const char *a, const char *b);

#define NAMES_HINT_SIZE 256U

/*
 * Writes "did you mean NAME?" if a name is similar to `wanted`, else "there are A, B, C" or "there
 * are none". Returns `hint`, for use in a format.
 */
const char *names_hint(const struct names *names, const char *wanted, char hint[NAMES_HINT_SIZE]);

/* Whether `name` is a word as descriptions use them: a letter or '_', then letters, digits, '_'. */
bool name_is_word(const char *name);

#endif
