/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters of text in UTF-8. */
#include "base/utf8.h"

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
