/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checksums. A successor detects by them that data was changed: by a driver that overwrote memory
 * before it crashed, by memory of another origin, or by edited files. They do not protect against
 * forgery.
 *
 * There are three, because none can replace another:
 * - checksum() is for data of any size that is summed rarely: the header of the saved memory,
 *   parked requests, names and steps of a description.
 * - fletcher64 is for the records that every call commits, and takes less than half the time. It
 *   misses changes of three words that form a pattern, such as +1, -2, +1 side by side.
 * - check16 is for a single number that one store writes: a crash could come between the stores of
 *   a number and of a separate sum.
 */
#ifndef BASE_CHECKSUM_H
#define BASE_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Continues `sum` over `size` bytes. The first `sum` is a number for the kind of data, so that data
 * of another kind is detected. It must not be 0: zeroed bytes would sum up to 0. Any change of one
 * word changes the sum. */
uint64_t checksum(uint64_t sum, const void *bytes, size_t size);
/* The same for a string and its NUL, so that "ab", "c" differs from "a", "bc". */
uint64_t checksum_text(uint64_t sum, const char *text);

/*
 * A checksum for every request, at two instructions per word: the sum of the words, and the sum of
 * the words weighted by their positions. It detects any change of one word and any exchange of two.
 */
struct fletcher64 {
	uint64_t sum, weighted;
};

/* Continues with `n` words. The initial value is { .sum = a number for the kind of data }. */
static inline struct fletcher64 fletcher64_add(struct fletcher64 fletcher, const uint64_t *words,
					       size_t n)
{
	uint64_t sum = fletcher.sum, weighted = fletcher.weighted;

#define ADD(i) weighted += sum += words[i]
	/* The loop is unrolled, because its own overhead is larger than that of the additions. */
	for (; n >= 8; n -= 8, words += 8)
		ADD(0), ADD(1), ADD(2), ADD(3), ADD(4), ADD(5), ADD(6), ADD(7);
	if (n & 4) {
		ADD(0), ADD(1), ADD(2), ADD(3);
		words += 4;
	}
	if (n & 2) {
		ADD(0), ADD(1);
		words += 2;
	}
	if (n & 1)
		ADD(0);
#undef ADD
	return (struct fletcher64){ .sum = sum, .weighted = weighted };
}

/* The sum as if this word, followed by `behind` others, had been zero. */
static inline struct fletcher64 fletcher64_without(struct fletcher64 fletcher, uint64_t word,
						   size_t behind)
{
	/* The weighted sum contains the word once, and once more for each later word. */
	return (struct fletcher64){ .sum = fletcher.sum - word,
				    .weighted = fletcher.weighted - word * (behind + 1) };
}

static inline uint64_t fletcher64_end(struct fletcher64 fletcher)
{
	/* The factor is even, so that the difference that one word makes is multiplied by an odd
	 * number. */
	return fletcher.sum + fletcher.weighted * 0x9e3779b97f4a7c16ULL;
}

/* A number up to 65535 with its own check in one word, so that one store writes both: with a
 * separate sum a crash could come between two stores. Zero is its own check. */
static inline uint32_t check16(uint32_t value)
{
	return (value & 0xffffU) | (value * 0x9e37U & 0xffffU) << 16;
}

static inline bool check16_holds(uint32_t word)
{
	return check16(word) == word;
}

static inline uint32_t check16_value(uint32_t word)
{
	return word & 0xffffU;
}

#endif
