// SPDX-License-Identifier: GPL-2.0-or-later
// The open files of a card and the sleepers in poll on them.
#include "device/internal.h"
#include <errno.h>

uint32_t file_find_free(const struct device *device)
{
	for (uint32_t i = 0; i < RECORD_FILES; i++)
		if (!layout_file(&device->layout, i)->used)
			return i;
	return FILE_NONE;
}

static unsigned ready(struct device *device, struct file_record *record)
{
	struct file file = { .device = device, .record = record };

	if (record->control)
		return 0;
	if (!device->driver->poll)
		return READY_IN | READY_OUT;
	device->now = 0;
	return device->driver->poll(&file);
}

static void disarm(struct device *device, struct file_record *record)
{
	if (record->poll_armed)
		device->n_armed--;
	record->poll_armed = 0;
}

unsigned device_poll(struct device *device, uint32_t index, bool armed, uint64_t handle,
		     unsigned events)
{
	struct file_record *record;
	unsigned mask;

	if (index >= RECORD_FILES || !layout_file(&device->layout, index)->used)
		return READY_ERR;
	record = layout_file(&device->layout, index);
	mask = ready(device, record);
	record->poll_seen = mask;
	if (armed) {
		/* The kernel wakes all sleepers of a file together: who slept before still wants
		 * what it asked for. */
		if (!record->poll_armed)
			record->poll_events = 0;
		disarm(device, record);
		record->poll_handle = handle;
		record->poll_events |= events | READY_ERR | READY_HUP;
		record->poll_armed = 1;
		device->n_armed++;
	}
	return mask;
}

bool device_poll_ready(struct device *device, uint32_t *index, uint32_t *ret_node,
		       uint64_t *ret_handle)
{
	for (; device->n_armed && *index < RECORD_FILES; ++*index) {
		struct file_record *record = layout_file(&device->layout, *index);
		unsigned mask, fresh;

		if (!record->used || !record->poll_armed)
			continue;
		mask = ready(device, record);
		/* Only what was not ready before: a second word on the same would be a false edge.
		 */
		fresh = mask & ~record->poll_seen & record->poll_events;
		record->poll_seen = mask;
		if (!fresh)
			continue;
		disarm(device, record);
		*ret_node = record->node;
		*ret_handle = record->poll_handle;
		++*index;
		return true;
	}
	return false;
}

bool device_poll_known(struct device *device, uint32_t *index, uint32_t *ret_node,
		       uint64_t *ret_handle)
{
	for (; *index < RECORD_FILES; ++*index) {
		struct file_record *record = layout_file(&device->layout, *index);

		if (!record->used || !record->poll_events)
			continue;
		disarm(device, record);
		*ret_node = record->node;
		*ret_handle = record->poll_handle;
		++*index;
		return true;
	}
	return false;
}
