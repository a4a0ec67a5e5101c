/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A window of plain memory that counts what is done to it. */
#ifndef FAKE_MEMORY_H
#define FAKE_MEMORY_H

#include "hardware/window.h"

struct fake_memory {
	struct window window;
	uint8_t bytes[0x1000];
	unsigned reads, writes;
	uint64_t last_offset;
};

void fake_memory_init(struct fake_memory *memory);
uint32_t fake_memory_get(const struct fake_memory *memory, uint64_t offset);
void fake_memory_set(struct fake_memory *memory, uint64_t offset, uint32_t value);

#endif
