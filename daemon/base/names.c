/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the nearest name by the number of edits. */
#include "base/names.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void names_add(struct names *names, const char *name)
{
	const char **list;

	/* The room is a power of 2. */
	list = names->count & (names->count - 1)
		       ? names->list
		       : reallocarray(names->list, names->count ? 2 * names->count : 1,
				      sizeof(*list));
	if (!list)
		return;
	list[names->count] = name;
	names->list = list;
	names->count++;
}

void names_add_words(struct names *names, char *words)
{
	char *rest = NULL;

	for (char *word = strtok_r(words, ", ", &rest); word; word = strtok_r(NULL, ", ", &rest))
		names_add(names, word);
}

void names_done(struct names *names)
{
	free(names->list);
	*names = (struct names){ 0 };
}

static unsigned smallest(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return least < c ? least : c;
}

unsigned names_distance(const char *a, const char *b)
{
	size_t length = strnlen(b, NAMES_DISTANCE_MAX);
	unsigned row[NAMES_DISTANCE_MAX + 1];

	for (unsigned j = 0; j <= length; j++)
		row[j] = j;
	for (unsigned i = 0; a[i] && i < NAMES_DISTANCE_MAX; i++) {
		unsigned corner = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			bool same = tolower((unsigned char)a[i]) == tolower((unsigned char)b[j]);
			unsigned above = row[j + 1];

			row[j + 1] = smallest(above + 1, row[j] + 1, corner + (same ? 0 : 1));
			corner = above;
		}
	}
	return row[length];
}

static const char *names_nearest(const struct names *names, const char *wanted)
{
	const char *nearest = NULL;
	size_t length = strlen(wanted);
	unsigned least = length > 3 ? 3 : length > 1 ? 2 : 1;

	/* A different number is not a typing error. */
	if (*wanted >= '0' && *wanted <= '9')
		return NULL;
	for (size_t i = 0; i < names->count; i++) {
		size_t other = strlen(names->list[i]);
		unsigned distance;

		/* The difference of the lengths is the least distance; counting edits costs more.
		 */
		if ((other > length ? other - length : length - other) >= least)
			continue;
		distance = names_distance(names->list[i], wanted);
		if (distance < least) {
			least = distance;
			nearest = names->list[i];
		}
	}
	return nearest;
}

const char *names_hint(const struct names *names, const char *wanted, char hint[NAMES_HINT_SIZE])
{
	const char *nearest = names_nearest(names, wanted);
	size_t used;

	if (nearest) {
		snprintf(hint, NAMES_HINT_SIZE, "did you mean %s?", nearest);
		return hint;
	}
	if (!names->count) {
		snprintf(hint, NAMES_HINT_SIZE, "there are none");
		return hint;
	}
	used = (size_t)snprintf(hint, NAMES_HINT_SIZE, "there %s", names->count > 1 ? "are" : "is");
	for (size_t i = 0; i < names->count; i++) {
		size_t length = strlen(names->list[i]);

		if (used + length + sizeof(" ...") + 2 > NAMES_HINT_SIZE) {
			snprintf(hint + used, NAMES_HINT_SIZE - used, " ...");
			break;
		}
		used += (size_t)snprintf(hint + used, NAMES_HINT_SIZE - used, " %s%s",
					 names->list[i], i + 1 < names->count ? "," : "");
	}
	return hint;
}

bool name_is_word(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

	if (!*name || !strchr(letters, *name))
		return false;
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				 "0123456789")] == 0;
}
