/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers as people type them: decimal, 0x hex, 0 octal, 0b binary, and how they are shown. */
#ifndef CLIENT_NUMBER_H
#define CLIENT_NUMBER_H

#include <stdint.h>

enum number_sign {
	NUMBER_UNSIGNED, /* 0 .. 2^bits - 1 */
	NUMBER_SIGNED,	 /* -2^(bits-1) .. 2^(bits-1) - 1, as two's complement of `bits` */
	NUMBER_EITHER,	 /* whatever of the two fits: the type is not known */
};

#define NUMBER_TEXT_SIZE 72

/* All ones in the lowest `bits` bits (0..64). */
uint64_t number_mask(unsigned bits);
/* -EINVAL: not a number; -ERANGE: does not fit. *ret has no bits set above `bits`. */
int number_parse(const char *text, unsigned bits, enum number_sign sign, uint64_t *ret);
/* Seconds with an optional fraction to nanoseconds, more than 0. -EINVAL, -ERANGE. */
int number_seconds(const char *text, uint64_t *ret);
/* "10ms": a whole number of us, ms or s, to microseconds. -EINVAL, -ERANGE. */
int number_microseconds(const char *text, uint64_t *ret);
/* Says what is wrong with `text`, after an error of number_parse(). Returns an exit status. */
int number_wrong(const char *what, const char *text, unsigned bits, enum number_sign sign,
		 int error);

/* "0x0000002a": as many digits as `bits` need. Returns `text`. */
const char *number_hex(char text[NUMBER_TEXT_SIZE], uint64_t value, unsigned bits);
/* The decimal value of `bits` bits, negative where these are signed and say so. */
const char *number_decimal(char text[NUMBER_TEXT_SIZE], uint64_t value, unsigned bits,
			   int is_signed);
/* "10 ms": in the largest unit that needs no fraction. Returns `text`. */
const char *number_time(char text[NUMBER_TEXT_SIZE], uint64_t microseconds);

#endif
