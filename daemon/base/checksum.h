/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sums and checks by which a successor notices that what it finds is not what was put there: a
 * driver that scribbled before it died, memory that is not ours, files that say something else by
 * now. Not a defence against somebody who forges them.
 *
 * There are three, since none can do the work of another:
 * - checksum() is for what is summed now and then, of any size: the header of the saved memory,
 *   requests that are put aside, names and steps of a description.
 * - fletcher64 is for the records that every call commits, in less than half the time. Its price:
 * of changes in three words it misses those that make a pattern, such as +1, -2, +1 side by side.
 * - check16 is for one number that stands alone and is written by one store: with a sum beside it
 *   there would be two, and a crash may come in between.
 */
#ifndef BASE_CHECKSUM_H
#define BASE_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Goes on from `sum` over `size` bytes. It begins with what the bytes are, so that others of the
 * same kind in their place are noticed; not with 0, or zeroed bytes would sum up to it. Any change
 * of one word changes the sum. */
uint64_t checksum(uint64_t sum, const void *bytes, size_t size);
/* The same for a text with its end, so that two texts are not one divided elsewhere. */
uint64_t checksum_text(uint64_t sum, const char *text);

/*
 * The same for what is summed at every request, for two instructions a word: the sum of the words
 * and that of their values weighted by their places. A change of one word is noticed for certain,
 * and so is an exchange of two.
 */
struct fletcher64 {
	uint64_t sum, weighted;
};

/* Goes on with `n` words. It begins with { .sum = what the words are }. */
static inline struct fletcher64 fletcher64_add(struct fletcher64 fletcher, const uint64_t *words,
					       size_t n)
{
	uint64_t sum = fletcher.sum, weighted = fletcher.weighted;

#define ADD(i) weighted += sum += words[i]
	/* Eight words a round, for most of the price of a round is the round itself. */
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

/* As if this word, which was the last but `behind`, had been zero. */
static inline struct fletcher64 fletcher64_without(struct fletcher64 fletcher, uint64_t word,
						   size_t behind)
{
	/* It was added once, and once more with each that came from there on. */
	return (struct fletcher64){ .sum = fletcher.sum - word,
				    .weighted = fletcher.weighted - word * (behind + 1) };
}

static inline uint64_t fletcher64_end(struct fletcher64 fletcher)
{
	/* Even, so that the difference that one word makes is multiplied by an odd number. */
	return fletcher.sum + fletcher.weighted * 0x9e3779b97f4a7c16ULL;
}

/* A number up to 65535 with its own check, written by one store: true as soon as it is there.
 * Zero is its own check. */
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
