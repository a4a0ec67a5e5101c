/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What to say about a name that does not exist: the one that was probably meant, or those there
 * are. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* The names that exist; init with { 0 }. The names themselves are not copied. */
struct names {
	const char **list;
	size_t count;
};

/* Remembers a name; without memory it is left out. */
void names_add(struct names *names, const char *name);
/* Adds each word of a list such as "Offset, Width, Access"; `words` is cut up. */
void names_add_words(struct names *names, char *words);
void names_done(struct names *names);

#define NAMES_DISTANCE_MAX 64U
/* Edits (one character added, dropped, changed) from one name to the other, case ignored. Of long
 * names the first 64 characters count. */
unsigned names_distance(const char *a, const char *b);

#define NAMES_HINT_SIZE 256U

/*
 * Writes "did you mean NAME?" if one is near `wanted`, else "there are A, B, C", else "there are
 * none". Returns `hint`, for use in a format.
 */
const char *names_hint(const struct names *names, const char *wanted, char hint[NAMES_HINT_SIZE]);

/* Whether `name` is a word as descriptions use them: a letter or '_', then letters, digits, '_'. */
bool name_is_word(const char *name);

#endif
