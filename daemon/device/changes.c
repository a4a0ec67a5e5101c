// SPDX-License-Identifier: GPL-2.0-or-later
// Which parked requests and poll waiters a call may have unblocked. A driver decides from its state
// and from the hardware: where neither has changed, nobody needs to be called again.
#include "device/internal.h"
#include <string.h>

static bool state_differs(const struct layout *layout)
{
	return memcmp(layout->device_copy->state, layout->device->state,
		      layout->device_size - sizeof(struct device_record)) != 0;
}

bool changes_state(const struct cuio_device *device)
{
	return device->checkpointed || state_differs(&device->layout);
}

static bool file_differs(const struct layout *layout)
{
	uint32_t file = layout->transaction->file;

	return file != FILE_NONE &&
	       memcmp(layout->file_copy, layout_file(layout, file), layout->file_size) != 0;
}

bool changes_any(const struct layout *layout)
{
	return state_differs(layout) || file_differs(layout);
}

/* Only calls of the same file see its state. */
static void set_file_due(struct cuio_device *device, uint32_t file)
{
	uint32_t slot = device->turns.first;

	for (; slot != SLOT_NONE; slot = turns_after(&device->turns, slot))
		if (device_request(device, slot)->file == file)
			turns_set_one_due(&device->turns, slot);
	file_set_due(device, file);
}

void changes_note_call(struct cuio_device *device)
{
	const struct layout *layout = &device->layout;
	bool released = layout->device->lock_owner != layout->device_copy->lock_owner;

	if (!device->n_armed && turns_are_empty(&device->turns))
		return;
	if (released || device->checkpointed || state_differs(layout)) {
		/* One that had waited changes it within a round, which goes on from there. */
		if (slot_is_parked(layout->transaction->slot))
			turns_set_due(&device->turns);
		else
			turns_restart(&device->turns);
		file_set_all_due(device);
		return;
	}
	if (layout->transaction->touched) {
		turns_set_looked_due(&device->turns);
		if (device->polls_look)
			file_set_all_due(device);
	}
	if (file_differs(layout))
		set_file_due(device, layout->transaction->file);
}

void changes_note_event(struct cuio_device *device)
{
	turns_restart(&device->turns);
	file_set_all_due(device);
}

uint32_t device_next_turn(struct cuio_device *device)
{
	uint32_t lock_owner = device->record->lock_owner;

	if (lock_owner == SLOT_NONE)
		return turns_next(&device->turns);
	return turns_is_due(&device->turns, lock_owner) ? lock_owner : SLOT_NONE;
}

bool device_has_turns(const struct cuio_device *device)
{
	uint32_t lock_owner = device->record->lock_owner;

	if (device->due_words)
		return true;
	return lock_owner == SLOT_NONE ? turns_any_due(&device->turns)
				       : turns_is_due(&device->turns, lock_owner);
}
