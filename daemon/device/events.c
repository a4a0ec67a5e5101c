// SPDX-License-Identifier: GPL-2.0-or-later
// Interrupts and timers. Each is a committed call; afterwards parked requests are tried again.
#include "base/probe.h"
#include "device/internal.h"
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

static uint64_t ask_cause(struct cuio_device *device)
{
	uint64_t cause = 1;

	if (device->driver->cause && device->driver->cause(device, 0, &cause) < 0)
		cause = 0;
	return cause;
}

/* Saves the cause before the driver acknowledges it: after a crash a successor handles it together
 * with new causes. */
static uint64_t handle_interrupt(struct cuio_device *device)
{
	uint64_t cause;

	call_enter(device, SUBJECT_INTERRUPT, SLOT_NONE, FILE_NONE);
	cause = device->record->cause | ask_cause(device);
	transaction_save_cause(&device->layout, cause);
	PROBE("cause-saved");
	if (cause) {
		if (device->driver->interrupt)
			device->driver->interrupt(device, 0, cause);
		device->record->cause = 0;
		device->record->last_cause = cause;
		device->record->interrupts++;
	}
	device->interrupt_changed = changes_state(device);
	call_finish(device);
	return cause;
}

/* Whether the handled interrupt shows that it is no part of a storm: a driver in C made something
 * of it. The steps of a description may only have counted it. */
static bool is_useful(const struct cuio_device *device, uint64_t cause)
{
	return cause && device->interrupt_changed && strcmp(device->driver->name, "registers") != 0;
}

static int interrupt_ready(struct loop_source *source, uint32_t events)
{
	struct cuio_device *device = container_of(source, struct cuio_device, interrupt);
	uint64_t began = alarm_now(), cause;
	int r = hardware_interrupt_take(device->hardware);

	(void)events;
	if (r <= 0)
		return r;
	PROBE("taken");
	cause = handle_interrupt(device);
	if (cause) {
		device_update_alarm(device);
		PROBE("handled");
		/* The oldest parked requests are called before the interrupt is unmasked. */
		call_changed(device);
		PROBE("waiters-answered");
	}
	if (storm_note(device, cause, is_useful(device, cause)))
		return 0;
	r = hardware_interrupt_unmask(device->hardware);
	device->storm.busy += alarm_now() - began;
	return r;
}

static void call_expired_timers(struct cuio_device *device, uint64_t now)
{
	for (unsigned i = 0; i < device->driver->n_timers; i++) {
		if (device->record->timers[i] > now)
			continue;
		call_enter(device, SUBJECT_TIMER, SLOT_NONE, FILE_NONE);
		device->record->timers[i] = TIME_NEVER;
		if (device->driver->timer)
			device->driver->timer(device, i);
		call_finish(device);
	}
}

static int alarm_expired(struct alarm *alarm)
{
	struct cuio_device *device = container_of(alarm, struct cuio_device, alarm);

	call_expired_timers(device, alarm_now());
	call_changed(device);
	device_update_alarm(device);
	return 0;
}

int events_start(struct cuio_device *device, struct loop *loop)
{
	int r = alarm_init(&device->alarm, loop, alarm_expired);

	if (r < 0)
		return r;
	device->loop = loop;
	device_update_alarm(device);
	device->interrupt.fd = hardware_interrupt_fd(device->hardware);
	device->interrupt.ready = interrupt_ready;
	if (device->interrupt.fd < 0)
		return 0;
	r = storm_start(device);
	if (r >= 0)
		r = loop_add(loop, &device->interrupt, EPOLLIN);
	if (r < 0) {
		device->interrupt.fd = -1;
		return r;
	}
	/* The predecessor crashed after it had read the cause and before it was acknowledged. */
	if (device->record->cause) {
		handle_interrupt(device);
		device_update_alarm(device);
		call_changed(device);
	}
	return hardware_interrupt_unmask(device->hardware);
}

void events_stop(struct cuio_device *device)
{
	if (!device->loop)
		return;
	if (device->interrupt.fd >= 0)
		loop_remove(device->loop, &device->interrupt);
	device->interrupt.fd = -1;
	storm_stop(device);
	alarm_done(&device->alarm, device->loop);
	device->loop = NULL;
}
