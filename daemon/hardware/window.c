/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many accesses to one place of a window: at once where its back-end can, else one by one. */
#include "hardware/window.h"
#include <endian.h>
#include <string.h>

/* Where the lowest bytes of a value lie in memory. */
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
