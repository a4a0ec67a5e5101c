// SPDX-License-Identifier: GPL-2.0-or-later
// Sets the alarm for the next timer or deadline.
#include "device/internal.h"

bool deadline_is_next(const struct cuio_device *device, uint64_t deadline)
{
	return deadline != TIME_NEVER && deadline == device->alarm.when;
}

void deadline_add(struct cuio_device *device, uint64_t deadline)
{
	if (device->loop && deadline < device->alarm.when)
		alarm_set(&device->alarm, deadline);
}

void device_update_alarm(struct cuio_device *device)
{
	uint64_t next = TIME_NEVER;

	device->alarm_is_late = false;
	if (!device->loop ||
	    (!device->driver->n_timers && !device->n_parked && device->alarm.when == ALARM_NEVER))
		return;
	for (unsigned i = 0; i < device->driver->n_timers; i++)
		if (device->record->timers[i] < next)
			next = device->record->timers[i];
	for (uint32_t slot = SLOT_NONE;
	     (slot = turns_next_timed(&device->turns, slot)) != SLOT_NONE;) {
		const struct request_record *request = device_request(device, slot);

		/* What is due is called without an alarm, and comes back here then. */
		if (!turns_is_due(&device->turns, slot) && request->deadline < next)
			next = request->deadline;
	}
	alarm_set(&device->alarm, next);
}
