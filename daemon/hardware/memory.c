/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Windows that are mapped memory: one volatile access of exactly the width asked for. */
#include "hardware/backend.h"

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
