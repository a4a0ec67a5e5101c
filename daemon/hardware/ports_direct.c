/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Windows that are I/O ports, by the processor's in and out instructions. ioperm(2) grants the
 * process a range of ports; it needs CAP_SYS_RAWIO. Unlike the sysfs file (ports.c), the kernel
 * does not check that the card still owns the ports: access is revoked when the card is closed or
 * gone.
 */
#include "hardware/backend.h"
#include <errno.h>

#if defined(__x86_64__) || defined(__i386__)

#include <sys/io.h>

int ports_direct_allow(uint64_t start, uint64_t size, bool allow)
{
	return ioperm(start, size, allow) < 0 ? -errno : 0;
}

static uint16_t port_of(const struct window *window, uint64_t offset)
{
	return (uint16_t)(*(const uint64_t *)window->context + offset);
}

static uint64_t direct_read(const struct window *window, uint64_t offset, unsigned width)
{
	uint16_t port = port_of(window, offset);

	switch (width) {
	case 1:
		return inb(port);
	case 2:
		return inw(port);
	default:
		return inl(port);
	}
}

static void direct_write(const struct window *window, uint64_t offset, unsigned width,
			 uint64_t value)
{
	uint16_t port = port_of(window, offset);

	switch (width) {
	case 1:
		outb((uint8_t)value, port);
		break;
	case 2:
		outw((uint16_t)value, port);
		break;
	default:
		outl((uint32_t)value, port);
	}
}

static void direct_read_many(const struct window *window, uint64_t offset, unsigned width, void *to,
			     size_t count)
{
	uint16_t port = port_of(window, offset);

	switch (width) {
	case 1:
		insb(port, to, count);
		break;
	case 2:
		insw(port, to, count);
		break;
	default:
		insl(port, to, count);
	}
}

static void direct_write_many(const struct window *window, uint64_t offset, unsigned width,
			      const void *from, size_t count)
{
	uint16_t port = port_of(window, offset);

	switch (width) {
	case 1:
		outsb(port, from, count);
		break;
	case 2:
		outsw(port, from, count);
		break;
	default:
		outsl(port, from, count);
	}
}

const struct window_ops ports_direct_window_ops = {
	.read = direct_read,
	.write = direct_write,
	.read_many = direct_read_many,
	.write_many = direct_write_many,
};

#else

int ports_direct_allow(uint64_t start, uint64_t size, bool allow)
{
	(void)start;
	(void)size;
	(void)allow;
	return -ENOSYS;
}

const struct window_ops ports_direct_window_ops;

#endif
