// SPDX-License-Identifier: GPL-2.0-or-later
// A card's open files and their poll waiters.
#include "base/log.h"
#include "device/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

bool file_is_control(uint32_t flags)
{
	return (flags & O_ACCMODE) == O_ACCMODE;
}

void file_note_used(struct cuio_device *device, const struct file_record *file, int change)
{
	*(file->control ? &device->n_controls : &device->n_opens) += (uint32_t)change;
}

static uint32_t count_files(const struct cuio_device *device, uint32_t uid, bool control)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < RECORD_FILES; i++) {
		const struct file_record *file = layout_file(&device->layout, i);

		count += file->used && file->uid == uid && (bool)file->control == control;
	}
	return count;
}

static bool may_open(struct cuio_device *device, const struct request_record *request)
{
	bool control = file_is_control(request->flags);
	uint32_t total = control ? RECORD_CONTROL : RECORD_OPENS;
	uint32_t used = control ? device->n_controls : device->n_opens;

	if (quota_is_plenty(total, used) ||
	    quota_allows(total, used, count_files(device, request->uid, control),
			 device_is_owner(device, request->node, request->uid)))
		return true;
	if (quota_must_tell(&device->told, request->uid))
		log_warning(
			"%s: an open by user %u fails with ENFILE: %u %sfiles are open (cuiod(8), "
			"LIMITS; a user's further ones are not logged)",
			device->instance->name, request->uid, used, control ? "control " : "");
	return false;
}

uint32_t file_find_free(struct cuio_device *device, const struct request_record *request)
{
	if (!may_open(device, request))
		return FILE_NONE;
	for (uint32_t i = 0; i < RECORD_FILES; i++)
		if (!layout_file(&device->layout, i)->used)
			return i;
	return FILE_NONE;
}

static unsigned ready(struct cuio_device *device)
{
	unsigned mask;

	if (device->file.record->control)
		return 0;
	if (!device->driver->poll)
		return CUIO_READY_IN | CUIO_READY_OUT;
	mask = device->driver->poll(&device->file);
	device->polls_look |= device->looked;
	return mask;
}

void file_set_all_due(struct cuio_device *device)
{
	if (!device->n_armed)
		return;
	memcpy(device->due, device->armed, sizeof(device->due));
	device->due_words = device->armed_words;
}

void file_set_due(struct cuio_device *device, uint32_t index)
{
	uint64_t bit = device->armed[index / 64] & 1ULL << index % 64;

	device->due[index / 64] |= bit;
	device->due_words |= (uint64_t)(bit != 0) << index / 64;
}

static void clear_due(struct cuio_device *device, uint32_t index)
{
	device->due[index / 64] &= ~(1ULL << index % 64);
	if (!device->due[index / 64])
		device->due_words &= ~(1ULL << index / 64);
}

void file_note_armed(struct cuio_device *device, uint32_t index, bool armed)
{
	uint64_t bit = 1ULL << index % 64, *word = &device->armed[index / 64];
	bool before = (*word & bit) != 0;

	*word = armed ? *word | bit : *word & ~bit;
	bit = 1ULL << index / 64;
	device->armed_words = *word ? device->armed_words | bit : device->armed_words & ~bit;
	device->n_armed += (uint32_t)armed - (uint32_t)before;
	if (!armed)
		clear_due(device, index);
}

/* The first due file at or after `index`; RECORD_FILES: there is none. */
static uint32_t next_due(const struct cuio_device *device, uint32_t index)
{
	uint32_t word = index / 64;
	uint64_t left, words;

	if (index >= RECORD_FILES)
		return RECORD_FILES;
	left = device->due[word] >> index % 64;
	if (left)
		return index + (uint32_t)__builtin_ctzll(left);
	words = device->due_words >> (word + 1);
	if (!words)
		return RECORD_FILES;
	word += 1 + (uint32_t)__builtin_ctzll(words);
	return word * 64 + (uint32_t)__builtin_ctzll(device->due[word]);
}

_Static_assert(RECORD_FILES / 64 < 64, "a shift by 64 bits is no shift");

static void arm(struct cuio_device *device, bool armed)
{
	call_change_file(device)->poll_armed = armed;
	file_note_armed(device, device->file.index, armed);
}

unsigned file_poll(struct cuio_device *device, const struct request_record *request)
{
	unsigned mask = ready(device);
	struct file_record *record = call_change_file(device);

	record->poll_seen = mask;
	if (!request->poll_waits)
		return mask;
	/* The kernel wakes all poll waiters of a file together, so earlier waiters still need the
	 * events that they asked for. */
	if (!record->poll_armed)
		record->poll_events = 0;
	record->poll_handle = request->poll_handle;
	record->poll_events |= request->poll_events | CUIO_READY_ERR | CUIO_READY_HUP;
	arm(device, true);
	return mask;
}

/* Whether a file's poll waiters must be woken; disarms the file then. */
static bool wake(struct cuio_device *device, uint32_t index)
{
	const struct file_record *record;
	unsigned mask, fresh;

	call_enter(device, SUBJECT_POLL, SLOT_NONE, index);
	mask = ready(device);
	record = device->file.record;
	/* Only events that were not ready before: reporting one twice would be a false edge. */
	fresh = mask & ~record->poll_seen & record->poll_events;
	if (mask != record->poll_seen)
		call_change_file(device)->poll_seen = mask;
	if (fresh)
		arm(device, false);
	call_finish(device);
	return fresh != 0;
}

bool device_poll_ready(struct cuio_device *device, unsigned *left, uint32_t *ret_node,
		       uint64_t *ret_handle)
{
	while (device->due_words && *left) {
		uint32_t index = next_due(device, device->next_due);
		const struct file_record *record;

		if (index == RECORD_FILES)
			index = next_due(device, 0);
		device->next_due = index + 1;
		clear_due(device, index);
		--*left;
		if (!wake(device, index))
			continue;
		record = layout_file(&device->layout, index);
		*ret_node = record->node;
		*ret_handle = record->poll_handle;
		return true;
	}
	return false;
}

bool device_poll_known(struct cuio_device *device, uint32_t *index, uint32_t *ret_node,
		       uint64_t *ret_handle)
{
	for (; *index < RECORD_FILES; ++*index) {
		const struct file_record *record = layout_file(&device->layout, *index);

		if (!record->used || !record->poll_events)
			continue;
		call_enter(device, SUBJECT_POLL, SLOT_NONE, *index);
		arm(device, false);
		call_finish(device);
		*ret_node = record->node;
		*ret_handle = record->poll_handle;
		++*index;
		return true;
	}
	return false;
}

/* --- open and release ------------------------------------------------------------------------ */

ssize_t file_open(struct cuio_device *device, const struct request_record *request)
{
	struct file_record *file = call_change_file(device);
	int r = 0;

	memset(file, 0, device->layout.file_size);
	file->used = 1;
	file->node = request->node;
	file->flags = request->flags;
	file->uid = request->uid;
	file->control = file_is_control(request->flags);
	file->raw_io = file->control && request->uid == 0 && device->raw_access(request->pid);
	if (!file->control) {
		if (device->driver->exclusive && device->record->open_files)
			return -EBUSY;
		if (device->driver->open)
			r = device->driver->open(&device->file);
		if (r == cuio_not_yet)
			return -EIO; /* violates the contract: an open cannot wait */
		if (r >= 0)
			device->record->open_files++;
	}
	if (r < 0)
		return r;
	file_note_used(device, file, +1);
	return 0;
}

void file_close(struct cuio_device *device)
{
	struct file_record *file = call_change_file(device);

	if (!file->control)
		device->record->open_files--;
	file_note_used(device, file, -1);
	file_note_armed(device, device->file.index, false);
	memset(file, 0, device->layout.file_size);
}

ssize_t file_release(struct cuio_device *device)
{
	if (!device->file.record->control && device->driver->release)
		device->driver->release(&device->file);
	file_close(device);
	return 0;
}
