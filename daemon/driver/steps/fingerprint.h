/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether something is still what it was when a process before this one saved its hash. */
#ifndef STEPS_FINGERPRINT_H
#define STEPS_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

#define FINGERPRINT_START UINT64_C(0xcbf29ce484222325)

/* FNV-1a, which needs no table: the hash so far, with more bytes. */
static inline uint64_t fingerprint_add(uint64_t hash, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
	return hash;
}

#endif
