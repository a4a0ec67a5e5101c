/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A window: a range of a card's registers or memory. Each access is exactly one volatile access of
 * the given width; offset and width were checked when the register was bound (regmap/regmap.h).
 */
#ifndef HARDWARE_WINDOW_H
#define HARDWARE_WINDOW_H

#include <stddef.h>
#include <stdint.h>

enum window_type {
	WINDOW_MEMORY,
	WINDOW_PORTS,
	WINDOW_CONFIG, /* PCI configuration space */
};

/* Bytes of configuration space: of the standard header, which belongs to the kernel and is read
 * only, and of all of it, at most. */
#define WINDOW_CONFIG_HEADER 0x40U
#define WINDOW_CONFIG_MAX    0x1000U

struct window;

struct window_ops {
	/* `width` is 1, 2, 4 or 8 bytes (ports and configuration space: up to 4). A read of
	 * hardware that is gone returns all ones; a write to it is lost. */
	uint64_t (*read)(const struct window *window, uint64_t offset, unsigned width);
	void (*write)(const struct window *window, uint64_t offset, unsigned width, uint64_t value);
	/* `count` such accesses to the same offset, in memory order. NULL: one by one. */
	void (*read_many)(const struct window *window, uint64_t offset, unsigned width, void *to,
			  size_t count);
	void (*write_many)(const struct window *window, uint64_t offset, unsigned width,
			   const void *from, size_t count);
};

struct window {
	const char *name;
	const struct window_ops *ops;
	enum window_type type;
	uint64_t size; /* bytes */
	void *memory;  /* mapped memory for bulk copies; NULL for all other windows */
	void *context; /* the back-end's own */
};

static inline uint64_t window_read(const struct window *window, uint64_t offset, unsigned width)
{
	return window->ops->read(window, offset, width);
}

static inline void window_write(const struct window *window, uint64_t offset, unsigned width,
				uint64_t value)
{
	window->ops->write(window, offset, width, value);
}

/* `count` accesses to the same offset, for a FIFO (window.c). */
void window_read_many(const struct window *window, uint64_t offset, unsigned width, void *to,
		      size_t count);
void window_write_many(const struct window *window, uint64_t offset, unsigned width,
		       const void *from, size_t count);

/* Bulk copies. The caller has checked that they are within the window. Hardware that is gone reads
 * as all ones. A write has reached the bus when the function returns. */
void window_get(const struct window *window, uint64_t offset, void *to, size_t size);
void window_put(const struct window *window, uint64_t offset, const void *from, size_t size);

#endif
