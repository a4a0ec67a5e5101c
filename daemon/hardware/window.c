/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Access to many bytes of a window, at one offset (a FIFO) or at consecutive ones. One call of the
 * back-end where it can, else byte by byte or element by element. */
#include "hardware/window.h"
#include <endian.h>
#include <stdatomic.h>
#include <string.h>

/* The address of the lowest `width` bytes of a value. */
static unsigned char *low_bytes(uint64_t *value, unsigned width)
{
	size_t skip = __BYTE_ORDER == __BIG_ENDIAN ? sizeof(*value) - width : 0;

	return (unsigned char *)value + skip;
}

void window_read_many(const struct window *window, uint64_t offset, unsigned width, void *to,
		      size_t count)
{
	if (window->ops->read_many) {
		window->ops->read_many(window, offset, width, to, count);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t value = window_read(window, offset, width);

		memcpy((unsigned char *)to + i * width, low_bytes(&value, width), width);
	}
}

void window_write_many(const struct window *window, uint64_t offset, unsigned width,
		       const void *from, size_t count)
{
	if (window->ops->write_many) {
		window->ops->write_many(window, offset, width, from, count);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t value = 0;

		memcpy(low_bytes(&value, width), (const unsigned char *)from + i * width, width);
		window_write(window, offset, width, value);
	}
}

/* For windows without mapped memory: of a model, of the fault injector, of a card that is gone. */
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
	/* Flushes write-combining buffers of the processor. */
	atomic_thread_fence(memory_order_seq_cst);
}
