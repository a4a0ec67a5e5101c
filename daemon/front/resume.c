// SPDX-License-Identifier: GPL-2.0-or-later
// After a crash or an upgrade: answers every request that a predecessor left, each once.
#include "front/internal.h"
#include <errno.h>

/* Whether the record of a waiting request and its bytes in the store belong together. */
static bool fits(struct front *front, uint32_t slot, const struct request_record *record)
{
	uint32_t size;
	const void *bytes = request_store_request(front->store, slot, &size);

	return bytes && record->node < front->n_nodes && record->in_size < size &&
	       record->unique == request_store_unique(front->store, slot);
}

int resume_verify(struct front *front)
{
	uint32_t recovered = device_recovered_slot(front->device);
	struct device_answer answer;

	for_each_parked_slot (slot) {
		const struct request_record *record = device_request(front->device, slot);

		if (record->operation != REQUEST_NONE && !fits(front, slot, record))
			return -EBADMSG;
	}
	if (slot_is_received(recovered) && recovered >= front->n_connections)
		return -EBADMSG;
	if (device_recovered_answer(front->device, &answer) &&
	    answer.request->node >= front->n_nodes)
		return -EBADMSG;
	return 0;
}

/* A request that was the end of so many processes is not decoded, or its answer not sent, again. */
static bool take_in_hand(struct front *front, uint32_t slot)
{
	return device_take_in_hand(front->device, slot, request_store_unique(front->store, slot)) >=
	       DEVICE_CRASHES_MAX;
}

void resume_answer(struct front *front)
{
	struct device_answer answer;
	bool given_up;

	if (!device_recovered_answer(front->device, &answer))
		return;
	given_up = take_in_hand(front, answer.slot);
	if (given_up) {
		serve_tell_given_up(answer.request);
		answer.result = -EIO;
		answer.size = 0;
	}
	serve_answer(front, &answer);
	device_put_down(front->device, given_up);
}

/* A move may have been interrupted: a waiting request stays only where its record says. */
static void finish_moves(struct front *front)
{
	for_each_parked_slot (slot) {
		const struct request_record *record = device_request(front->device, slot);
		uint32_t size, received;

		if (!request_store_request(front->store, slot, &size))
			continue;
		if (record->operation == REQUEST_NONE) {
			request_store_clear(front->store, slot);
			continue;
		}
		received = front_connection(front, record->node)->index;
		if (request_store_still_received(front->store, slot, received))
			request_store_clear(front->store, received);
	}
}

/*
 * Calls the request in which the predecessor crashed before any other: the hardware may be in the
 * middle of it, and must not get another request first. (A request in a receive buffer is served
 * before parked requests anyway.)
 */
static void retry_interrupted_calls(struct front *front)
{
	for_each_parked_slot (slot) {
		const struct request_record *record = device_request(front->device, slot);

		if (record->operation != REQUEST_NONE && record->survived == 0 &&
		    device_crashes_inside(front->device, slot) > 0 &&
		    !device_is_locked_for(front->device, slot))
			serve_request(front, slot);
	}
}

static void serve_left(struct front *front)
{
	for (unsigned i = 0; i < front->n_connections; i++) {
		uint32_t size;
		void *bytes = request_store_request(front->store, i, &size);
		bool given_up;

		if (!bytes)
			continue;
		given_up = take_in_hand(front, i);
		if (given_up)
			serve_undecoded(&front->connections[i], bytes);
		else
			serve_received(&front->connections[i], bytes, size);
		device_put_down(front->device, given_up);
	}
}

static void wake_known_poll_waiters(struct front *front)
{
	uint32_t index = 0, node;
	uint64_t handle;

	while (device_poll_known(front->device, &index, &node, &handle))
		channel_notify_poll(&front_connection(front, node)->channel, handle);
}

void resume_requests(struct front *front)
{
	finish_moves(front);
	for_each_parked_slot (slot)
		if (device_request(front->device, slot)->operation != REQUEST_NONE)
			serve_poisoned(front, slot);
	retry_interrupted_calls(front);
	serve_left(front);
	serve_changed(front);
	wake_known_poll_waiters(front);
}
