// SPDX-License-Identifier: GPL-2.0-or-later
// Signals to programs whose requests wait. The kernel can repeat only an ioctl, as it does for its
// own drivers, and only one that has done nothing may be repeated.
#include "base/probe.h"
#include "device/internal.h"
#include <errno.h>

/* Whether the call in hand has changed more than the waiting request. */
static bool acts(const struct cuio_device *device)
{
	return device->layout.transaction->touched || device->request.record->touched ||
	       device->checkpointed || changes_any(&device->layout);
}

void signal_note_acts(const struct cuio_device *device, struct request_record *request)
{
	if (request->operation == REQUEST_IOCTL && acts(device))
		request->acted = 1;
}

/* cuio's own ioctls have time limits, which a repetition would begin anew. */
static bool may_be_repeated(const struct cuio_device *device, const struct request_record *request)
{
	if (request->operation != REQUEST_IOCTL || request->acted || request->file >= RECORD_FILES)
		return false;
	return !(layout_file(&device->layout, request->file)->control &&
		 control_is_command(request->command));
}

ssize_t signal_result(const struct cuio_device *device, struct request_record *request)
{
	signal_note_acts(device, request);
	return may_be_repeated(device, request) ? DEVICE_REPEAT : -EINTR;
}

struct device_answer device_signal(struct cuio_device *device, uint32_t slot)
{
	struct request_record *request = device_request(device, slot);

	if (device->record->lock_owner != slot)
		return device_cancel(device, slot,
				     may_be_repeated(device, request) ? DEVICE_REPEAT : -EINTR);
	/* One store of a field that no sum covers. After a crash before it, a successor still has
	 * the kernel's message and handles it again. */
	request->signalled = 1;
	PROBE("noted");
	return (struct device_answer){ .waits = true, .locks = true };
}
