// SPDX-License-Identifier: GPL-2.0-or-later
// Requests that must not be called again after crashes inside them.
#include "base/checksum.h"
#include "device/internal.h"

static bool is_restartable(const struct cuio_device *device, const struct request_record *request)
{
	const struct cuio_driver_ioctl *entry;

	switch (request->operation) {
	case REQUEST_OPEN:
		return device->driver->restartable & CUIO_RESTART_OPEN;
	case REQUEST_READ:
		return device->driver->restartable & CUIO_RESTART_READ;
	case REQUEST_WRITE:
		return device->driver->restartable & CUIO_RESTART_WRITE;
	case REQUEST_IOCTL:
		if (control_is_command(request->command))
			return !control_is_batch(request->command);
		entry = request_find_ioctl(device->driver, request);
		return !entry || entry->restartable;
	default: /* a file that is never released would be worse than two calls of release() */
		return true;
	}
}

uint32_t device_crashes_inside(const struct cuio_device *device, uint32_t slot)
{
	return check16_value(layout_request(&device->layout, slot)->crashes);
}

bool device_is_poisoned(const struct cuio_device *device, uint32_t slot)
{
	const struct request_record *request = layout_request(&device->layout, slot);
	uint32_t crashes = device_crashes_inside(device, slot);

	return crashes >= DEVICE_CRASHES_MAX ||
	       (crashes > 0 && request->touched && !is_restartable(device, request));
}
