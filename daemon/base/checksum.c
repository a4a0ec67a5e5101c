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

uint64_t tally(uint64_t what, const uint64_t *words, size_t n, size_t hole_at, size_t hole)
{
	uint64_t sum = what, weighted = 0;
	size_t i = 0;

	/* Eight words a round: most of its price is the round itself. */
	for (; i + 8 <= n; i += 8) {
		weighted += sum += words[i];
		weighted += sum += words[i + 1];
		weighted += sum += words[i + 2];
		weighted += sum += words[i + 3];
		weighted += sum += words[i + 4];
		weighted += sum += words[i + 5];
		weighted += sum += words[i + 6];
		weighted += sum += words[i + 7];
	}
	for (; i < n; i++)
		weighted += sum += words[i];
	/* A word was added once, and with each that came from there on. */
	for (i = hole_at; i < hole_at + hole; i++) {
		sum -= words[i];
		weighted -= words[i] * (n - i);
	}
	/* Even, so that the difference that one word makes is multiplied by an odd number. */
	return sum + weighted * 0x9e3779b97f4a7c16ULL;
}
