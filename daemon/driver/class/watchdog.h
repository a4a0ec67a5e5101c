/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watchdog class: what programs see of a watchdog, which is the kernel's /dev/watchdog
 * (Documentation/watchdog/watchdog-api.rst, drivers/watchdog/watchdog_dev.c).
 *
 * A driver of the class is a struct watchdog_chip and a struct cuio_driver around it, made with
 * WATCHDOG_DRIVER(). The timer counts whether this process lives or not: nothing touches it but
 * what a program asks for, and a successor goes on with it.
 */
#ifndef DRIVER_CLASS_WATCHDOG_H
#define DRIVER_CLASS_WATCHDOG_H

#include <cuio/driver.h>
#include <linux/watchdog.h>

/* A chip reads it; only probe() writes it. */
struct watchdog {
	uint64_t pinged_at;   /* the count began anew; CLOCK_MONOTONIC, ns */
	uint32_t timeout;     /* s */
	uint32_t pretimeout;  /* s before the timeout; 0: none */
	uint32_t boot_status; /* WDIOF_CARDRESET and the like */
	uint32_t running;
	uint32_t pinged; /* since the status was asked for */
};

/* The one file that may be open. */
struct watchdog_file {
	uint32_t may_stop; /* the last write had a 'V' */
};

/*
 * What differs from chip to chip. Any of the functions is called again from its start when the
 * process crashed inside it. They return 0 or -errno unless said otherwise; NULL is allowed where
 * it is said what happens then.
 */
struct watchdog_chip {
	const char *identity; /* of WDIOC_GETSUPPORT: at most 31 characters */
	const struct cuio_driver_option
		*timeout;    /* its limits are those of WDIOC_SETTIMEOUT, too */
	uint64_t second;     /* ns that the chip takes for a second of the timeout; 0: 10^9 */
	size_t state_offset; /* of struct watchdog in the device's state */

	/*
	 * The service starts. COLD: sets the chip up without starting or stopping the timer, and
	 * notes `running` and `boot_status` in the state. WARM: undoes what a crash may have left
	 * half done. NULL: the timer is off then, and tells nothing of the last boot.
	 */
	int (*probe)(struct cuio_device *device, enum cuio_start how);
	/* Starts the count, or goes on with one that runs. The chip has been told the timeout and
	 * the pretimeout before. `no_way_out`: it shall be locked, if it can. */
	int (*start)(struct cuio_device *device, bool no_way_out);
	/* -EBUSY where it is locked. It has been pinged before. NULL: it cannot be stopped. */
	int (*stop)(struct cuio_device *device);
	int (*ping)(struct cuio_device *device);
	/* Also of a timer that does not count. Returns the seconds that it is then: a chip may
	 * round. NULL: the timeout is fixed, at that of Timeout=. */
	int (*set_timeout)(struct cuio_device *device, uint32_t timeout);
	/* The same, after each change of the timeout, which it is less than. 0: none. The chip's
	 * interrupt() calls watchdog_notify_pretimeout(). NULL: there is none. */
	int (*set_pretimeout)(struct cuio_device *device, uint32_t pretimeout);
	/* Seconds, of a timer that counts. NULL: computed from the last ping. */
	int (*get_timeleft)(struct cuio_device *device);
	/* WDIOF_..., without MAGICCLOSE and KEEPALIVEPING. NULL: boot_status. */
	uint32_t (*status)(struct cuio_device *device);
};

enum watchdog_option {
	WATCHDOG_TIMEOUT,
	WATCHDOG_NO_WAY_OUT,
	WATCHDOG_STOP_WITH_SERVICE,
	WATCHDOG_N_OPTIONS,
};

/* The settings of every watchdog: the first entries of its table of options. */
/* clang-format off */
#define WATCHDOG_OPTIONS(MIN, MAX, DEFAULT)                                                        \
	[WATCHDOG_TIMEOUT] = { .name = "Timeout", .min = (MIN), .max = (MAX),                   \
			       .default_value = (DEFAULT) },                                           \
	[WATCHDOG_NO_WAY_OUT] = { .name = "NoWayOut", .max = 1 },                                 \
	[WATCHDOG_STOP_WITH_SERVICE] = { .name = "StopWithService", .max = 1 }

/* The members of a struct cuio_driver that the class gives. The driver adds its name, registers and
 * options, and for a pretimeout cause() and interrupt(). Everything sets what shall be, so that it
 * may be done twice. WDIOC_SETOPTIONS says _IOR and takes a number: unrestricted. */
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

/* The chip has interrupted: the timeout is as near as the pretimeout says. */
void watchdog_notify_pretimeout(struct cuio_device *device);

#endif
