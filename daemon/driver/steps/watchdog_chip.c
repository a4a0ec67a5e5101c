/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The watchdog class's chip, made of [Watchdog Start] and the others: each runs its steps. */
#include "driver/steps/watchdog_chip.h"
#include "driver/steps/run.h"
#include <string.h>

/* The class takes the driver's context for its chip. */
_Static_assert(offsetof(struct program, chip) == 0, "the chip is first");

static const struct watchdog_steps *steps_of(struct cuio_device *device)
{
	const struct program *program = cuio_device_context(device);

	return &program->watchdog;
}

/* What the steps return, 0 where they return nothing, or -errno. */
static int run_steps(struct cuio_device *device, const struct operation *operation,
		     uint32_t timeout)
{
	struct run run = {
		.program = cuio_device_context(device),
		.operation = operation,
		.device = device,
	};
	int r = (int)run_operation(&run, timeout);

	if (r < 0)
		cuio_device_set_error(device, "%s:%u: the step ended with: %s",
				      run.program->description->document->path, run.line,
				      strerror(-r));
	return r;
}

static int chip_run(struct cuio_device *device, const struct operation *operation)
{
	return run_steps(device, operation, watchdog_state(device)->timeout);
}

static int chip_start(struct cuio_device *device, bool no_way_out)
{
	int r = chip_run(device, steps_of(device)->start);

	(void)no_way_out;
	return r < 0 ? r : 0;
}

static int chip_stop(struct cuio_device *device)
{
	int r = chip_run(device, steps_of(device)->stop);

	return r < 0 ? r : 0;
}

static int chip_ping(struct cuio_device *device)
{
	int r = chip_run(device, steps_of(device)->ping);

	return r < 0 ? r : 0;
}

static int chip_set_timeout(struct cuio_device *device, uint32_t timeout)
{
	int r = run_steps(device, steps_of(device)->set_timeout, timeout);

	return r ? r : (int)timeout;
}

static int chip_get_timeleft(struct cuio_device *device)
{
	return chip_run(device, steps_of(device)->time_left);
}

/* A card that cannot tell has nothing to tell. */
static uint32_t chip_status(struct cuio_device *device)
{
	int r = chip_run(device, steps_of(device)->status);

	return r < 0 ? 0 : (uint32_t)r;
}

int watchdog_chip_find(struct cuio_device *device)
{
	const struct watchdog_steps *steps = steps_of(device);
	struct watchdog *watchdog = watchdog_state(device);
	int running = steps->running ? chip_run(device, steps->running) : 0;
	int status = steps->status ? chip_run(device, steps->status) : 0;

	if (running < 0 || status < 0)
		return running < 0 ? running : status;
	watchdog->running = running != 0;
	watchdog->boot_status = (uint32_t)status;
	return 0;
}

void watchdog_chip_fill(struct program *program)
{
	const struct watchdog_steps *steps = &program->watchdog;
	struct watchdog_chip *chip = &program->chip;

	chip->timeout = &program->options[WATCHDOG_TIMEOUT];
	chip->start = chip_start;
	chip->stop = steps->stop ? chip_stop : NULL;
	chip->ping = chip_ping;
	chip->set_timeout = steps->set_timeout ? chip_set_timeout : NULL;
	chip->get_timeleft = steps->time_left ? chip_get_timeleft : NULL;
	chip->status = steps->status ? chip_status : NULL;
}
