/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watchdog class: the interface for programs, which is the kernel's /dev/watchdog
 * (Documentation/watchdog/watchdog-api.rst, drivers/watchdog/watchdog_dev.c).
 *
 * A driver of the class is a struct watchdog_chip and a struct cuio_driver around it, made with
 * WATCHDOG_DRIVER(). The timer counts on if this process crashes. Only requests of programs change
 * it, and a successor takes it over.
 */
#ifndef DRIVER_CLASS_WATCHDOG_H
#define DRIVER_CLASS_WATCHDOG_H

#include <cuio/driver.h>
#include <linux/watchdog.h>

/* Chips may read it; only probe() may write it. */
struct watchdog {
	uint64_t pinged_at;   /* when the count was restarted; CLOCK_MONOTONIC ns */
	uint32_t timeout;     /* s */
	uint32_t pretimeout;  /* s before the timeout; 0: none */
	uint32_t boot_status; /* WDIOF_CARDRESET and the like */
	uint32_t running;
	uint32_t pinged; /* since the last WDIOC_GETSTATUS */
};

/* Only one file may be open. */
struct watchdog_file {
	uint32_t may_stop; /* the last write contained a 'V' */
};

/*
 * The differences between chips. Any function may be called again from its start after a crash
 * inside it. They return 0 or -errno unless stated otherwise; NULL is allowed where its meaning is
 * stated.
 */
struct watchdog_chip {
	const char *identity;			  /* for WDIOC_GETSUPPORT; at most 31 characters */
	const struct cuio_driver_option *timeout; /* its limits also apply to WDIOC_SETTIMEOUT */
	uint64_t second;			  /* ns of the chip's second of timeout; 0: 10^9 */
	size_t state_offset;			  /* of struct watchdog in the device's state */

	/*
	 * Called when the service starts. COLD: sets the chip up without starting or stopping the
	 * timer, and stores `running` and `boot_status` in the state. WARM: repairs what a crash
	 * may have left incomplete. RESET: sets the chip up again, and does not change the state;
	 * start() follows if the timer ran, or set_timeout() alone. NULL: the timer is taken to be
	 * off, and boot_status to be 0.
	 */
	int (*probe)(struct cuio_device *device, enum cuio_start how);
	/* Starts the count, or continues a running one. Timeout and pretimeout were set before.
	 * `no_way_out`: lock the timer if the chip can. */
	int (*start)(struct cuio_device *device, bool no_way_out);
	/* -EBUSY if it is locked. It was pinged before. NULL: it cannot be stopped. */
	int (*stop)(struct cuio_device *device);
	int (*ping)(struct cuio_device *device);
	/* Also called while the timer is stopped. Returns the actual timeout in seconds, which may
	 * be rounded. NULL: the timeout is fixed at Timeout=. */
	int (*set_timeout)(struct cuio_device *device, uint32_t timeout);
	/* The same for the pretimeout, which is less than the timeout; 0: none. Also called after
	 * each change of the timeout. The chip's interrupt() must call
	 * watchdog_notify_pretimeout(). NULL: not supported. */
	int (*set_pretimeout)(struct cuio_device *device, uint32_t pretimeout);
	/* Returns the seconds left of a running timer. NULL: computed from the last ping. */
	int (*get_timeleft)(struct cuio_device *device);
	/* Returns WDIOF_ bits, without MAGICCLOSE and KEEPALIVEPING. NULL: boot_status. */
	uint32_t (*status)(struct cuio_device *device);
};

enum watchdog_option {
	WATCHDOG_TIMEOUT,
	WATCHDOG_NO_WAY_OUT,
	WATCHDOG_STOP_WITH_SERVICE,
	WATCHDOG_N_OPTIONS,
};

/* The settings of every watchdog: the first entries of its option table. */
/* clang-format off */
#define WATCHDOG_OPTIONS(MIN, MAX, DEFAULT)                                                        \
	[WATCHDOG_TIMEOUT] = { .name = "Timeout", .min = (MIN), .max = (MAX),                   \
			       .default_value = (DEFAULT) },                                           \
	[WATCHDOG_NO_WAY_OUT] = { .name = "NoWayOut", .max = 1 },                                 \
	[WATCHDOG_STOP_WITH_SERVICE] = { .name = "StopWithService", .max = 1 }

/* The class's members of a struct cuio_driver. The driver adds its name, registers and options, and
 * for a pretimeout cause() and interrupt(). All operations set absolute values, so they are
 * restartable. It is unrestricted because WDIOC_SETOPTIONS is an _IOR that reads its argument. */
#define WATCHDOG_DRIVER(CHIP)                                                                      \
	.contract = CUIO_CONTRACT,                                                                      \
	.device_state = sizeof(struct watchdog), .file_state = sizeof(struct watchdog_file),       \
	.state_version = WATCHDOG_STATE_VERSION,                                                   \
	.restartable = CUIO_RESTART_OPEN | CUIO_RESTART_WRITE,                       \
	.exclusive = true, .unrestricted = true,                                                   \
	.ioctls = watchdog_ioctls, .n_ioctls = WATCHDOG_N_IOCTLS, .context = &(CHIP),              \
	.start = watchdog_start, .stop = watchdog_stop, .open = watchdog_open,                     \
	.release = watchdog_release, .write = watchdog_write
/* clang-format on */

#define WATCHDOG_STATE_VERSION 2
#define WATCHDOG_N_IOCTLS      10
extern const struct cuio_driver_ioctl watchdog_ioctls[WATCHDOG_N_IOCTLS];

int watchdog_start(struct cuio_device *device, enum cuio_start how);
void watchdog_stop(struct cuio_device *device);
int watchdog_open(struct cuio_file *file);
void watchdog_release(struct cuio_file *file);
ssize_t watchdog_write(struct cuio_file *file, struct cuio_request *request, const void *data,
		       size_t size);

struct watchdog *watchdog_state(struct cuio_device *device);

/* For the chip's interrupt(): the pretimeout was reached. */
void watchdog_notify_pretimeout(struct cuio_device *device);

#endif
