/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface of a back-end: a table of functions, and an object whose first member is struct
 * hardware. Only files of this layer include this.
 */
#ifndef HARDWARE_BACKEND_H
#define HARDWARE_BACKEND_H

#include "hardware/hardware.h"

#define HARDWARE_CARD_SIZE 32U

typedef int hardware_each_function(void *context, const char *name, int fd);

struct hardware_ops {
	const char *name; /* value of Backend=; NULL: cannot be selected by name */
	int (*open)(const struct hardware_spec *spec, struct fds *fds, struct report *report,
		    struct hardware **ret);
	/* Optional: implements hardware_open_files(). */
	int (*open_files)(const struct hardware_spec *spec, struct report *report,
			  hardware_each_function *each, void *context);
	void (*close)(struct hardware *hardware);
	int (*each_fd)(const struct hardware *hardware, hardware_each_function *each,
		       void *context);
	int (*interrupt_fd)(const struct hardware *hardware);
	int (*interrupt_take)(struct hardware *hardware);
	int (*interrupt_mask)(struct hardware *hardware, bool masked);
};

/* The first member of a back-end's own struct. */
struct hardware {
	const struct hardware_ops *ops;
	char card[HARDWARE_CARD_SIZE];
	struct window windows[HARDWARE_WINDOWS_MAX];
	size_t n_windows;
};

extern const struct hardware_ops uio_ops;
extern const struct hardware_ops sim_ops;

/* Those that Backend= can name, NULL at the end. */
extern const struct hardware_ops *const hardware_backends[];

/* Exact volatile accesses to window->memory (memory.c). */
extern const struct window_ops memory_window_ops;
/* Accesses to I/O ports through the sysfs file that window->context holds (ports.c). */
extern const struct window_ops ports_window_ops;
/* Accesses to configuration space through the sysfs file that window->context holds (config.c). */
extern const struct window_ops config_window_ops;
/* Accesses to I/O ports by in and out instructions (ports_direct.c), which ports_direct_allow()
 * must have granted. window->context points to the first port, a uint64_t. */
extern const struct window_ops ports_direct_window_ops;
/* Grants this process access to the ports, or revokes it. 0; -EPERM: the process lacks
 * CAP_SYS_RAWIO, or the kernel is locked down; -ENOSYS: the machine has no such instructions. */
int ports_direct_allow(uint64_t start, uint64_t size, bool allow);
/* Hardware that is gone: reads give all ones, writes are lost (memory.c). */
extern const struct window_ops gone_window_ops;

/* All ones in `width` bytes. */
static inline uint64_t window_ones(unsigned width)
{
	return width >= 8 ? UINT64_MAX : (UINT64_C(1) << (8 * width)) - 1;
}

#endif
