/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FNV-1a, which needs no table. */
#include "driver/steps/fingerprint.h"

uint64_t fingerprint_add(uint64_t hash, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
	return hash;
}
