/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters of text in UTF-8. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Bytes of the character that the `size` bytes at `text` begin with. 0: it is not well formed
 * (RFC 3629): cut short, longer than needed, a surrogate, or above U+10FFFF. */
size_t utf8_length(const char *text, size_t size);

#endif
