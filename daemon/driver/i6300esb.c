// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The watchdog timer of Intel's 6300ESB I/O controller hub (datasheet 300641, chapter 16) with the
 * interface of /dev/watchdog, as the kernel's watchdog_dev.c and i6300esb.c have it.
 *
 * The timer counts down twice, each time half of the timeout, then it resets the machine. It does
 * so whether this process lives or not, and nothing here touches it but what a program asks for: a
 * successor finds it counting, and goes on.
 */
#include "driver/table.h"
#include <linux/watchdog.h>
#include <string.h>

#define TIMEOUT_MIN	1U
#define TIMEOUT_MAX	2046U /* s: the stages have 20 bits */
#define TIMEOUT_DEFAULT 30U

/* A second is 512 ticks in each stage; a tick is 2^15 cycles of PCI's clock, which are 30 ns. */
#define STAGE_SHIFT    9U
#define SECOND_ON_CHIP (UINT64_C(2) * (1U << STAGE_SHIFT) * 32768U * 30U) /* ns */
#define NS_PER_SECOND  UINT64_C(1000000000)

/* No interrupt after stage one, the slow clock, a reset after stage two. */
#define CONFIG_USUAL   0x0003U
#define LOCK_LOCK      0x01U /* what it says holds until a reset */
#define LOCK_ENABLE    0x02U
#define RELOAD_RELOAD  0x0100U /* back to the start of stage one */
#define RELOAD_TIMEOUT 0x0200U /* stage two came to its end; 1 clears it */
#define UNLOCK_FIRST   0x80U
#define UNLOCK_SECOND  0x86U

enum {
	TIMER1,
	TIMER2,
	RELOAD,
	CONFIG,
	LOCK
};
static const struct driver_register registers[] = {
	[TIMER1] = { .name = "timer1", .width = 4, .write = true },
	[TIMER2] = { .name = "timer2", .width = 4, .write = true },
	[RELOAD] = { .name = "reload", .width = 2, .read = true, .write = true },
	[CONFIG] = { .name = "config", .width = 2, .read = true, .write = true },
	[LOCK] = { .name = "lock", .width = 1, .read = true, .write = true },
};

enum {
	TIMEOUT,
	NO_WAY_OUT,
	STOP_WITH_SERVICE
};
static const struct driver_option options[] = {
	[TIMEOUT] = { .name = "Timeout",
		      .min = TIMEOUT_MIN,
		      .max = TIMEOUT_MAX,
		      .default_value = TIMEOUT_DEFAULT },
	[NO_WAY_OUT] = { .name = "NoWayOut", .max = 1 },
	[STOP_WITH_SERVICE] = { .name = "StopWithService", .max = 1 },
};

struct watchdog {
	uint64_t reloaded;    /* when; CLOCK_MONOTONIC */
	uint32_t timeout;     /* s */
	uint32_t boot_status; /* WDIOF_CARDRESET, if it has reset the machine */
	uint32_t running;
	uint32_t petted; /* since somebody asked for the status */
};

/* The one file that may be open. */
struct opened {
	uint32_t may_stop; /* the last write had a 'V' */
};

/* --- the chip -----------------------------------------------------------------------------------
 */

/* Two writes in front let one through. Done again from the start after a crash in the middle. */
static void write_unlocked(struct device *device, unsigned index, uint64_t value)
{
	reg_set(device, RELOAD, UNLOCK_FIRST);
	reg_set(device, RELOAD, UNLOCK_SECOND);
	reg_set(device, index, value);
}

/* A crash may have left it unlocked, so that the next sequence's first write would be the one that
 * is let through. This one changes nothing, and leaves it locked whatever it was. */
static void lock_again(struct device *device)
{
	write_unlocked(device, RELOAD, 0);
}

static void reload(struct device *device)
{
	struct watchdog *watchdog = device_state(device);

	write_unlocked(device, RELOAD, RELOAD_RELOAD);
	watchdog->reloaded = device_now(device);
}

static void set_timeout(struct device *device, uint32_t timeout)
{
	struct watchdog *watchdog = device_state(device);

	write_unlocked(device, TIMER1, timeout << STAGE_SHIFT);
	write_unlocked(device, TIMER2, timeout << STAGE_SHIFT);
	reload(device);
	watchdog->timeout = timeout;
}

static int start_timer(struct device *device)
{
	struct watchdog *watchdog = device_state(device);
	uint64_t lock = LOCK_ENABLE;

	if (device_option(device, NO_WAY_OUT))
		lock |= LOCK_LOCK;
	/* Where an expiry does not end in a reset, it has cleared these. */
	reg_set(device, CONFIG, CONFIG_USUAL);
	set_timeout(device, watchdog->timeout);
	reg_set(device, LOCK, lock);
	if (!(reg_get(device, LOCK) & LOCK_ENABLE))
		return -EIO; /* firmware has locked it in disuse */
	watchdog->running = 1;
	watchdog->petted = 1;
	return 0;
}

static int stop_timer(struct device *device)
{
	struct watchdog *watchdog = device_state(device);

	if (device_option(device, NO_WAY_OUT))
		return -EBUSY;
	reload(device); /* as the datasheet advises */
	reg_set(device, LOCK, 0);
	if (reg_get(device, LOCK) & LOCK_ENABLE)
		return -EBUSY; /* locked */
	watchdog->running = 0;
	return 0;
}

static void pet(struct device *device)
{
	struct watchdog *watchdog = device_state(device);

	if (!watchdog->running)
		return;
	reload(device);
	watchdog->petted = 1;
}

/* --- the service --------------------------------------------------------------------------------
 */

static int esb_start(struct device *device, enum driver_start how)
{
	struct watchdog *watchdog = device_state(device);
	uint64_t lock = reg_get(device, LOCK);

	lock_again(device);
	if (how == START_WARM)
		return 0;
	if (lock == UINT8_MAX) {
		device_set_error(device, "the card does not answer: its lock register reads 0xff");
		return -ENODEV;
	}
	watchdog->running = (lock & LOCK_ENABLE) != 0;
	reg_set(device, CONFIG, CONFIG_USUAL);
	reg_set(device, LOCK, lock & LOCK_ENABLE); /* a watchdog, no free-running timer */
	if (reg_get(device, RELOAD) & RELOAD_TIMEOUT)
		watchdog->boot_status = WDIOF_CARDRESET;
	write_unlocked(device, RELOAD, RELOAD_TIMEOUT | RELOAD_RELOAD);
	set_timeout(device, (uint32_t)device_option(device, TIMEOUT));
	if (watchdog->running)
		device_warn(device, "the timer was running already and goes on: it resets the "
				    "machine unless it is petted");
	return 0;
}

static void esb_stop(struct device *device)
{
	const struct watchdog *watchdog = device_state(device);

	if (!watchdog->running)
		return;
	if (device_option(device, STOP_WITH_SERVICE) && stop_timer(device) == 0)
		return;
	device_warn(device, "the timer goes on without the service: it resets the machine unless "
			    "it is petted");
}

/* --- open files ---------------------------------------------------------------------------------
 */

static int esb_open(struct file *file)
{
	return start_timer(file_device(file));
}

static void esb_release(struct file *file)
{
	const struct opened *opened = file_state(file);
	struct device *device = file_device(file);
	const struct watchdog *watchdog = device_state(device);

	if (!watchdog->running)
		return;
	if (opened->may_stop && stop_timer(device) == 0)
		return;
	device_warn(device, "closed %s: the timer goes on",
		    opened->may_stop ? "with a 'V', but it cannot be stopped" : "without a 'V'");
	pet(device);
}

static ssize_t esb_write(struct file *file, struct request *request, const void *data, size_t size)
{
	struct opened *opened = file_state(file);

	/* What was allowed long ago is not any more. */
	if (request_offset(request) == 0)
		opened->may_stop = 0;
	if (memchr(data, 'V', size))
		opened->may_stop = 1;
	pet(file_device(file));
	return (ssize_t)size;
}

/* --- ioctls -------------------------------------------------------------------------------------
 */

static int get_support(const struct driver_ioctl *entry, struct file *file, struct request *request,
		       void *arg)
{
	static const struct watchdog_info info = {
		.options = WDIOF_SETTIMEOUT | WDIOF_KEEPALIVEPING | WDIOF_MAGICCLOSE,
		.identity = "i6300ESB timer",
	};

	(void)entry, (void)file, (void)request;
	memcpy(arg, &info, sizeof(info));
	return 0;
}

static int get_status(const struct driver_ioctl *entry, struct file *file, struct request *request,
		      void *arg)
{
	const struct opened *opened = file_state(file);
	struct watchdog *watchdog = device_state(file_device(file));
	uint32_t *status = arg;

	(void)entry, (void)request;
	*status = watchdog->boot_status;
	if (opened->may_stop)
		*status |= WDIOF_MAGICCLOSE;
	if (watchdog->petted)
		*status |= WDIOF_KEEPALIVEPING;
	watchdog->petted = 0;
	return 0;
}

static int get_boot_status(const struct driver_ioctl *entry, struct file *file,
			   struct request *request, void *arg)
{
	const struct watchdog *watchdog = device_state(file_device(file));

	(void)entry, (void)request;
	memcpy(arg, &watchdog->boot_status, sizeof(watchdog->boot_status));
	return 0;
}

static int set_options(const struct driver_ioctl *entry, struct file *file, struct request *request,
		       void *arg)
{
	const uint32_t *wanted = arg;
	struct device *device = file_device(file);
	const struct watchdog *watchdog = device_state(device);
	int r = -ENOTTY; /* nothing that is known, as in the kernel */

	(void)entry, (void)request;
	if (*wanted & WDIOS_DISABLECARD) {
		r = watchdog->running ? stop_timer(device) : 0;
		if (r < 0)
			return r;
	}
	if (*wanted & WDIOS_ENABLECARD)
		r = watchdog->running ? 0 : start_timer(device);
	return r;
}

static int keep_alive(const struct driver_ioctl *entry, struct file *file, struct request *request,
		      void *arg)
{
	(void)entry, (void)request, (void)arg;
	pet(file_device(file));
	return 0;
}

static int get_timeout(const struct driver_ioctl *entry, struct file *file, struct request *request,
		       void *arg)
{
	const struct watchdog *watchdog = device_state(file_device(file));

	(void)entry, (void)request;
	memcpy(arg, &watchdog->timeout, sizeof(watchdog->timeout));
	return 0;
}

/* What was wanted comes back as what is. */
static int change_timeout(const struct driver_ioctl *entry, struct file *file,
			  struct request *request, void *arg)
{
	const uint32_t *wanted = arg;

	if (*wanted < TIMEOUT_MIN || *wanted > TIMEOUT_MAX)
		return -EINVAL;
	set_timeout(file_device(file), *wanted);
	pet(file_device(file));
	return get_timeout(entry, file, request, arg);
}

/* The chip does not show its counter, but it counts as evenly as our clock. */
static int get_time_left(const struct driver_ioctl *entry, struct file *file,
			 struct request *request, void *arg)
{
	struct device *device = file_device(file);
	const struct watchdog *watchdog = device_state(device);
	uint64_t whole = watchdog->timeout * SECOND_ON_CHIP;
	uint64_t gone = device_now(device) - watchdog->reloaded;
	uint32_t *left = arg;

	(void)entry, (void)request;
	*left = 0;
	if (watchdog->running && gone < whole)
		*left = (uint32_t)((whole - gone) / NS_PER_SECOND);
	return 0;
}

/* The interrupt at the end of stage one goes to the I/O APIC's input 10 or is a system management
 * interrupt: no card's, which would come here. */
static int set_pretimeout(const struct driver_ioctl *entry, struct file *file,
			  struct request *request, void *arg)
{
	(void)entry, (void)file, (void)request, (void)arg;
	return -EOPNOTSUPP;
}

static int get_pretimeout(const struct driver_ioctl *entry, struct file *file,
			  struct request *request, void *arg)
{
	(void)entry, (void)file, (void)request;
	memset(arg, 0, sizeof(uint32_t));
	return 0;
}

static const struct driver_member number = {
	.name = "value", .width = 4, .is_signed = true, .count = 1
};

#define WATCHDOG_IOCTL(NAME, ARGUMENT, CALL)                                                       \
	{                                                                                          \
		.name = #NAME, .number = (uint32_t)NAME, .argument = ARGUMENT,                     \
		.size = (ARGUMENT) == ARGUMENT_NONE ? 0 : sizeof(uint32_t), .restartable = true,   \
		.members = &number, .n_members = (ARGUMENT) != ARGUMENT_NONE, .call = CALL,        \
	}

/* No temperature: WDIOC_GETTEMP is not known, as in the kernel. */
static const struct driver_ioctl ioctls[] = {
	{ .name = "WDIOC_GETSUPPORT",
	  .number = (uint32_t)WDIOC_GETSUPPORT,
	  .argument = ARGUMENT_OUT,
	  .size = sizeof(struct watchdog_info),
	  .restartable = true,
	  .call = get_support },
	WATCHDOG_IOCTL(WDIOC_GETSTATUS, ARGUMENT_OUT, get_status),
	WATCHDOG_IOCTL(WDIOC_GETBOOTSTATUS, ARGUMENT_OUT, get_boot_status),
	WATCHDOG_IOCTL(WDIOC_SETOPTIONS, ARGUMENT_IN, set_options),
	WATCHDOG_IOCTL(WDIOC_KEEPALIVE, ARGUMENT_NONE, keep_alive),
	WATCHDOG_IOCTL(WDIOC_SETTIMEOUT, ARGUMENT_INOUT, change_timeout),
	WATCHDOG_IOCTL(WDIOC_GETTIMEOUT, ARGUMENT_OUT, get_timeout),
	WATCHDOG_IOCTL(WDIOC_SETPRETIMEOUT, ARGUMENT_IN, set_pretimeout),
	WATCHDOG_IOCTL(WDIOC_GETPRETIMEOUT, ARGUMENT_OUT, get_pretimeout),
	WATCHDOG_IOCTL(WDIOC_GETTIMELEFT, ARGUMENT_OUT, get_time_left),
};

const struct driver i6300esb_driver = {
	.name = "i6300esb",
	.device_state = sizeof(struct watchdog),
	.file_state = sizeof(struct opened),
	.state_version = 1,
	/* All of it sets what shall be, so that it may be done twice. */
	.restartable = OPERATION_OPEN | OPERATION_RELEASE | OPERATION_WRITE,
	.exclusive = true,
	.unrestricted = true, /* WDIOC_SETOPTIONS says _IOR, and takes a number */
	.ioctls = ioctls,
	.n_ioctls = sizeof(ioctls) / sizeof(ioctls[0]),
	.registers = registers,
	.n_registers = sizeof(registers) / sizeof(registers[0]),
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.start = esb_start,
	.stop = esb_stop,
	.open = esb_open,
	.release = esb_release,
	.write = esb_write,
};
