// SPDX-License-Identifier: GPL-2.0-or-later
// Calls into the driver. During a call its handles refer to the transaction's private copies.
#include "base/checksum.h"
#include "base/probe.h"
#include "device/internal.h"
#include <string.h>

struct request_record *device_request(struct cuio_device *device, uint32_t slot)
{
	return layout_request(&device->layout, slot);
}

void call_enter(struct cuio_device *device, enum transaction_subject subject, uint32_t slot,
		uint32_t file)
{
	transaction_begin(&device->layout, subject, slot);
	device->record = device->layout.device_copy;
	device->file.index = file;
	device->file.record = file == FILE_NONE ? NULL : layout_file(&device->layout, file);
	device->request.record = device->layout.request_copy;
	device->request.hold = false;
	device->request.stateless = slot_is_received(slot);
	device->now = 0;
	device->looked = device->checkpointed = false;
	PROBE("entered");
}

struct file_record *call_change_file(struct cuio_device *device)
{
	struct file_record *copy = transaction_change_file(&device->layout, device->file.index);

	device->file.record = copy;
	return copy;
}

void call_need_state(struct cuio_device *device)
{
	if (!device->request.stateless)
		return;
	device->request.stateless = false;
	memset(device->request.record->state, 0,
	       device->layout.request_size - sizeof(struct request_record));
}

void call_exit(struct cuio_device *device)
{
	device->record = device->layout.device;
	device->file.record = NULL;
	device->request.record = NULL;
}

void call_finish(struct cuio_device *device)
{
	struct saved_header *header = device->saved->header;

	transaction_commit(&device->layout, SLOT_NONE, 0, 0);
	call_exit(device);
	transaction_end(&device->layout);
	if (header->crashes &&
	    check16_value(header->crashed_in) == device->layout.transaction->subject)
		header->crashes = 0;
}

void call_changed(struct cuio_device *device)
{
	changes_note_event(device);
	if (device->listener)
		device->listener->changed(device->listener);
}
