// SPDX-License-Identifier: GPL-2.0-or-later
// After a crash or an upgrade: every request that a predecessor left is answered once.
#include "base/checksum.h"
#include "base/log.h"
#include "front/caller.h"
#include "front/internal.h"
#include <errno.h>

#define CRASHES_MAX 3U /* inside the same request: then it is answered EIO */

/* Whether a request that waits, and its bytes in the store, are of one another. */
static bool fits(struct front *front, uint32_t slot, const struct request_record *record)
{
	uint32_t size;
	const void *bytes = request_store_request(front->store, slot, &size);

	return bytes && record->node < front->n_nodes && record->in_size < size &&
	       (!record->unique || record->unique == request_store_unique(front->store, slot));
}

int resume_verify(struct front *front)
{
	enum device_recovery recovery;
	uint32_t answered;

	for_each_parked_slot (slot) {
		const struct request_record *record = device_request(front->device, slot);

		if (record->operation != REQUEST_NONE && !fits(front, slot, record))
			return -EBADMSG;
	}
	recovery = device_recovery(front->device, &answered);
	if (recovery != DEVICE_CLEAN && slot_is_received(answered) &&
	    answered >= front->n_connections)
		return -EBADMSG;
	return 0;
}

/* libfuse's side of each request that waits, made anew from its bytes. */
static void adopt_parked(struct front *front, uint32_t answered)
{
	for_each_parked_slot (slot) {
		const struct request_record *record = device_request(front->device, slot);
		struct connection *connection;
		uint32_t size;
		void *bytes = request_store_request(front->store, slot, &size);

		if (!bytes)
			continue;
		if (slot == answered) /* its slot is free already, its answer may be on the way */
			record = device_answered_request(front->device, &answered);
		if (record->operation == REQUEST_NONE) {
			/* It was about to move here: it is still where it was received. */
			request_store_clear(front->store, slot);
			continue;
		}
		connection = front_connection(front, record->node);
		if (request_store_still_received(front->store, slot, connection->index))
			request_store_clear(front->store,
					    connection->index); /* it had moved here */
		decode_adopt(connection, slot, bytes, size);
	}
}

static uint32_t crashes(struct front *front, uint32_t slot)
{
	return check16_value(device_request(front->device, slot)->crashes);
}

/* Judged at every start: that of its last death may have been cut short. */
bool request_is_poisoned(struct front *front, uint32_t slot)
{
	const struct request_record *record = device_request(front->device, slot);

	char name[CALLER_NAME_SIZE];

	if (crashes(front, slot) == 0 ||
	    (crashes(front, slot) < CRASHES_MAX && device_may_do_again(front->device, slot)))
		return false;
	caller_name(record->pid, name);
	log_warning("%s by %s, thread %u, answered EIO: the daemon crashed inside it%s",
		    request_operation_name(record->operation), name, record->pid,
		    crashes(front, slot) < CRASHES_MAX ? ", and it is not restartable"
						       : " for the third time");
	serve_cancel(front, slot, -EIO);
	return true;
}

/*
 * The hardware may have seen a part of what was cut short, so nobody comes between: a card that
 * still works at it would not hear of another's. (One that was received just now is served before
 * the others anyway.)
 */
static void retry_interrupted_calls(struct front *front)
{
	for_each_parked_slot (slot) {
		const struct request_record *record = device_request(front->device, slot);

		if (record->operation != REQUEST_NONE && crashes(front, slot) > 0 &&
		    record->survived == 0 && !device_is_locked_for(front->device, slot))
			serve_request(front, slot);
	}
}

static void serve_received(struct front *front)
{
	for (unsigned i = 0; i < front->n_connections; i++) {
		uint32_t size;
		void *bytes = request_store_request(front->store, i, &size);

		if (!bytes)
			continue;
		decode(&front->connections[i], i, bytes, size);
		request_store_clear(front->store, i);
	}
}

static void wake_known_poll_waiters(struct front *front)
{
	uint32_t index = 0, node;
	uint64_t handle;

	while (device_poll_known(front->device, &index, &node, &handle))
		channel_notify_poll(&front_connection(front, node)->channel, handle);
}

void resume_sessions(struct front *front)
{
	enum device_recovery recovery;
	uint32_t slot, size;
	void *bytes;

	recovery = device_recovery(front->device, &slot);
	adopt_parked(front, recovery == DEVICE_ANSWERED ? slot : SLOT_NONE);
	if (recovery == DEVICE_ANSWERED && slot_is_received(slot)) {
		bytes = request_store_request(front->store, slot, &size);
		if (bytes)
			decode_adopt(&front->connections[slot], slot, bytes, size);
	}
	if (recovery == DEVICE_ANSWERED)
		serve_answered(front, slot);
}

void resume_requests(struct front *front)
{
	for_each_parked_slot (slot)
		if (device_request(front->device, slot)->operation != REQUEST_NONE)
			request_is_poisoned(front, slot);
	retry_interrupted_calls(front);
	serve_received(front);
	serve_changed(front);
	wake_known_poll_waiters(front);
}
