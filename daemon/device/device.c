// SPDX-License-Identifier: GPL-2.0-or-later
// A card: created from its setup, started cold or warm, stopped.
#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/raw_access.h"
#include "base/sleep_clock.h"
#include "device/internal.h"
#include "device/outside.h"
#include "device/record_sum.h"
#include "device/recovery.h"
#include <errno.h>
#include <string.h>

void device_plan(const struct cuio_driver *driver, struct saved_plan *plan)
{
	struct layout layout;

	layout_init(&layout, driver);
	layout_plan(&layout, plan);
}

struct turn {
	uint64_t turn;
	uint32_t slot;
};

static int compare_turns(const void *a, const void *b)
{
	const struct turn *left = a, *right = b;

	return (left->turn > right->turn) - (left->turn < right->turn);
}

static void count_parked(struct cuio_device *device)
{
	struct turn parked[RECORD_PARKED];

	for_each_parked_slot (slot) {
		const struct request_record *request = device_request(device, slot);

		if (request->operation == REQUEST_NONE)
			continue;
		parked[device->n_parked++] = (struct turn){ request->turn, slot };
	}
	qsort(parked, device->n_parked, sizeof(parked[0]), compare_turns);
	for (uint32_t i = 0; i < device->n_parked; i++) {
		const struct request_record *request = device_request(device, parked[i].slot);

		turns_add(&device->turns, parked[i].slot);
		turns_note_called(&device->turns, parked[i].slot, true,
				  request->deadline != TIME_NEVER);
	}
}

static void count_records(struct cuio_device *device)
{
	count_parked(device);
	for (uint32_t i = 0; i < RECORD_FILES; i++) {
		const struct file_record *file = layout_file(&device->layout, i);

		file_note_armed(device, i, file->poll_armed != 0);
		if (file->used)
			file_note_used(device, file, +1);
	}
}

/* Describes, for the log, the call in which the process crashed. */
static const char *crash_cause(const struct cuio_device *device)
{
	uint32_t subject = device->layout.transaction->subject;
	uint32_t operation = device->layout.request_copy->operation;

	return subject == SUBJECT_REQUEST && operation != REQUEST_NONE
		       ? request_operation_name(operation)
		       : transaction_subject_name(subject);
}

/* Counts only calls that a successor repeats, such as start or interrupt. Crashes in a request are
 * counted in its record (device_is_poisoned()). */
static void count_crashes_in_a_row(struct saved_header *header, uint32_t subject)
{
	if (subject == SUBJECT_REQUEST || subject == SUBJECT_CANCEL)
		return;
	if (check16_value(header->crashed_in) != subject)
		header->crashes = 0;
	header->crashed_in = check16(subject);
	header->crashes = check16(check16_value(header->crashes) + 1);
}

uint32_t device_crashes(const struct cuio_device *device)
{
	return check16_value(device->saved->header->crashes);
}

uint32_t device_take_in_hand(struct cuio_device *device, uint32_t slot, uint64_t unique)
{
	return outside_take(&device->layout, slot, unique, device->crashed_outside);
}

void device_put_down(struct cuio_device *device, bool given_up)
{
	outside_put_down(&device->layout, device->saved->header, given_up);
}

/* Ends the predecessor's transaction before the records are used. */
static void recover(struct cuio_device *device)
{
	const struct transaction *transaction = device->layout.transaction;
	enum transaction_phase phase = recovery_finish(&device->layout);
	bool answered = phase == PHASE_COMMITTED && transaction->slot != SLOT_NONE &&
			transaction->to_slot == SLOT_NONE;

	if (phase == PHASE_RUNNING) {
		struct saved_header *header = device->saved->header;

		count_crashes_in_a_row(header, transaction->subject);
		snprintf(header->last_crash_cause, sizeof(header->last_crash_cause), "in %s",
			 crash_cause(device));
	} else if (!answered) {
		transaction_end(&device->layout);
	}
	device->crashed_outside =
		device->saved->end != SAVED_EXIT &&
		(phase != PHASE_RUNNING || transaction->subject == SUBJECT_CANCEL);
	outside_begin(&device->layout, device->saved, device->crashed_outside);
	device->recovered_answer = answered;
	if (answered || (phase == PHASE_RUNNING && transaction->subject == SUBJECT_REQUEST))
		device->recovered_slot = transaction->slot;
}

uint32_t device_recovered_slot(const struct cuio_device *device)
{
	return device->recovered_slot;
}

static void clear_records(struct layout *layout)
{
	layout->device->lock_owner = SLOT_NONE;
	for (unsigned i = 0; i < CUIO_TIMERS_MAX; i++)
		layout->device->timers[i] = TIME_NEVER;
	record_sum_all(layout);
}

int device_new(const struct device_setup *setup, struct report *report, struct cuio_device **ret)
{
	struct cuio_device *device = calloc(1, sizeof(*device));
	int r = 0;

	if (!device)
		return -ENOMEM;
	device->instance = setup->instance;
	device->driver = setup->driver;
	device->hardware = setup->hardware;
	device->saved = setup->saved;
	device->slept = setup->slept;
	device->raw_access = setup->raw_access ? setup->raw_access : raw_access_allowed;
	device->interrupt.fd = -1;
	device->recovered_slot = SLOT_NONE;
	turns_init(&device->turns);
	device->file.device = device;
	device->request.device = device;
	layout_init(&device->layout, setup->driver);
	layout_place(&device->layout, setup->saved);
	device->record = device->layout.device;
	if (setup->fresh)
		clear_records(&device->layout);
	else
		r = recovery_verify(&device->layout, setup->saved,
				    (unsigned)setup->instance->n_nodes);
	if (r >= 0)
		r = bind_driver(device, report);
	if (r < 0) {
		device_free(device);
		return r;
	}
	if (!setup->fresh) {
		recover(device);
		count_records(device);
		changes_note_event(device); /* events may have been missed meanwhile */
	}
	*ret = device;
	return 0;
}

void device_free(struct cuio_device *device)
{
	if (!device)
		return;
	device_leave(device);
	free(device->registers);
	free(device->fields);
	free(device);
}

void device_listen(struct cuio_device *device, struct device_listener *listener)
{
	device->listener = listener;
}

/* A crash before the time is noted leads to another start of the same kind. */
static int start_driver(struct cuio_device *device, enum cuio_start how, uint64_t slept)
{
	int r = 0;

	call_enter(device, SUBJECT_START, SLOT_NONE, FILE_NONE);
	if (device->driver->start)
		r = device->driver->start(device, how);
	if (r < 0) {
		transaction_drop(&device->layout);
		call_exit(device);
		return r;
	}
	device->record->started = 1;
	call_finish(device);
	device->layout.outside->slept = slept;
	return 0;
}

int device_start(struct cuio_device *device, struct loop *loop)
{
	bool slept = sleep_clock_grew(device->layout.outside->slept, device->slept);
	enum cuio_start how = !device->record->started ? CUIO_START_COLD
			      : slept		       ? CUIO_START_RESET
						       : CUIO_START_WARM;
	int r = start_driver(device, how, device->slept);

	return r < 0 ? r : events_start(device, loop);
}

int device_wake(struct cuio_device *device, uint64_t slept)
{
	int r;

	if (!sleep_clock_grew(device->layout.outside->slept, slept))
		return 0;
	r = start_driver(device, CUIO_START_RESET, slept);
	if (r < 0)
		return r;
	device_update_alarm(device);
	/* The driver may have ended what requests wait for. */
	call_changed(device);
	return 1;
}

const char *device_error(const struct cuio_device *device)
{
	return device->explanation;
}

void device_leave(struct cuio_device *device)
{
	events_stop(device);
}

void device_stop(struct cuio_device *device)
{
	events_stop(device);
	if (device->driver->stop) {
		call_enter(device, SUBJECT_START, SLOT_NONE, FILE_NONE);
		device->driver->stop(device);
		transaction_drop(&device->layout);
		call_exit(device);
	}
	hardware_interrupt_mask(device->hardware);
}

bool device_is_owner(const struct cuio_device *device, uint32_t node, uid_t user)
{
	return user == 0 || user == device->owners[node];
}

void device_set_owner(struct cuio_device *device, uint32_t node, uid_t owner)
{
	device->owners[node] = owner;
}

const struct instance *device_instance(const struct cuio_device *device)
{
	return device->instance;
}

uint64_t device_size(struct cuio_device *device, uint32_t node)
{
	const struct cuio_driver *driver = device->driver;

	return driver->seekable && driver->node_size ? driver->node_size(device, node) : 0;
}

const struct cuio_driver *device_driver(const struct cuio_device *device)
{
	return device->driver;
}
