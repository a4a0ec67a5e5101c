// SPDX-License-Identifier: GPL-2.0-or-later
// Verifies the previous process's records and ends the transaction that it was in.
#include "device/recovery.h"
#include "base/checksum.h"
#include "device/record_sum.h"
#include "device/transaction.h"
#include <errno.h>
#include <string.h>

#define ERRNO_MAX 511 /* in an answer */

/* --- verification ---------------------------------------------------------------------------- */

/* A request stays in its slot, moves to one for parked requests, or is answered. */
static bool slots_are_possible(const struct transaction *transaction)
{
	uint32_t slot = transaction->slot, to_slot = transaction->to_slot;

	if (slot == SLOT_NONE)
		return to_slot == SLOT_NONE;
	if (!slot_is_valid(slot))
		return false;
	if (to_slot == SLOT_NONE)
		return transaction->result >= -ERRNO_MAX || transaction->result == DEVICE_REPEAT;
	return to_slot == slot || (slot_is_valid(to_slot) && slot_is_parked(to_slot));
}

static bool transaction_is_possible(const struct transaction *transaction)
{
	return transaction->subject <= SUBJECT_POLL && slots_are_possible(transaction) &&
	       (transaction->file == FILE_NONE || transaction->file < RECORD_FILES) &&
	       transaction->reply_size <= TRANSACTION_REPLY_MAX;
}

static bool copies_hold(const struct layout *layout, const struct saved *saved)
{
	const struct transaction *transaction = layout->transaction;

	if (!record_sum_device_holds(layout, layout->device_copy,
				     saved_head_before(saved, "device-copy")))
		return false;
	if (transaction->file != FILE_NONE &&
	    !record_sum_file_holds(layout, layout->file_copy, transaction->file,
				   saved_head_before(saved, "file-copy")))
		return false;
	return transaction->to_slot == SLOT_NONE ||
	       record_sum_request_holds(layout, layout->request_copy, transaction->to_slot,
					saved_head_before(saved, "request-copy"));
}

static bool transaction_holds(const struct layout *layout, const struct saved *saved)
{
	const struct transaction *transaction = layout->transaction;
	enum transaction_phase phase = check16_value(transaction->phase);

	if (!check16_holds(transaction->phase) || phase > PHASE_APPLYING)
		return false;
	if (phase == PHASE_IDLE)
		return true;
	if (!transaction_is_possible(transaction))
		return false;
	if (transaction->subject == SUBJECT_REQUEST && transaction->slot == SLOT_NONE)
		return false;
	return phase == PHASE_RUNNING ||
	       (record_sum_transaction_holds(layout) && copies_hold(layout, saved));
}

/* A record of a commit that was finished just now has a sum over the current head. The others have
 * one over the head before a move. */
static bool records_hold(const struct layout *layout, const struct saved *saved)
{
	size_t device = saved_head_before(saved, "device"),
	       file = saved_head_before(saved, "files"),
	       request = saved_head_before(saved, "requests");

	if (!record_sum_device_holds(layout, layout->device, device) &&
	    !record_sum_device_holds(layout, layout->device, sizeof(struct device_record)))
		return false;
	for (uint32_t i = 0; i < RECORD_FILES; i++) {
		const struct file_record *record = layout_file(layout, i);

		if (!record_sum_file_holds(layout, record, i, file) &&
		    !record_sum_file_holds(layout, record, i, sizeof(*record)))
			return false;
	}
	for_each_parked_slot (slot) {
		const struct request_record *record = layout_request(layout, slot);

		if (!record_sum_request_holds(layout, record, slot, request) &&
		    !record_sum_request_holds(layout, record, slot, sizeof(*record)))
			return false;
	}
	return true;
}

static bool crash_counts_hold(const struct layout *layout)
{
	for_each_slot (slot)
		if (!check16_holds(layout_request(layout, slot)->crashes))
			return false;
	return true;
}

/* Only a request that waits can hold the device's lock: nobody would release it. */
static bool lock_is_possible(const struct layout *layout)
{
	uint32_t owner = layout->device->lock_owner;

	return owner == SLOT_NONE || (slot_is_valid(owner) && slot_is_parked(owner) &&
				      layout_request(layout, owner)->operation != REQUEST_NONE);
}

static bool file_is_possible(const struct file_record *file, unsigned n_nodes)
{
	return file->used ? file->node < n_nodes : !file->poll_armed;
}

/* The sizes are those of a reply's data. The front compares `in_size` with the request's bytes. */
static bool request_is_possible(const struct layout *layout, const struct request_record *request,
				unsigned n_nodes)
{
	if (request->operation == REQUEST_NONE)
		return true;
	return request->operation <= REQUEST_POLL && request->node < n_nodes &&
	       request->size <= CUIO_TRANSFER_MAX && request->in_size <= TRANSACTION_REPLY_MAX &&
	       request->out_size <= TRANSACTION_REPLY_MAX &&
	       request->progress <= request->in_size && request->turn < layout->device->next_turn;
}

/* Checks values that are used as an index or a size, as the sums may be those of a forger. */
static bool records_are_possible(const struct layout *layout, unsigned n_nodes)
{
	if (!lock_is_possible(layout))
		return false;
	for (uint32_t i = 0; i < RECORD_FILES; i++)
		if (!file_is_possible(layout_file(layout, i), n_nodes))
			return false;
	for_each_parked_slot (slot)
		if (!request_is_possible(layout, layout_request(layout, slot), n_nodes))
			return false;
	return true;
}

int recovery_verify(const struct layout *layout, const struct saved *saved, unsigned n_nodes)
{
	if (!transaction_holds(layout, saved))
		return -EBADMSG;
	/* An interrupted commit is finished first, because its records are incomplete. */
	if (saved->moved && transaction_is_committed(layout))
		record_sum_transaction(layout);
	transaction_finish(layout);
	if (!records_hold(layout, saved) || !crash_counts_hold(layout) ||
	    !records_are_possible(layout, n_nodes))
		return -EBADMSG;
	if (saved->moved)
		record_sum_all(layout);
	return 0;
}

/* --- the transaction ------------------------------------------------------------------------- */

/* Counts from the copy, which the call does not change: if this process crashes here, too, its
 * successor gets the same result. */
static void count_crash(const struct layout *layout)
{
	struct request_record *request = layout_request(layout, layout->transaction->slot);
	uint32_t before = layout->request_copy->crashes;

	request->crashes =
		check16(check16_value(check16_holds(before) ? before : request->crashes) + 1);
	request->survived = 0;
	if (layout->transaction->touched)
		request->touched = 1;
}

/* Commits the cause of the interrupt in which the process crashed. May be repeated. */
static void keep_cause(const struct layout *layout)
{
	memcpy(layout->device_copy, layout->device, layout->device_size);
	layout->device_copy->cause |= layout->transaction->cause;
	transaction_checkpoint(layout);
}

enum transaction_phase recovery_finish(const struct layout *layout)
{
	enum transaction_phase phase = check16_value(layout->transaction->phase);

	transaction_finish(layout);
	if (phase == PHASE_APPLYING)
		phase = PHASE_RUNNING;
	/* Count before the transaction is dropped: this process may crash in between. */
	if (phase == PHASE_RUNNING && layout->transaction->subject == SUBJECT_REQUEST)
		count_crash(layout);
	if (phase == PHASE_RUNNING && layout->transaction->subject == SUBJECT_INTERRUPT)
		keep_cause(layout);
	if (phase == PHASE_RUNNING)
		transaction_drop(layout);
	return phase;
}
