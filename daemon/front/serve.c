// SPDX-License-Identifier: GPL-2.0-or-later
// Requests on their way: down into the device, waiting, and answered. This is where "not yet"
// becomes what the caller asked for: EAGAIN, or to wait.
#include "base/log.h"
#include "base/probe.h"
#include "device/argument.h"
#include "front/internal.h"
#include <errno.h>
#include <fcntl.h>

void serve_answered(struct front *front, uint32_t slot)
{
	reply_send(front, slot);
	PROBE("sent");
	request_store_clear(front->store, slot);
	PROBE("cleared");
	device_answered(front->device);
}

static void answer(struct front *front, uint32_t slot, ssize_t result)
{
	/* The kernel refuses an answer with another error, and its caller would hang. */
	if (result < 0 && (result < -511 || result == -ENOSYS)) {
		log_warning("the driver answered error %zd to %s, which no caller can be told: EIO",
			    -result,
			    request_operation_name(device_request(front->device, slot)->operation));
		result = -EIO;
	}
	device_answer(front->device, result);
	serve_answered(front, slot);
}

static bool must_not_wait(const struct request_record *record)
{
	return (record->operation == REQUEST_READ || record->operation == REQUEST_WRITE) &&
	       (record->flags & O_NONBLOCK);
}

/* Where it waits; SLOT_NONE: there was no room, it was answered. */
static uint32_t park(struct front *front, uint32_t slot)
{
	uint32_t to = slot;

	if (slot_is_received(slot))
		to = request_store_move(front->store, slot, device_is_locked(front->device));
	if (to == SLOT_NONE) {
		answer(front, slot, -EBUSY);
		return SLOT_NONE;
	}
	PROBE("moved");
	device_park(front->device, to);
	PROBE("parked");
	if (to == slot)
		return to;
	front->requests[to] = front->requests[slot];
	front->requests[slot] = NULL;
	request_store_clear(front->store, slot);
	return to;
}

static const void *caller_data(struct front *front, uint32_t slot)
{
	const struct request_record *record = device_request(front->device, slot);
	uint32_t size;
	const char *bytes = request_store_request(front->store, slot, &size);

	/* The caller's data end the request, whatever header comes before them. */
	return bytes + (size - record->in_size);
}

/* Whether "not yet" is an answer, and which. */
static bool must_answer(const struct front *front, const struct request_record *record,
			ssize_t *ret_result)
{
	/* In the middle of something with the hardware nobody turns back. */
	if (device_is_locked(front->device))
		return false;
	/* A later piece of one large read: what has been read so far is the answer. */
	*ret_result = record->operation == REQUEST_READ && record->offset > 0 && !record->positioned
			      ? 0
			      : -EAGAIN;
	return *ret_result == 0 || must_not_wait(record);
}

/* Whether an ioctl that was just received waits for its argument no longer here: it comes again. */
static bool ioctl_retry_needed(struct front *front, uint32_t slot)
{
	struct request_record *record = device_request(front->device, slot);
	struct argument_fetch fetch;
	int r;

	if (record->operation != REQUEST_IOCTL || slot_is_parked(slot) ||
	    !device_fetches(front->device))
		return false;
	r = device_fetch(front->device, slot, caller_data(front, slot), &fetch);
	if (r == 0)
		return false;
	if (r > 0 && front->ops->refuse_fetch)
		r = -(int)front->ops->refuse_fetch;
	if (r < 0) {
		serve_cancel(front, slot, r);
		return true;
	}
	record->operation = REQUEST_NONE;
	reply_fetch(front, slot, &fetch);
	request_store_clear(front->store, slot);
	return true;
}

uint32_t serve_request(struct front *front, uint32_t slot)
{
	const struct request_record *record = device_request(front->device, slot);
	ssize_t result = device_call(front->device, slot, caller_data(front, slot));

	if (result == DEVICE_NOT_BEGUN ||
	    (result == cuio_not_yet && !must_answer(front, record, &result)))
		return park(front, slot);
	answer(front, slot, result);
	return SLOT_NONE;
}

uint32_t serve_new(struct front *front, uint32_t slot)
{
	if (request_is_poisoned(front, slot) || ioctl_retry_needed(front, slot))
		return SLOT_NONE;
	return serve_request(front, slot);
}

void serve_cancel(struct front *front, uint32_t slot, int error)
{
	device_cancel(front->device, slot, error);
	serve_answered(front, slot);
}

void serve_interrupted(struct front *front, uint32_t slot)
{
	serve_cancel(front, slot, -EINTR);
}

/* The parked request whose turn is next after `turn`; SLOT_NONE at the end. */
static uint32_t next_parked(struct front *front, uint64_t turn)
{
	uint32_t left = device_parked(front->device), best = SLOT_NONE;
	uint64_t best_turn = UINT64_MAX;

	/* Low slots are taken first: few are looked at when few wait. */
	for (uint32_t slot = RECORD_NODES; left && slot < RECORD_SLOTS; slot++) {
		const struct request_record *record = device_request(front->device, slot);

		if (record->operation == REQUEST_NONE)
			continue;
		left--;
		if (record->turn < turn || record->turn >= best_turn)
			continue;
		best_turn = record->turn;
		best = slot;
	}
	return best;
}

static void retry_parked(struct front *front)
{
	uint64_t turn = 0;
	uint32_t slot;

	while ((slot = next_parked(front, turn)) != SLOT_NONE) {
		turn = device_request(front->device, slot)->turn + 1;
		if (!device_is_locked_for(front->device, slot))
			serve_request(front, slot);
	}
}

static void wake_poll_waiters(struct front *front)
{
	uint32_t index = 0, node;
	uint64_t handle;

	while (device_poll_ready(front->device, &index, &node, &handle))
		channel_notify_poll(&front_connection(front, node)->channel, handle);
}

/* Something happened. What is answered on the way may let others go on in their turn. */
void serve_changed(struct front *front)
{
	if (front->retrying) {
		front->retry_again = true;
		return;
	}
	front->retrying = true;
	do {
		front->retry_again = false;
		retry_parked(front);
	} while (front->retry_again);
	front->retrying = false;
	wake_poll_waiters(front);
}
