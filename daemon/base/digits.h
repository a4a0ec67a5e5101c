/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unsigned numbers in users' notation: decimal, 0x hex, 0 octal, 0b binary. strtoull() is not used:
 * it accepts blanks and signs, and 0b only in some C libraries.
 *
 * Each returns -EINVAL if there is no number and -ERANGE if it is too large; *ret is written only
 * on success. Functions that take `*text` move it behind all digits, also with -ERANGE.
 */
#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

#include <stdint.h>

/* Parses the number at the start of *text; "0x" without a digit is 0. */
int digits_take(const char **text, uint64_t *ret);
/* The same for decimal numbers up to `max`. */
int digits_take_decimal(const char **text, uint64_t max, uint64_t *ret);
/* Parses all of `text`; -EINVAL if anything follows the number. */
int digits_parse(const char *text, uint64_t *ret);

#endif
