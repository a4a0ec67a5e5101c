// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists the known names for a wrong one, the most similar first. */
#include "suggest.h"
#include "base/names.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A name that contains the wrong word was probably meant: EDU_IOCTL_FACTORIAL for "factorial". */
static unsigned suggest_rank(const char *wrong, const char *name)
{
	if (*wrong && strcasestr(name, wrong))
		return 0;
	return names_distance(wrong, name) + 1;
}

static void append(char text[SUGGEST_SIZE], const char *word)
{
	size_t length = strlen(text);

	snprintf(text + length, SUGGEST_SIZE - length, "%s%s", length ? ", " : "", word);
}

const char *suggest(char text[SUGGEST_SIZE], const char *wrong, const char *first, size_t stride,
		    size_t n)
{
	unsigned bound = 0;
	size_t said = 0;

	text[0] = 0;
	/* One pass per rank instead of a sort: lists are short, and equal ranks keep their
	 * order. */
	for (; said < n && said < SUGGEST_MAX && bound <= NAMES_DISTANCE_MAX + 1; bound++)
		for (size_t i = 0; i < n && said < SUGGEST_MAX; i++)
			if (suggest_rank(wrong, first + i * stride) == bound) {
				append(text, first + i * stride);
				said++;
			}
	if (said < n) {
		char more[48];

		snprintf(more, sizeof(more), "... (%zu more)", n - said);
		append(text, more);
	}
	return n ? text : "none";
}
