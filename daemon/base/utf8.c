/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters of text in UTF-8. */
#include "base/utf8.h"
#include <stdbool.h>
#include <string.h>

size_t utf8_length(const char *text, size_t size)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t length;

	if (!size)
		return 0;
	length = at[0] < 0x80	? 1
		 : at[0] < 0xc2 ? 0
		 : at[0] < 0xe0 ? 2
		 : at[0] < 0xf0 ? 3
		 : at[0] < 0xf5 ? 4
				: 0;
	if (length > size)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
	    (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return length;
}

static bool is_control(const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text;

	return length == 1 ? at[0] < ' ' || at[0] == 0x7f
			   : length == 2 && at[0] == 0xc2 && at[1] < 0xa0;
}

void utf8_clean(char *text)
{
	for (size_t left = strlen(text), n; left; text += n, left -= n) {
		n = utf8_length(text, left);
		if (n && !is_control(text, n))
			continue;
		n += !n;
		memset(text, '?', n);
	}
}
