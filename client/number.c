// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads and prints numbers: decimal, 0x hex, 0 octal, 0b binary. */
#include "number.h"
#include "base/digits.h"
#include "base/time_unit.h"
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

int number_parse(const char *text, unsigned bits, enum number_sign sign, uint64_t *ret)
{
	bool negative = *text == '-';
	uint64_t magnitude = 0, limit;
	int r;

	r = digits_parse(text + (negative ? 1 : 0), &magnitude);
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
	int r = digits_take_decimal(&at, UINT64_MAX / NANOSECONDS / 16, &whole);

	if (r < 0)
		return r;
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

int number_microseconds(const char *text, uint64_t *ret)
{
	uint64_t count;
	int r = digits_take_decimal(&text, UINT64_MAX, &count);
	const struct time_unit *unit = time_unit_find(text, strlen(text));

	if (r == -EINVAL || !unit || unit->ns < 1000)
		return -EINVAL;
	if (r < 0 || __builtin_mul_overflow(count, unit->ns / 1000, &count))
		return -ERANGE;
	*ret = count;
	return 0;
}

const char *number_time(char text[NUMBER_TEXT_SIZE], uint64_t microseconds)
{
	const struct time_unit *unit = time_units;

	for (; unit->ns > 1000; unit++)
		if (microseconds >= unit->ns / 1000 && microseconds % (unit->ns / 1000) == 0)
			break;
	snprintf(text, NUMBER_TEXT_SIZE, "%" PRIu64 " %s", microseconds / (unit->ns / 1000),
		 unit->name);
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
