// SPDX-License-Identifier: GPL-2.0-or-later
// Windows that are a card's configuration space, through its sysfs file (drivers/pci/pci-sysfs.c):
// an aligned read or write of 1, 2 or 4 bytes is one access of that width. Only a descriptor that
// root has opened can read beyond the header.
#include "hardware/backend.h"
#include <endian.h>
#include <sys/types.h>
#include <unistd.h>

static int config_fd(const struct window *window)
{
	return *(const int *)window->context;
}

static uint64_t config_read(const struct window *window, uint64_t offset, unsigned width)
{
	uint32_t value = 0; /* little endian on every machine */

	if (pread(config_fd(window), &value, width, (off_t)offset) != (ssize_t)width)
		return window_ones(width);
	return le32toh(value);
}

static void config_write(const struct window *window, uint64_t offset, unsigned width,
			 uint64_t value)
{
	uint32_t part = htole32((uint32_t)value);

	/* The kernel administers the header. The description's checks exclude it, too. */
	if (offset < WINDOW_CONFIG_HEADER)
		return;
	/* A write fails when the hardware is gone: it is lost, as on the bus. */
	if (pwrite(config_fd(window), &part, width, (off_t)offset) < 0)
		return;
}

const struct window_ops config_window_ops = {
	.read = config_read,
	.write = config_write,
};
