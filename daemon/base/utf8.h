/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters of text in UTF-8. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* The number of bytes of the first character in the `size` bytes at `text`. 0: it is malformed (RFC
 * 3629): truncated, overlong, a surrogate, or above U+10FFFF. */
size_t utf8_length(const char *text, size_t size);
/* Puts '?' for each malformed byte, and for each control character (also C1, U+0080 to U+009F): it
 * could move a terminal's cursor. */
void utf8_clean(char *text);

#endif
