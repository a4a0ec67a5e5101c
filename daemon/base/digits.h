/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers without a sign, as people type them: decimal, 0x hex, 0 octal, 0b binary. strtoull()
 * takes blanks and signs, which nobody means, and 0b with some C libraries only.
 *
 * Each returns -EINVAL if there is no number and -ERANGE if it is too large; *ret is written on
 * success alone. Those that take `*text` step over all its digits, also before -ERANGE.
 */
#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

#include <stdint.h>

/* The number that *text begins with; "0x" without a digit is 0. */
int digits_take(const char **text, uint64_t *ret);
/* The same in decimal alone, `max` at most. */
int digits_take_decimal(const char **text, uint64_t max, uint64_t *ret);
/* All of `text` is the number; -EINVAL for anything behind it. */
int digits_parse(const char *text, uint64_t *ret);

#endif
