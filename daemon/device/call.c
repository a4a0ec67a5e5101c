// SPDX-License-Identifier: GPL-2.0-or-later
// A call into the driver: its handles stand on the transaction's private copies while it runs.
#include "device/internal.h"

struct request_record *device_request(struct device *device, uint32_t slot)
{
	return layout_request(&device->layout, slot);
}

void call_enter(struct device *device, enum transaction_subject subject, uint32_t slot,
		uint32_t file)
{
	transaction_begin(&device->layout, subject, slot, file);
	device->record = device->layout.device_copy;
	device->file.record = device->layout.file_copy;
	device->request.record = device->layout.request_copy;
	device->request.hold = false;
	device->now = 0;
}

void call_exit(struct device *device)
{
	device->record = device->layout.device;
	device->file.record = NULL;
	device->request.record = NULL;
}

void call_finish(struct device *device)
{
	struct saved_header *header = device->saved->header;

	transaction_commit(&device->layout, SLOT_NONE, 0, 0);
	call_exit(device);
	transaction_end(&device->layout);
	if (header->deaths && header->died_in == device->layout.transaction->subject)
		header->deaths = 0;
}

void call_changed(struct device *device)
{
	if (device->listener && (device->n_parked || device->n_armed))
		device->listener->changed(device->listener);
}
