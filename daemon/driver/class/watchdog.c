// SPDX-License-Identifier: GPL-2.0-or-later
// The watchdog class: /dev/watchdog for any chip that can be started and pinged.
#include "driver/class/watchdog.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_SECOND UINT64_C(1000000000)

static const struct watchdog_chip *chip_of(const struct cuio_device *device)
{
	return cuio_device_context(device);
}

struct watchdog *watchdog_state(struct cuio_device *device)
{
	return (struct watchdog *)((uint8_t *)cuio_device_state(device) +
				   chip_of(device)->state_offset);
}

/* --- the timer ------------------------------------------------------------------------------- */

/* Restarts the count without marking a ping in the status. */
static int restart_count(struct cuio_device *device)
{
	struct watchdog *watchdog = watchdog_state(device);
	int r = chip_of(device)->ping(device);

	if (r == 0)
		watchdog->pinged_at = cuio_device_now(device);
	return r;
}

/* Does not start a stopped timer. */
static int ping(struct cuio_device *device)
{
	struct watchdog *watchdog = watchdog_state(device);
	int r;

	if (!watchdog->running)
		return 0;
	r = restart_count(device);
	if (r == 0)
		watchdog->pinged = 1;
	return r;
}

static int set_pretimeout(struct cuio_device *device, uint32_t pretimeout)
{
	const struct watchdog_chip *chip = chip_of(device);
	struct watchdog *watchdog = watchdog_state(device);
	int r;

	if (!chip->set_pretimeout)
		return -EOPNOTSUPP;
	if (pretimeout && pretimeout >= watchdog->timeout)
		return -EINVAL;
	r = chip->set_pretimeout(device, pretimeout);
	if (r < 0)
		return r;
	watchdog->pretimeout = (uint32_t)r;
	return 0;
}

static int set_timeout(struct cuio_device *device, uint32_t timeout)
{
	const struct watchdog_chip *chip = chip_of(device);
	struct watchdog *watchdog = watchdog_state(device);
	int r = chip->set_timeout ? chip->set_timeout(device, timeout) : (int)timeout;

	if (r < 0)
		return r;
	watchdog->timeout = (uint32_t)r;
	if (!chip->set_pretimeout)
		return 0;
	/* The chip may count the pretimeout from the timeout. One that does not fit any more is
	 * disabled. */
	return set_pretimeout(device,
			      watchdog->pretimeout < watchdog->timeout ? watchdog->pretimeout : 0);
}

static int start_timer(struct cuio_device *device)
{
	struct watchdog *watchdog = watchdog_state(device);
	/* After an expiry without a reset the chip may have lost its timeout. */
	int r = set_timeout(device, watchdog->timeout);

	if (r == 0)
		r = chip_of(device)->start(device, cuio_device_option(device, WATCHDOG_NO_WAY_OUT));
	if (r < 0)
		return r;
	watchdog->pinged_at = cuio_device_now(device);
	watchdog->running = 1;
	watchdog->pinged = 1;
	return 0;
}

static int stop_timer(struct cuio_device *device)
{
	const struct watchdog_chip *chip = chip_of(device);
	struct watchdog *watchdog = watchdog_state(device);
	int r;

	if (!chip->stop || cuio_device_option(device, WATCHDOG_NO_WAY_OUT))
		return -EBUSY;
	/* The timer must not expire while it is being stopped. */
	r = restart_count(device);
	if (r == 0)
		r = chip->stop(device);
	if (r == 0)
		watchdog->running = 0;
	return r;
}

/* Assumes that the chip counts as evenly as CLOCK_MONOTONIC. */
static uint32_t compute_timeleft(struct cuio_device *device)
{
	const struct watchdog *watchdog = watchdog_state(device);
	uint64_t second = chip_of(device)->second ? chip_of(device)->second : NS_PER_SECOND;
	uint64_t whole = watchdog->timeout * second;
	uint64_t gone = cuio_device_now(device) - watchdog->pinged_at;

	return gone < whole ? (uint32_t)((whole - gone) / NS_PER_SECOND) : 0;
}

void watchdog_notify_pretimeout(struct cuio_device *device)
{
	const struct watchdog *watchdog = watchdog_state(device);

	cuio_device_warn(device,
			 "pretimeout: the timer resets the machine in %u s unless it is pinged",
			 watchdog->pretimeout);
}

/* --- the service ----------------------------------------------------------------------------- */

/* The chip has lost its settings. It does not count on from where it was: the program that pings it
 * has slept, too. */
static int set_up_again(struct cuio_device *device)
{
	const struct watchdog *watchdog = watchdog_state(device);
	uint32_t pinged = watchdog->pinged;
	int r = watchdog->running ? start_timer(device) : set_timeout(device, watchdog->timeout);

	watchdog_state(device)->pinged = pinged;
	return r;
}

int watchdog_start(struct cuio_device *device, enum cuio_start how)
{
	const struct watchdog_chip *chip = chip_of(device);
	const struct watchdog *watchdog = watchdog_state(device);
	int r = chip->probe ? chip->probe(device, how) : 0;

	if (r < 0 || how == CUIO_START_WARM)
		return r;
	if (how == CUIO_START_RESET)
		return set_up_again(device);
	r = set_timeout(device, (uint32_t)cuio_device_option(device, WATCHDOG_TIMEOUT));
	if (r < 0 || !watchdog->running)
		return r;
	cuio_device_warn(device, "the timer was running already and goes on: it resets the machine "
				 "unless it is pinged");
	return restart_count(device);
}

void watchdog_stop(struct cuio_device *device)
{
	const struct watchdog *watchdog = watchdog_state(device);

	if (!watchdog->running)
		return;
	if (cuio_device_option(device, WATCHDOG_STOP_WITH_SERVICE) && stop_timer(device) == 0)
		return;
	cuio_device_warn(device,
			 "the timer goes on without the service: it resets the machine unless "
			 "it is pinged");
}

/* --- open files ------------------------------------------------------------------------------ */

int watchdog_open(struct cuio_file *file)
{
	return start_timer(cuio_file_device(file));
}

void watchdog_release(struct cuio_file *file)
{
	const struct watchdog_file *opened = cuio_file_state(file);
	struct cuio_device *device = cuio_file_device(file);
	const struct watchdog *watchdog = watchdog_state(device);

	if (!watchdog->running)
		return;
	if (opened->may_stop && stop_timer(device) == 0)
		return;
	cuio_device_warn(device, "closed %s: the timer goes on",
			 opened->may_stop ? "with a 'V', but it cannot be stopped"
					  : "without a 'V'");
	ping(device);
}

ssize_t watchdog_write(struct cuio_file *file, struct cuio_request *request, const void *data,
		       size_t size)
{
	struct watchdog_file *opened = cuio_file_state(file);
	int r;

	/* Only the last write counts. */
	if (cuio_request_offset(request) == 0)
		opened->may_stop = 0;
	if (memchr(data, 'V', size))
		opened->may_stop = 1;
	r = ping(cuio_file_device(file));
	return r < 0 ? r : (ssize_t)size;
}

/* --- ioctls ---------------------------------------------------------------------------------- */

static void get_support(struct cuio_device *device, struct watchdog_info *info)
{
	const struct watchdog_chip *chip = chip_of(device);

	info->options = WDIOF_KEEPALIVEPING;
	if (chip->set_timeout)
		info->options |= WDIOF_SETTIMEOUT;
	if (chip->stop)
		info->options |= WDIOF_MAGICCLOSE;
	if (chip->set_pretimeout)
		info->options |= WDIOF_PRETIMEOUT;
	snprintf((char *)info->identity, sizeof(info->identity), "%s", chip->identity);
}

/* A file for ioctls alone. */
static bool is_control(const struct cuio_file *file)
{
	return (cuio_file_flags(file) & O_ACCMODE) == O_ACCMODE;
}

/* Reports the mark of a ping, and clears it unless for one who only looks. */
static uint32_t take_status(struct cuio_file *file)
{
	const struct watchdog_file *opened = cuio_file_state(file);
	struct cuio_device *device = cuio_file_device(file);
	const struct watchdog_chip *chip = chip_of(device);
	struct watchdog *watchdog = watchdog_state(device);
	uint32_t status = chip->status ? chip->status(device) : watchdog->boot_status;

	if (opened->may_stop)
		status |= WDIOF_MAGICCLOSE;
	if (watchdog->pinged)
		status |= WDIOF_KEEPALIVEPING;
	if (!is_control(file))
		watchdog->pinged = 0;
	return status;
}

static int set_options(struct cuio_device *device, uint32_t options)
{
	const struct watchdog *watchdog = watchdog_state(device);
	int r = -ENOTTY; /* no known option, as in the kernel */

	if (options & WDIOS_DISABLECARD) {
		r = watchdog->running ? stop_timer(device) : 0;
		if (r < 0)
			return r;
	}
	if (options & WDIOS_ENABLECARD)
		r = watchdog->running ? 0 : start_timer(device);
	return r;
}

/* Returns the actual timeout in *timeout. It counts from now on. */
static int change_timeout(struct cuio_device *device, uint32_t *timeout)
{
	const struct watchdog_chip *chip = chip_of(device);
	const struct watchdog *watchdog = watchdog_state(device);
	int r;

	if (!chip->set_timeout)
		return -EOPNOTSUPP;
	if (*timeout < chip->timeout->min || *timeout > chip->timeout->max)
		return -EINVAL;
	r = set_timeout(device, *timeout);
	if (r == 0)
		r = ping(device);
	if (r == 0)
		*timeout = watchdog->timeout;
	return r;
}

static int get_timeleft(struct cuio_device *device, uint32_t *ret)
{
	const struct watchdog_chip *chip = chip_of(device);
	const struct watchdog *watchdog = watchdog_state(device);
	int r = 0;

	if (watchdog->running && !chip->get_timeleft)
		*ret = compute_timeleft(device);
	else if (watchdog->running && (r = chip->get_timeleft(device)) >= 0)
		*ret = (uint32_t)r;
	return r < 0 ? r : 0;
}

static int watchdog_ioctl(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			  struct cuio_request *request, void *arg)
{
	struct cuio_device *device = cuio_file_device(file);
	const struct watchdog *watchdog = watchdog_state(device);
	uint32_t *value = arg;

	(void)request;
	switch (entry->number) {
	case WDIOC_GETSUPPORT:
		get_support(device, arg);
		return 0;
	case WDIOC_GETSTATUS:
		*value = take_status(file);
		return 0;
	case WDIOC_GETBOOTSTATUS:
		*value = watchdog->boot_status;
		return 0;
	case WDIOC_SETOPTIONS:
		return set_options(device, *value);
	case WDIOC_KEEPALIVE:
		return ping(device);
	case WDIOC_SETTIMEOUT:
		return change_timeout(device, value);
	case WDIOC_GETTIMEOUT:
		*value = watchdog->timeout;
		return 0;
	case WDIOC_SETPRETIMEOUT:
		return set_pretimeout(device, *value);
	case WDIOC_GETPRETIMEOUT:
		*value = watchdog->pretimeout;
		return 0;
	case WDIOC_GETTIMELEFT:
		return get_timeleft(device, value);
	default:
		return -ENOTTY;
	}
}

static const struct cuio_driver_member number = {
	.name = "value", .width = 4, .is_signed = true, .count = 1
};

#define WATCHDOG_IOCTL(NAME, ARGUMENT, LOOKS)                                                      \
	{                                                                                          \
		.name = #NAME, .number = (uint32_t)NAME, .argument = ARGUMENT,                     \
		.size = (ARGUMENT) == CUIO_ARGUMENT_NONE ? 0 : sizeof(uint32_t),                   \
		.restartable = true, .looks = LOOKS, .members = &number,                           \
		.n_members = (ARGUMENT) != CUIO_ARGUMENT_NONE, .call = watchdog_ioctl,             \
	}

/* WDIOC_GETTEMP is unknown, as in the kernel for chips without a temperature. */
const struct cuio_driver_ioctl watchdog_ioctls[WATCHDOG_N_IOCTLS] = {
	{ .name = "WDIOC_GETSUPPORT",
	  .number = (uint32_t)WDIOC_GETSUPPORT,
	  .argument = CUIO_ARGUMENT_OUT,
	  .size = sizeof(struct watchdog_info),
	  .restartable = true,
	  .looks = true,
	  .call = watchdog_ioctl },
	WATCHDOG_IOCTL(WDIOC_GETSTATUS, CUIO_ARGUMENT_OUT, true),
	WATCHDOG_IOCTL(WDIOC_GETBOOTSTATUS, CUIO_ARGUMENT_OUT, true),
	WATCHDOG_IOCTL(WDIOC_SETOPTIONS, CUIO_ARGUMENT_IN, false),
	WATCHDOG_IOCTL(WDIOC_KEEPALIVE, CUIO_ARGUMENT_NONE, false),
	WATCHDOG_IOCTL(WDIOC_SETTIMEOUT, CUIO_ARGUMENT_INOUT, false),
	WATCHDOG_IOCTL(WDIOC_GETTIMEOUT, CUIO_ARGUMENT_OUT, true),
	WATCHDOG_IOCTL(WDIOC_SETPRETIMEOUT, CUIO_ARGUMENT_IN, false),
	WATCHDOG_IOCTL(WDIOC_GETPRETIMEOUT, CUIO_ARGUMENT_OUT, true),
	WATCHDOG_IOCTL(WDIOC_GETTIMELEFT, CUIO_ARGUMENT_OUT, true),
};
