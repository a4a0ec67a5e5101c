/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_memory.h"
#include <check.h>
#include <string.h>

static uint64_t memory_read(const struct window *window, uint64_t offset, unsigned width)
{
	struct fake_memory *memory = window->context;
	uint64_t value = 0;

	ck_assert_uint_le(offset + width, sizeof(memory->bytes));
	memory->reads++;
	memory->last_offset = offset;
	memcpy(&value, memory->bytes + offset, width);
	return value;
}

static void memory_write(const struct window *window, uint64_t offset, unsigned width,
			 uint64_t value)
{
	struct fake_memory *memory = window->context;

	ck_assert_uint_le(offset + width, sizeof(memory->bytes));
	memory->writes++;
	memory->last_offset = offset;
	memcpy(memory->bytes + offset, &value, width);
}

void fake_memory_init(struct fake_memory *memory)
{
	static const struct window_ops ops = { .read = memory_read, .write = memory_write };

	*memory = (struct fake_memory){
		.window = { .name = "bar0",
			    .ops = &ops,
			    .size = sizeof(memory->bytes),
			    .context = memory },
	};
}

uint32_t fake_memory_get(const struct fake_memory *memory, uint64_t offset)
{
	uint32_t value;

	memcpy(&value, memory->bytes + offset, sizeof(value));
	return value;
}

void fake_memory_set(struct fake_memory *memory, uint64_t offset, uint32_t value)
{
	memcpy(memory->bytes + offset, &value, sizeof(value));
}
