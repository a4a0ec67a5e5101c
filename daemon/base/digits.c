/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unsigned numbers in users' notation. */
#include "base/digits.h"
#include <errno.h>
#include <stdbool.h>

static unsigned value_of(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (unsigned)(digit - '0');
	if (digit >= 'a' && digit <= 'f')
		return (unsigned)(digit - 'a') + 10;
	if (digit >= 'A' && digit <= 'F')
		return (unsigned)(digit - 'A') + 10;
	return 255;
}

static int take(const char **text, unsigned base, uint64_t *ret)
{
	const char *start = *text;
	bool overflow = false;
	uint64_t value = 0;

	for (; value_of(**text) < base; ++*text)
		if (__builtin_mul_overflow(value, (uint64_t)base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)value_of(**text), &value))
			overflow = true;
	if (*text == start)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	*ret = value;
	return 0;
}

static unsigned prefix_base(const char *text)
{
	unsigned base;

	if (text[0] != '0')
		return 10;
	switch (text[1]) {
	case 'x':
	case 'X':
		base = 16;
		break;
	case 'b':
	case 'B':
		base = 2;
		break;
	default:
		return 8;
	}
	return value_of(text[2]) < base ? base : 8;
}

int digits_take(const char **text, uint64_t *ret)
{
	unsigned base = prefix_base(*text);

	if (base == 16 || base == 2)
		*text += 2;
	return take(text, base, ret);
}

int digits_take_decimal(const char **text, uint64_t max, uint64_t *ret)
{
	uint64_t value;
	int r = take(text, 10, &value);

	if (r < 0)
		return r;
	if (value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}

int digits_parse(const char *text, uint64_t *ret)
{
	uint64_t value;
	int r = digits_take(&text, &value);

	if (*text)
		return -EINVAL;
	if (r < 0)
		return r;
	*ret = value;
	return 0;
}
