/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A chip for the watchdog class that runs the steps of [Watchdog Start] and the other sections. */
#include "driver/steps/run.h"

/* The class casts the driver's context to its chip. */
_Static_assert(offsetof(struct program, chip) == 0, "the chip is first");

/* Returns the result of the steps, 0 if there are none or they return none, or -errno. */
static int chip_run(struct cuio_device *device, enum operation_kind kind, uint32_t timeout)
{
	const struct program *program = cuio_device_context(device);

	return (int)run_plain(device, program->operations[kind], timeout);
}

static int chip_do(struct cuio_device *device, enum operation_kind kind)
{
	int r = chip_run(device, kind, watchdog_state(device)->timeout);

	return r < 0 ? r : 0;
}

static int chip_start(struct cuio_device *device, bool no_way_out)
{
	(void)no_way_out;
	return chip_do(device, KIND_WATCHDOG_START);
}

static int chip_stop(struct cuio_device *device)
{
	return chip_do(device, KIND_WATCHDOG_STOP);
}

static int chip_ping(struct cuio_device *device)
{
	return chip_do(device, KIND_WATCHDOG_PING);
}

static int chip_set_timeout(struct cuio_device *device, uint32_t timeout)
{
	int r = chip_run(device, KIND_WATCHDOG_SET_TIMEOUT, timeout);

	return r ? r : (int)timeout;
}

static int chip_get_timeleft(struct cuio_device *device)
{
	return chip_run(device, KIND_WATCHDOG_TIME_LEFT, watchdog_state(device)->timeout);
}

/* A failed status reports nothing. */
static uint32_t chip_status(struct cuio_device *device)
{
	int r = chip_run(device, KIND_WATCHDOG_STATUS, watchdog_state(device)->timeout);

	return r < 0 ? 0 : (uint32_t)r;
}

int watchdog_chip_find(struct cuio_device *device)
{
	struct watchdog *watchdog = watchdog_state(device);
	int running = chip_run(device, KIND_WATCHDOG_RUNNING, watchdog->timeout);
	int status = chip_run(device, KIND_WATCHDOG_STATUS, watchdog->timeout);

	if (running < 0 || status < 0)
		return running < 0 ? running : status;
	watchdog->running = running != 0;
	watchdog->boot_status = (uint32_t)status;
	return 0;
}

void watchdog_chip_fill(struct program *program)
{
	struct operation **operations = program->operations;
	struct watchdog_chip *chip = &program->chip;

	chip->timeout = &program->options[WATCHDOG_TIMEOUT];
	chip->start = chip_start;
	chip->stop = operations[KIND_WATCHDOG_STOP] ? chip_stop : NULL;
	chip->ping = chip_ping;
	chip->set_timeout = operations[KIND_WATCHDOG_SET_TIMEOUT] ? chip_set_timeout : NULL;
	chip->get_timeleft = operations[KIND_WATCHDOG_TIME_LEFT] ? chip_get_timeleft : NULL;
	chip->status = operations[KIND_WATCHDOG_STATUS] ? chip_status : NULL;
}
