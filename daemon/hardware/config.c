// SPDX-License-Identifier: GPL-2.0-or-later
// Windows that are a card's configuration space, through its sysfs file (drivers/pci/pci-sysfs.c):
// an aligned read or write of 1, 2 or 4 bytes is one access of that width. Beyond the header it
// shows something only to a descriptor that root has opened.
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
	uint32_t value = 0; /* little endian, whatever the machine is */

	if (pread(config_fd(window), &value, width, (off_t)offset) != (ssize_t)width)
		return window_ones(width);
	return le32toh(value);
}

static void config_write(const struct window *window, uint64_t offset, unsigned width,
			 uint64_t value)
{
	uint32_t part = htole32((uint32_t)value);

	/* The header is the kernel's: no description lets anybody come here with it. */
	if (offset < WINDOW_CONFIG_HEADER)
		return;
	/* A write that fails is a write to hardware that is gone: lost, as on the bus. */
	if (pwrite(config_fd(window), &part, width, (off_t)offset) < 0)
		return;
}

const struct window_ops config_window_ops = {
	.read = config_read,
	.write = config_write,
};
