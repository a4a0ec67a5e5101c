/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and prints numbers: decimal, 0x hex, 0 octal, 0b binary. */
#ifndef CLIENT_NUMBER_H
#define CLIENT_NUMBER_H

#include <stdint.h>

enum number_sign {
	NUMBER_UNSIGNED, /* 0 .. 2^bits - 1 */
	NUMBER_SIGNED,	 /* -2^(bits-1) .. 2^(bits-1) - 1, as two's complement of `bits` */
	NUMBER_EITHER,	 /* the union of both, if the type is unknown */
};

#define NUMBER_TEXT_SIZE 72

/* All ones in the lowest `bits` bits (0..64). */
uint64_t number_mask(unsigned bits);
/* -EINVAL: not a number; -ERANGE: does not fit. *ret has no bits set above `bits`. */
int number_parse(const char *text, unsigned bits, enum number_sign sign, uint64_t *ret);
/* Parses seconds with an optional fraction; returns nanoseconds, more than 0. -EINVAL, -ERANGE. */
int number_seconds(const char *text, uint64_t *ret);
/* Parses "10ms": a whole number of us, ms or s; returns microseconds. -EINVAL, -ERANGE. */
int number_microseconds(const char *text, uint64_t *ret);
/* Reports what is wrong with `text` after an error of number_parse(). Returns an exit status. */
int number_wrong(const char *what, const char *text, unsigned bits, enum number_sign sign,
		 int error);

/* Formats "0x0000002a", with as many digits as `bits` need. Returns `text`. */
const char *number_hex(char text[NUMBER_TEXT_SIZE], uint64_t value, unsigned bits);
/* Formats the decimal value of `bits` bits, with a sign if they are signed. Returns `text`. */
const char *number_decimal(char text[NUMBER_TEXT_SIZE], uint64_t value, unsigned bits,
			   int is_signed);
/* Formats "10 ms", in the largest unit without a fraction. Returns `text`. */
const char *number_time(char text[NUMBER_TEXT_SIZE], uint64_t microseconds);

#endif
