/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Windows that are mapped memory: one volatile access of exactly the width asked for. */
#include "hardware/backend.h"
#include <stdatomic.h>
#include <string.h>

static uint64_t memory_read(const struct window *window, uint64_t offset, unsigned width)
{
	const volatile void *at = (const char *)window->memory + offset;

	switch (width) {
	case 1:
		return *(const volatile uint8_t *)at;
	case 2:
		return *(const volatile uint16_t *)at;
	case 4:
		return *(const volatile uint32_t *)at;
	default:
		return *(const volatile uint64_t *)at;
	}
}

static void memory_write(const struct window *window, uint64_t offset, unsigned width,
			 uint64_t value)
{
	volatile void *at = (char *)window->memory + offset;

	switch (width) {
	case 1:
		*(volatile uint8_t *)at = (uint8_t)value;
		break;
	case 2:
		*(volatile uint16_t *)at = (uint16_t)value;
		break;
	case 4:
		*(volatile uint32_t *)at = (uint32_t)value;
		break;
	default:
		*(volatile uint64_t *)at = value;
	}
}

const struct window_ops memory_window_ops = {
	.read = memory_read,
	.write = memory_write,
};

static uint64_t gone_read(const struct window *window, uint64_t offset, unsigned width)
{
	(void)window;
	(void)offset;
	return window_ones(width);
}

static void gone_write(const struct window *window, uint64_t offset, unsigned width, uint64_t value)
{
	(void)window;
	(void)offset;
	(void)width;
	(void)value;
}

const struct window_ops gone_window_ops = {
	.read = gone_read,
	.write = gone_write,
};

/* Of windows without memory: a model's, one behind the fault injector, one that is gone. */
static void get_bytes(const struct window *window, uint64_t offset, uint8_t *to, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = (uint8_t)window_read(window, offset + i, 1);
}

static void put_bytes(const struct window *window, uint64_t offset, const uint8_t *from,
		      size_t size)
{
	for (size_t i = 0; i < size; i++)
		window_write(window, offset + i, 1, from[i]);
}

void window_get(const struct window *window, uint64_t offset, void *to, size_t size)
{
	if (window->memory)
		memcpy(to, (const char *)window->memory + offset, size);
	else
		get_bytes(window, offset, to, size);
}

void window_put(const struct window *window, uint64_t offset, const void *from, size_t size)
{
	if (window->memory)
		memcpy((char *)window->memory + offset, from, size);
	else
		put_bytes(window, offset, from, size);
	/* What a processor has combined leaves it. */
	atomic_thread_fence(memory_order_seq_cst);
}
