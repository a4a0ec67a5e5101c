/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libFuzzer gives, taken piece by piece. After its end all is zeros. */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct input {
	const uint8_t *next, *end;
};

static inline bool input_ends(const struct input *input)
{
	return input->next == input->end;
}

/* Returns how many bytes there were. */
static inline size_t input_bytes(struct input *input, void *to, size_t size)
{
	size_t left = (size_t)(input->end - input->next), n = size < left ? size : left;

	if (n)
		memcpy(to, input->next, n);
	memset((uint8_t *)to + n, 0, size - n);
	input->next += n;
	return n;
}

static inline uint8_t input_byte(struct input *input)
{
	return input_ends(input) ? 0 : *input->next++;
}

/* Of so many bytes. */
static inline uint64_t input_number(struct input *input, size_t bytes)
{
	uint64_t value = 0;

	input_bytes(input, &value, bytes);
	return value;
}

/* Mostly a small number, or any of 64 bits. */
static inline uint64_t input_index(struct input *input, unsigned below)
{
	uint8_t byte = input_byte(input);

	return byte < 0xf0 ? byte % below : input_number(input, 8);
}

#endif
