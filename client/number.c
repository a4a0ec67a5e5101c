// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers as people type them: decimal, 0x hex, 0 octal, 0b binary, and how they are shown. */
#include "number.h"
#include "message.h"
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NANOSECONDS 1000000000ULL

uint64_t number_mask(unsigned bits)
{
	return bits >= 64 ? UINT64_MAX : (1ULL << bits) - 1;
}

static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 255;
}

static unsigned take_base(const char **text)
{
	const char *at = *text;

	if (at[0] != '0' || !at[1])
		return 10;
	if (at[1] == 'x' || at[1] == 'X') {
		*text += 2;
		return 16;
	}
	if (at[1] == 'b' || at[1] == 'B') {
		*text += 2;
		return 2;
	}
	*text += 1;
	return 8;
}

/* strtoull() would take blanks, signs and trailing garbage, which nobody means. */
static int parse_magnitude(const char *text, uint64_t *ret)
{
	bool overflow = false;
	uint64_t value = 0;
	unsigned base = take_base(&text);

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		unsigned digit = digit_value(*text);

		if (digit >= base)
			return -EINVAL;
		if (__builtin_mul_overflow(value, (uint64_t)base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)digit, &value))
			overflow = true;
	}
	if (overflow)
		return -ERANGE;
	*ret = value;
	return 0;
}

int number_parse(const char *text, unsigned bits, enum number_sign sign, uint64_t *ret)
{
	bool negative = *text == '-';
	uint64_t magnitude = 0, limit;
	int r;

	r = parse_magnitude(text + (negative ? 1 : 0), &magnitude);
	if (r < 0)
		return r;
	if (bits == 0)
		return magnitude ? -ERANGE : (*ret = 0, 0);
	if (negative && magnitude > 0) {
		if (sign == NUMBER_UNSIGNED || magnitude > 1ULL << (bits - 1))
			return -ERANGE;
		*ret = (0 - magnitude) & number_mask(bits);
		return 0;
	}
	limit = sign == NUMBER_SIGNED ? number_mask(bits - 1) : number_mask(bits);
	if (magnitude > limit)
		return -ERANGE;
	*ret = magnitude;
	return 0;
}

int number_seconds(const char *text, uint64_t *ret)
{
	uint64_t whole = 0, fraction = 0, unit = NANOSECONDS;
	const char *at = text;

	for (; *at >= '0' && *at <= '9'; at++) {
		whole = whole * 10 + (uint64_t)(*at - '0');
		if (whole > UINT64_MAX / NANOSECONDS / 16)
			return -ERANGE;
	}
	if (at == text)
		return -EINVAL;
	if (*at == '.') {
		for (at++; *at >= '0' && *at <= '9'; at++) {
			unit /= 10;
			fraction += (uint64_t)(*at - '0') * unit;
		}
		if (at[-1] == '.')
			return -EINVAL;
	}
	if (*at)
		return -EINVAL;
	if (whole == 0 && fraction == 0)
		return -ERANGE;
	*ret = whole * NANOSECONDS + fraction;
	return 0;
}

static const struct {
	const char *name;
	uint64_t microseconds;
} units[] = { { "s", 1000000 }, { "ms", 1000 }, { "us", 1 } };

#define N_UNITS (sizeof(units) / sizeof(*units))

int number_microseconds(const char *text, uint64_t *ret)
{
	size_t digits = strspn(text, "0123456789"), unit = 0;
	uint64_t count = 0;

	while (unit < N_UNITS && strcmp(text + digits, units[unit].name))
		unit++;
	if (digits == 0 || unit == N_UNITS)
		return -EINVAL;
	for (size_t i = 0; i < digits; i++)
		if (__builtin_mul_overflow(count, UINT64_C(10), &count) ||
		    __builtin_add_overflow(count, (uint64_t)(text[i] - '0'), &count))
			return -ERANGE;
	if (__builtin_mul_overflow(count, units[unit].microseconds, &count))
		return -ERANGE;
	*ret = count;
	return 0;
}

const char *number_time(char text[NUMBER_TEXT_SIZE], uint64_t microseconds)
{
	size_t unit = 0;

	while (unit + 1 < N_UNITS &&
	       (microseconds < units[unit].microseconds || microseconds % units[unit].microseconds))
		unit++;
	snprintf(text, NUMBER_TEXT_SIZE, "%" PRIu64 " %s", microseconds / units[unit].microseconds,
		 units[unit].name);
	return text;
}

int number_wrong(const char *what, const char *text, unsigned bits, enum number_sign sign,
		 int error)
{
	const char *plural = bits == 1 ? "" : "s";
	int64_t low = bits ? -(int64_t)(number_mask(bits - 1)) - 1 : 0;
	uint64_t high = number_mask(bits);

	if (error != -ERANGE)
		return message_usage("%s: '%s' is not a number (decimal, 0x hex, 0 octal, 0b "
				     "binary)",
				     what, text);
	if (sign == NUMBER_SIGNED)
		return message_usage("%s: %s does not fit: %u signed bit%s hold %" PRId64
				     " to %" PRIu64,
				     what, text, bits, plural, low, high >> 1);
	if (sign == NUMBER_EITHER)
		return message_usage("%s: %s does not fit: %u bit%s hold %" PRId64 " to 0x%" PRIx64,
				     what, text, bits, plural, low, high);
	return message_usage("%s: %s does not fit: %u bit%s hold%s 0 to 0x%" PRIx64, what, text,
			     bits, plural, bits == 1 ? "s" : "", high);
}

const char *number_hex(char text[NUMBER_TEXT_SIZE], uint64_t value, unsigned bits)
{
	int digits = (int)((bits + 3) / 4);

	snprintf(text, NUMBER_TEXT_SIZE, "0x%0*" PRIx64, digits > 16 ? 16 : digits, value);
	return text;
}

const char *number_decimal(char text[NUMBER_TEXT_SIZE], uint64_t value, unsigned bits,
			   int is_signed)
{
	value &= number_mask(bits);
	if (is_signed && bits && (value >> (bits - 1)) & 1)
		snprintf(text, NUMBER_TEXT_SIZE, "%" PRId64, (int64_t)(value | ~number_mask(bits)));
	else
		snprintf(text, NUMBER_TEXT_SIZE, "%" PRIu64, value);
	return text;
}
