// SPDX-License-Identifier: GPL-2.0-or-later
// Calls the driver for requests and commits the results. cuio_not_yet becomes what the caller asked
// for: EAGAIN, or waiting.
#include "base/checksum.h"
#include "base/log.h"
#include "base/probe.h"
#include "device/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define CALLS_TO_CLEAR_SUSPICION 8U /* calls after which a request is no longer suspect */

uint32_t device_parked(const struct cuio_device *device)
{
	return device->n_parked;
}

const struct cuio_driver_ioctl *request_find_ioctl(const struct cuio_driver *driver,
						   const struct request_record *request)
{
	const struct cuio_driver_ioctl *found = NULL;

	/* An entry for 32-bit callers applies only to them, and is preferred for them. */
	for (size_t i = 0; i < driver->n_ioctls; i++) {
		const struct cuio_driver_ioctl *entry = &driver->ioctls[i];

		if (entry->number != request->command || (entry->compat && !request->compat))
			continue;
		if (!found || entry->compat)
			found = entry;
	}
	return found;
}

bool device_fetches(const struct cuio_device *device)
{
	return device->driver->unrestricted;
}

static bool is_control(const struct cuio_device *device, const struct request_record *request)
{
	return control_is_command(request->command) && request->file < RECORD_FILES &&
	       layout_file(&device->layout, request->file)->control;
}

int device_fetch(const struct cuio_device *device, uint32_t slot, const void *in,
		 struct argument_fetch *ret)
{
	const struct request_record *request = layout_request(&device->layout, slot);
	const struct cuio_driver_ioctl *entry;
	int r;

	if (is_control(device, request)) {
		r = argument_plan_encoded(request, ret);
	} else {
		entry = request_find_ioctl(device->driver, request);
		if (!entry)
			return 0;
		r = argument_plan(entry, request, in, ret);
	}
	return r < 0 ? r : !argument_complete(ret, request);
}

static ssize_t call_entry(struct cuio_device *device, const struct cuio_driver_ioctl *entry,
			  const struct request_record *request, const void *in)
{
	struct argument argument;
	ssize_t result = argument_place(entry, request, in, device->layout.reply, &argument);

	if (result < 0)
		return result;
	device->request.argument = &argument;
	result = entry->call(entry, &device->file, &device->request, argument.main);
	device->request.argument = NULL;
	if (result >= 0)
		device->layout.transaction->reply_size = (uint32_t)argument.gives;
	return result;
}

/* An exclusive device is used by the file that is open, and not past it by a control file. */
static bool is_in_use(const struct cuio_device *device, const struct cuio_driver_ioctl *entry)
{
	return device->driver->exclusive && device->record->open_files && !entry->looks;
}

static ssize_t call_ioctl(struct cuio_device *device, struct request_record *request,
			  const void *in)
{
	const struct cuio_driver *driver = device->driver;
	const struct cuio_driver_ioctl *entry;

	if (device->file.record->control && control_is_command(request->command)) {
		uint8_t *data = device->layout.reply;
		ssize_t result;

		memset(data, 0, request->out_size);
		if (request->in_size)
			memcpy(data, in, request->in_size);
		result = control_ioctl(device, request, data);
		if (result >= 0)
			device->layout.transaction->reply_size = request->out_size;
		return result;
	}
	entry = request_find_ioctl(driver, request);
	if (!entry)
		return driver->unknown_ioctl ? -driver->unknown_ioctl : -ENOTTY;
	if (device->file.record->control && is_in_use(device, entry))
		return -EBUSY;
	return call_entry(device, entry, request, in);
}

static ssize_t call_read(struct cuio_device *device, const struct request_record *request)
{
	ssize_t result;

	if (!device->driver->read)
		return -EINVAL;
	/* Data of other requests must not leak to the caller. */
	if (!device->driver->fills_reads)
		memset(device->layout.reply, 0, request->size);
	result = device->driver->read(&device->file, &device->request, device->layout.reply,
				      request->size);
	if (result > (ssize_t)request->size)
		return -EIO; /* the kernel would reject it */
	if (result > 0)
		device->layout.transaction->reply_size = (uint32_t)result;
	return result;
}

static ssize_t call_driver(struct cuio_device *device, struct request_record *request,
			   const void *in)
{
	switch (request->operation) {
	case REQUEST_OPEN:
		return file_open(device, request);
	case REQUEST_RELEASE:
		return file_release(device);
	case REQUEST_READ:
		return call_read(device, request);
	case REQUEST_WRITE:
		if (!device->driver->write)
			return -EINVAL;
		return device->driver->write(&device->file, &device->request, in, request->in_size);
	case REQUEST_IOCTL:
		return call_ioctl(device, request, in);
	default:
		return -EIO;
	}
}

static bool is_open(const struct cuio_device *device, uint32_t file)
{
	return file < RECORD_FILES && layout_file(&device->layout, file)->used;
}

/* The file of a request; for an open, a free one. */
static uint32_t request_file(struct cuio_device *device, const struct request_record *request)
{
	if (request->operation == REQUEST_OPEN)
		return file_find_free(device, request);
	return request->file;
}

/* A release, a poll, and the open and a query of a control file do not wait for the device's lock.
 */
static bool locked_by_another(const struct cuio_device *device,
			      const struct request_record *request, uint32_t slot)
{
	uint32_t lock_owner = device->record->lock_owner;

	if (lock_owner == SLOT_NONE || lock_owner == slot ||
	    request->operation == REQUEST_RELEASE || request->operation == REQUEST_POLL)
		return false;
	if (request->operation == REQUEST_OPEN)
		return !file_is_control(request->flags);
	return !(device->file.record->control && request->operation == REQUEST_IOCTL &&
		 control_only_looks(request->command));
}

bool device_is_locked_for(const struct cuio_device *device, uint32_t slot)
{
	return device->record->lock_owner != SLOT_NONE && device->record->lock_owner != slot;
}

static void count_replays(struct cuio_device *device)
{
	struct request_record *request = device->request.record;
	uint8_t crashes = (uint8_t)check16_value(request->crashes);

	device->record->replayed += (uint8_t)(crashes - request->replays);
	request->replays = crashes;
}

/* A waiting request is called often, so a crash with another cause may hit it by chance. */
static void clear_crash_suspicion(struct request_record *request)
{
	if (request->crashes && ++request->survived == CALLS_TO_CLEAR_SUSPICION)
		request->crashes = request->survived = request->touched = request->replays = 0;
}

/* fcntl(2) changes them without a request. */
static void keep_flags(struct cuio_device *device, uint32_t flags)
{
	uint32_t before = device->file.record->flags;

	flags |= before & ~(uint32_t)O_NONBLOCK;
	if (flags != before)
		call_change_file(device)->flags = flags;
}

/* A write that cannot wait for its rest returns the number of bytes that are done. */
static ssize_t short_write_result(const struct request_record *request, ssize_t result)
{
	bool turned = result == -EAGAIN || result == -EINTR || result == -EBUSY;

	return turned && request->operation == REQUEST_WRITE && request->progress
		       ? (ssize_t)request->progress
		       : result;
}

/* The kernel rejects an answer with any other error, and the caller would hang. */
static ssize_t possible_result(const struct request_record *request, ssize_t result)
{
	if (result >= 0 || (result >= -511 && result != -ENOSYS))
		return result;
	log_warning("the driver answered error %zd to %s, which no caller can be told: EIO",
		    -result, request_operation_name(request->operation));
	return -EIO;
}

static struct device_answer committed_answer(const struct cuio_device *device)
{
	const struct transaction *transaction = device->layout.transaction;

	return (struct device_answer){
		.slot = transaction->slot,
		.request = device->layout.request_copy,
		.result = (ssize_t)transaction->result,
		.data = device->layout.reply,
		.size = transaction->reply_size,
	};
}

static bool timers_differ(const struct cuio_device *device)
{
	const struct layout *layout = &device->layout;

	return device->driver->n_timers &&
	       memcmp(layout->device_copy->timers, layout->device->timers,
		      sizeof(layout->device->timers)) != 0;
}

static void forget_parked(struct cuio_device *device, uint32_t slot)
{
	device->n_parked--;
	turns_remove(&device->turns, slot);
	device->alarm_is_late |= deadline_is_next(device, device_request(device, slot)->deadline);
}

static struct device_answer answer(struct cuio_device *device, ssize_t result)
{
	const struct transaction *transaction = device->layout.transaction;
	const struct request_record *request = device->request.record;

	if (request->operation != REQUEST_POLL) {
		device->record->requests++;
		changes_note_call(device);
		device->alarm_is_late |= timers_differ(device);
	}
	if (slot_is_parked(transaction->slot))
		forget_parked(device, transaction->slot);
	result = short_write_result(request, result);
	transaction_commit(&device->layout, SLOT_NONE, result,
			   result < 0 ? 0 : transaction->reply_size);
	call_exit(device);
	return committed_answer(device);
}

/* Converts cuio_not_yet for this caller: an answer, or cuio_not_yet to wait. */
static ssize_t not_yet_result(const struct cuio_device *device, struct request_record *request)
{
	/* The request is in the middle of a hardware sequence and must be completed. */
	if (device->request.hold)
		return cuio_not_yet;
	/* This is a later piece of a large read: the bytes read so far are the answer. */
	if (request->operation == REQUEST_READ && request->offset > 0)
		return 0;
	if ((request->operation == REQUEST_READ || request->operation == REQUEST_WRITE) &&
	    (request->flags & O_NONBLOCK))
		return -EAGAIN;
	/* The signal that came while it held the lock. */
	if (request->signalled)
		return signal_result(device, request);
	return cuio_not_yet;
}

static struct device_answer must_wait(const struct cuio_device *device)
{
	return (struct device_answer){ .waits = true, .locks = device->request.hold };
}

struct device_answer device_call(struct cuio_device *device, uint32_t slot, const void *in)
{
	struct request_record *request = device_request(device, slot);
	uint32_t file = request_file(device, request);
	ssize_t result;

	if (request->operation != REQUEST_OPEN && !is_open(device, file)) {
		call_enter(device, SUBJECT_REQUEST, slot, FILE_NONE);
		return answer(device, -EBADF);
	}
	call_enter(device, SUBJECT_REQUEST, slot, file);
	if (request->operation == REQUEST_OPEN && file == FILE_NONE)
		return answer(device, -ENFILE);
	if (locked_by_another(device, request, slot))
		return must_wait(device);
	request = device->request.record;
	count_replays(device);
	if (request->operation == REQUEST_POLL)
		return answer(device, file_poll(device, request));
	request->file = file;
	request->deadline = TIME_NEVER;
	if (request->operation != REQUEST_OPEN)
		keep_flags(device, request->flags);
	if (device->record->lock_owner == slot)
		device->record->lock_owner = SLOT_NONE;
	result = call_driver(device, request, in);
	if (result == cuio_not_yet) {
		clear_crash_suspicion(request);
		result = not_yet_result(device, request);
		if (result == cuio_not_yet)
			return must_wait(device);
	} else {
		result = possible_result(request, result);
	}
	if (result < 0 && request->operation == REQUEST_OPEN)
		device->layout.transaction->file = FILE_NONE; /* the open failed */
	return answer(device, result);
}

struct device_answer device_park(struct cuio_device *device, uint32_t to_slot)
{
	const struct transaction *transaction = device->layout.transaction;
	struct request_record *request = device->request.record;
	uint64_t deadline = request->deadline;

	if (to_slot == SLOT_NONE)
		return answer(device, -EBUSY);
	PROBE("moved");
	signal_note_acts(device, request);
	if (slot_is_received(transaction->slot)) {
		request->turn = device->record->next_turn++;
		device->n_parked++;
		turns_add(&device->turns, to_slot);
	}
	turns_note_called(&device->turns, to_slot, device->looked, request->deadline != TIME_NEVER);
	device->alarm_is_late |= timers_differ(device);
	if (to_slot == transaction->slot && device_request(device, to_slot)->deadline != deadline)
		device->alarm_is_late |=
			deadline_is_next(device, device_request(device, to_slot)->deadline);
	if (device->request.hold)
		device->record->lock_owner = to_slot;
	call_need_state(device);
	/* It has let go of the device without an answer. */
	if (device->layout.device->lock_owner != SLOT_NONE &&
	    device->record->lock_owner == SLOT_NONE)
		turns_set_due(&device->turns);
	if (to_slot == transaction->slot)
		transaction_commit_wait(&device->layout);
	else
		transaction_commit(&device->layout, to_slot, cuio_not_yet, 0);
	call_exit(device);
	transaction_end(&device->layout);
	if (device->alarm_is_late)
		device_update_alarm(device);
	else
		deadline_add(device, deadline);
	PROBE("parked");
	return must_wait(device);
}

struct device_answer device_cancel(struct cuio_device *device, uint32_t slot, int error)
{
	const struct request_record *request = device_request(device, slot);
	/* The kernel sends one release per file: the file is closed even without the driver. */
	bool closes = request->operation == REQUEST_RELEASE && is_open(device, request->file);

	call_enter(device, SUBJECT_CANCEL, slot, closes ? request->file : FILE_NONE);
	if (closes)
		file_close(device);
	if (device->record->lock_owner == slot)
		device->record->lock_owner = SLOT_NONE;
	if (error == -EIO) {
		device->record->crash_errors++;
		if (request->crashes)
			device->record->replayed--; /* the last is not followed by a replay */
		count_replays(device);
	}
	return answer(device, error);
}

bool device_recovered_answer(const struct cuio_device *device, struct device_answer *ret)
{
	if (device->recovered_answer)
		*ret = committed_answer(device);
	return device->recovered_answer;
}

void device_answered(struct cuio_device *device)
{
	transaction_end(&device->layout);
	if (device->alarm_is_late)
		device_update_alarm(device);
}
