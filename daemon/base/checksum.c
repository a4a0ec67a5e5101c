// SPDX-License-Identifier: GPL-2.0-or-later
// Checksums over bytes of any size.
#include "base/checksum.h"
#include <string.h>

static uint64_t add(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL; /* odd: the multiplication is a bijection */
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

uint64_t checksum_text(uint64_t sum, const char *text)
{
	return checksum(sum, text, strlen(text) + 1);
}
