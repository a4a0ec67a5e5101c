/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Windows that are I/O ports. The sysfs file resourceN turns a pread or pwrite of 1, 2 or 4 bytes
 * into one in or out instruction (drivers/pci/pci-sysfs.c), which needs no capability.
 */
#include "hardware/backend.h"
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int ports_fd(const struct window *window)
{
	return *(const int *)window->context;
}

static uint64_t ports_read(const struct window *window, uint64_t offset, unsigned width)
{
	uint32_t value = 0; /* PCI is little endian, and so is every machine with ports */

	if (pread(ports_fd(window), &value, width, (off_t)offset) != (ssize_t)width)
		return window_ones(width);
	return value;
}

static void ports_write(const struct window *window, uint64_t offset, unsigned width,
			uint64_t value)
{
	uint32_t part = (uint32_t)value;

	/* A write fails when the hardware is gone: it is lost, as on the bus. */
	if (pwrite(ports_fd(window), &part, width, (off_t)offset) < 0)
		return;
}

const struct window_ops ports_window_ops = {
	.read = ports_read,
	.write = ports_write,
};
