// SPDX-License-Identifier: GPL-2.0-or-later
// Sets the alarm for the next timer or deadline.
#include "device/internal.h"

void device_update_alarm(struct cuio_device *device)
{
	uint64_t next = TIME_NEVER;
	uint32_t left = device->n_parked;

	if (!device->loop ||
	    (!device->driver->n_timers && !device->n_parked && device->alarm.when == ALARM_NEVER))
		return;
	for (unsigned i = 0; i < device->driver->n_timers; i++)
		if (device->record->timers[i] < next)
			next = device->record->timers[i];
	for_each_parked_slot (slot) {
		const struct request_record *request = device_request(device, slot);

		if (!left)
			break;
		if (request->operation == REQUEST_NONE)
			continue;
		left--;
		if (request->deadline < next)
			next = request->deadline;
	}
	alarm_set(&device->alarm, next);
}
