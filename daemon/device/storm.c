// SPDX-License-Identifier: GPL-2.0-or-later
// When an interrupt storm begins and ends, and the pauses in it.
#include "device/storm.h"
#include "base/log.h"
#include "device/internal.h"
#include "hardware/hardware.h"
#include <inttypes.h>

/*
 * A storm is so many interrupts that took a good part of the time, while few requests were
 * answered. Where requests cause the interrupts there are as many of either, also on a machine that
 * has no time left.
 *
 * As many as STORM_LENGTH take tens of milliseconds on a fast machine, and less than a second on a
 * slow one. A burst, such as of a ring full of frames, is over before.
 */
#define STORM_LENGTH 2000U
#define STORM_TRIAL  16U /* interrupts between two pauses */
#define STORM_SHARE  4U	 /* a quarter of the time */

/* A card that has healed is served after the first pause. The longest one costs a program that
 * waits for the card a tenth of a second, and the machine some 200 interrupts per second. */
#define PAUSE_FIRST   10U /* ms */
#define PAUSE_LONGEST 100U
#define NS_PER_MS     UINT64_C(1000000)
/* So long without a pause, the storm has ended. Longer than it seems to need: the log gets two
 * lines in this time from a card that stutters. */
#define STORM_CALM (10 * NS_PER_SECOND)

static void begin(struct cuio_device *device, uint64_t now)
{
	struct storm *storm = &device->storm;

	storm->began = now;
	storm->requests = device->record->requests;
	storm->busy = 0;
	storm->length = 0;
}

static void tell(const struct cuio_device *device, uint64_t cause, uint64_t took)
{
	const struct storm *storm = &device->storm;
	unsigned percent = (unsigned)(storm->busy * 100 / (took ? took : 1));

	log_warning("%s: interrupt storm: the last %u took %u %% of the time, the last with cause "
		    "0x%" PRIx64 ": %s; the line is masked and tried every %u to %u ms, other "
		    "calls go on",
		    device->instance->name, storm->length, percent, cause,
		    cause ? "the driver's acknowledging does not make the card release its line "
			    "(does [Interrupt] write what the data sheet says?)"
			  : "the card asserts its line for a reason that the driver does not know "
			    "(does Cause= name all bits?)",
		    PAUSE_FIRST, PAUSE_LONGEST);
}

static void mask(struct cuio_device *device, uint64_t cause, uint64_t now)
{
	struct storm *storm = &device->storm;

	if (!storm->pause) {
		tell(device, cause, now - storm->began);
		storm->first = now;
		storm->pause = PAUSE_FIRST;
	} else if (storm->pause < PAUSE_LONGEST) {
		storm->pause = storm->pause * 2 < PAUSE_LONGEST ? storm->pause * 2 : PAUSE_LONGEST;
	}
	storm->masked = true;
	alarm_set(&storm->alarm, now + storm->pause * NS_PER_MS);
}

static bool is_storm(const struct cuio_device *device, uint64_t now)
{
	const struct storm *storm = &device->storm;

	return device->record->requests - storm->requests < storm->length / 2 &&
	       storm->busy > (now - storm->began) / STORM_SHARE;
}

bool storm_note(struct cuio_device *device, uint64_t cause, bool useful)
{
	struct storm *storm = &device->storm;
	uint64_t now;

	if (useful)
		storm->length = 0;
	else if (++storm->length >= (storm->pause ? STORM_TRIAL : STORM_LENGTH)) {
		now = alarm_now();
		if (!storm->masked && is_storm(device, now))
			mask(device, cause, now);
		begin(device, now);
	} else if (storm->length == 1) {
		begin(device, alarm_now());
		storm->length = 1;
	}
	return storm->masked;
}

static int storm_alarm(struct alarm *alarm)
{
	struct storm *storm = container_of(alarm, struct storm, alarm);
	struct cuio_device *device = container_of(storm, struct cuio_device, storm);
	uint64_t now = alarm_now();

	begin(device, now);
	if (!storm->masked) {
		log_notice("%s: the interrupt storm has ended, after %" PRIu64 " s",
			   device->instance->name, (now - storm->first) / NS_PER_SECOND);
		storm->pause = 0;
		return 0;
	}
	storm->masked = false;
	alarm_set(alarm, now + STORM_CALM);
	return hardware_interrupt_unmask(device->hardware);
}

int storm_start(struct cuio_device *device)
{
	int r;

	device->storm = (struct storm){ 0 };
	r = alarm_init(&device->storm.alarm, device->loop, storm_alarm);
	if (r >= 0)
		begin(device, alarm_now());
	return r;
}

void storm_stop(struct cuio_device *device)
{
	alarm_done(&device->storm.alarm, device->loop);
}
