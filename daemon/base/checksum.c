// SPDX-License-Identifier: GPL-2.0-or-later
// Sums over saved memory.
#include "base/checksum.h"
#include <string.h>

static uint64_t add(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL; /* odd: no two sums become one */
	return sum ^ sum >> 32;
}

uint64_t checksum(uint64_t sum, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	uint64_t word = 0;

	for (; size >= sizeof(word); at += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		sum = add(sum, word);
	}
	if (size) {
		word = 0;
		memcpy(&word, at, size);
		sum = add(sum, word);
	}
	return sum;
}

struct tally tally_add(struct tally tally, const uint64_t *words, size_t n)
{
	uint64_t sum = tally.sum, weighted = tally.weighted;

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
	return (struct tally){ .sum = sum, .weighted = weighted };
}
