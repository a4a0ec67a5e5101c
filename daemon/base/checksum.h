/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sums and guards by which a successor notices that what it finds in saved memory is not what was
 * put there: a driver that scribbled before it died, memory that is not ours. Not a defence
 * against somebody who forges them.
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

/*
 * The same for what is summed at every request, for two instructions a word: the sum of the words
 * and that of their values weighted by their places. A change of one word is noticed for certain,
 * and so is an exchange of two. `hole`: as many words from `hole_at` on are as if they were zero.
 */
uint64_t tally(uint64_t what, const uint64_t *words, size_t n, size_t hole_at, size_t hole);

/* A number up to 65535 with its own check, written by one store: true as soon as it is there.
 * Zero is its own guard. */
static inline uint32_t guard(uint32_t value)
{
	return (value & 0xffffU) | (value * 0x9e37U & 0xffffU) << 16;
}

static inline bool guard_holds(uint32_t guarded)
{
	return guard(guarded) == guarded;
}

static inline uint32_t guarded(uint32_t guarded)
{
	return guarded & 0xffffU;
}

#endif
