// SPDX-License-Identifier: GPL-2.0-or-later
/* What exists, nearest first, for somebody who named what does not. */
#include "suggest.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SUGGEST_WORD 64U /* longer words are compared by their beginning */

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return least < c ? least : c;
}

unsigned suggest_distance(const char *a, const char *b)
{
	size_t n = strnlen(b, SUGGEST_WORD);
	unsigned row[SUGGEST_WORD + 1];

	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i] && i < SUGGEST_WORD; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < n; j++) {
			bool same = tolower((unsigned char)a[i]) == tolower((unsigned char)b[j]);
			unsigned above = row[j + 1];

			row[j + 1] = min3(above + 1, row[j] + 1, diagonal + (same ? 0 : 1));
			diagonal = above;
		}
	}
	return row[n];
}

/* A word of which the wrong one is a part was probably meant: "factorial" of EDU_IOCTL_FACTORIAL.
 */
static unsigned suggest_rank(const char *wrong, const char *name)
{
	if (*wrong && strcasestr(name, wrong))
		return 0;
	return suggest_distance(wrong, name) + 1;
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
	/* One pass a rank instead of a sort: lists are short, and equals keep their order. */
	for (; said < n && said < SUGGEST_MAX && bound <= SUGGEST_WORD + 1; bound++)
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
