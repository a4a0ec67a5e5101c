// SPDX-License-Identifier: GPL-2.0-or-later
// Passes requests to the device, parks them, and sends answers.
#include "base/log.h"
#include "base/probe.h"
#include "device/argument.h"
#include "front/caller.h"
#include "front/internal.h"
#include "front/message.h"
#include <errno.h>

void serve_answer(struct front *front, const struct device_answer *answer)
{
	reply_send(front, answer);
	PROBE("sent");
	request_store_clear(front->store, answer->slot);
	PROBE("cleared");
	device_answered(front->device);
}

static void cancel(struct front *front, uint32_t slot, int error)
{
	struct device_answer answer = device_cancel(front->device, slot, error);

	serve_answer(front, &answer);
}

static const void *caller_data(struct front *front, uint32_t slot)
{
	const struct request_record *record = device_request(front->device, slot);
	uint32_t size;
	const char *bytes = request_store_request(front->store, slot, &size);

	/* The caller's data are at the end of the request, after headers of varying size. */
	return bytes + (size - record->in_size);
}

static uint32_t move(struct front *front, uint32_t slot, bool locks)
{
	const struct request_record *record = device_request(front->device, slot);
	bool owner = device_is_owner(front->device, record->node, record->uid);
	uint32_t to = request_store_move(front->store, slot, locks, owner);

	if (to == SLOT_NONE && quota_must_tell(&front->told, record->uid))
		log_warning(
			"%s: a call of user %u fails with EBUSY: %u calls wait (cuiod(8), LIMITS; "
			"a user's further ones are not logged)",
			front->instance->name, record->uid, device_parked(front->device));
	return to;
}

/* A request that was just received moves, to free its connection's receive buffer. */
static struct device_answer park(struct front *front, uint32_t slot, bool locks)
{
	uint32_t to = slot_is_parked(slot) ? slot : move(front, slot, locks);
	struct device_answer answer = device_park(front->device, to);

	if (answer.waits && to != slot)
		request_store_clear(front->store, slot);
	return answer;
}

void serve_request(struct front *front, uint32_t slot)
{
	struct device_answer answer = device_call(front->device, slot, caller_data(front, slot));

	if (answer.waits)
		answer = park(front, slot, answer.locks);
	if (!answer.waits)
		serve_answer(front, &answer);
}

/* --- received requests ----------------------------------------------------------------------- */

static void give_up(struct front *front, uint32_t slot)
{
	const struct request_record *record = device_request(front->device, slot);
	char name[CALLER_NAME_SIZE];

	caller_name(record->pid, name);
	log_warning("%s by %s, thread %u, answered EIO: the daemon crashed inside it%s",
		    request_operation_name(record->operation), name, record->pid,
		    device_crashes_inside(front->device, slot) < DEVICE_CRASHES_MAX
			    ? ", and it is not restartable"
			    : " for the third time");
	cancel(front, slot, -EIO);
}

/* Checked at every start, because a crash may have interrupted the start that should have
 * answered. */
bool serve_poisoned(struct front *front, uint32_t slot)
{
	if (!device_is_poisoned(front->device, slot))
		return false;
	give_up(front, slot);
	return true;
}

/* Answers a received request without decoding it. A file is closed all the same. */
void serve_undecoded(struct connection *connection, const void *bytes)
{
	struct front *front = connection->front;
	uint32_t slot = connection->index;
	struct request_record *record = device_request(front->device, slot);
	uint64_t handle;

	request_record_reset(record, request_store_unique(front->store, slot));
	record->node = slot;
	record->pid = message_thread(bytes);
	if (message_closes(bytes, &handle) && handle < RECORD_FILES) {
		record->operation = REQUEST_RELEASE;
		record->file = (uint32_t)handle;
	}
	serve_tell_given_up(record);
	if (message_is_answered(bytes))
		cancel(front, slot, -EIO);
	request_store_clear(front->store, slot);
}

void serve_tell_given_up(const struct request_record *record)
{
	char name[CALLER_NAME_SIZE];

	caller_name(record->pid, name);
	log_warning("%s by %s, thread %u, answered EIO: the daemon crashed for the third time "
		    "while it read or answered it",
		    record->operation == REQUEST_NONE ? "a request"
						      : request_operation_name(record->operation),
		    name, record->pid);
}

/* Answers an ioctl whose argument is incomplete: the kernel must copy the argument and repeat the
 * ioctl. Returns whether it was answered, also with an error. */
static bool fetch_argument(const struct connection *connection)
{
	struct front *front = connection->front;
	uint32_t slot = connection->index;
	struct argument_fetch fetch;
	int r = device_fetch(front->device, slot, caller_data(front, slot), &fetch);

	if (r > 0 && front->restricted)
		r = argument_suffices(&fetch, device_request(front->device, slot)) ? 0 : -ENOTTY;
	if (r == 0)
		return false;
	if (r < 0)
		cancel(front, slot, r);
	else
		reply_fetch(connection, &fetch);
	return true;
}

static bool ioctl_retry_needed(const struct connection *connection)
{
	struct cuio_device *device = connection->front->device;

	return device_request(device, connection->index)->operation == REQUEST_IOCTL &&
	       device_fetches(device) && fetch_argument(connection);
}

/* A signal concerns only parked requests. The kernel sends it once, and needs no answer. */
static void interrupt(const struct connection *connection, uint64_t unique)
{
	struct front *front = connection->front;

	for_each_parked_slot (slot) {
		const struct request_record *record = device_request(front->device, slot);
		struct device_answer answer;

		if (record->operation == REQUEST_NONE || record->unique != unique ||
		    front_connection(front, record->node) != connection)
			continue;
		answer = device_signal(front->device, slot);
		if (!answer.waits)
			serve_answer(front, &answer);
		return;
	}
	reply_again(connection);
}

void serve_received(struct connection *connection, void *bytes, uint32_t size)
{
	struct front *front = connection->front;
	uint32_t slot = connection->index;
	uint64_t unique;

	if (message_is_interrupt(bytes, &unique))
		interrupt(connection, unique);
	else if (decode(connection, bytes, size) && !serve_poisoned(front, slot) &&
		 !ioctl_retry_needed(connection))
		serve_request(front, slot);
	/* This also ends requests that need no answer. */
	request_store_clear(front->store, slot);
}

/* --- parked requests ------------------------------------------------------------------------- */

#define CALLS_PER_PART 3U /* a request's price is that of its own call and of so many more */
#define POLLS_PER_PART 64U
#define PARTS_MAX      (2 * RECORD_PARKED / CALLS_PER_PART) /* poll waiters wait for so many */

static unsigned call_parked(struct front *front)
{
	unsigned left = CALLS_PER_PART;
	uint32_t slot;

	while (left && (slot = device_next_turn(front->device)) != SLOT_NONE) {
		serve_request(front, slot);
		left--;
	}
	return left;
}

static void wake_poll_waiters(struct front *front)
{
	unsigned left = POLLS_PER_PART;
	uint32_t node;
	uint64_t handle;

	while (device_poll_ready(front->device, &left, &node, &handle))
		channel_notify_poll(&front_connection(front, node)->channel, handle);
}

void serve_changed(struct front *front)
{
	if (!device_has_turns(front->device))
		return;
	/* A request that is parked goes before a program that is woken: it may take what there is.
	 * But if there is no end of them, poll waiters get their turn, too. */
	if (call_parked(front) || ++front->parts >= PARTS_MAX) {
		wake_poll_waiters(front);
		front->parts = 0;
	}
	if (device_has_turns(front->device))
		loop_defer(front->loop, &front->turns);
}
