// SPDX-License-Identifier: GPL-2.0-or-later
// Committed calls. A successor process reads the stores, not another processor at the same time:
// only the compiler must keep their order.
#include "device/transaction.h"
#include "base/checksum.h"
#include "base/probe.h"
#include "device/record_sum.h"
#include <stdatomic.h>
#include <string.h>

static void set_phase(const struct layout *layout, enum transaction_phase phase)
{
	atomic_signal_fence(memory_order_seq_cst);
	*(volatile uint32_t *)&layout->transaction->phase = check16(phase);
	atomic_signal_fence(memory_order_seq_cst);
}

void transaction_begin(struct layout *layout, enum transaction_subject subject, uint32_t slot)
{
	struct transaction *transaction = layout->transaction;

	transaction->subject = subject;
	transaction->slot = slot;
	transaction->to_slot = slot;
	transaction->file = FILE_NONE;
	transaction->result = 0;
	transaction->reply_size = 0;
	transaction->touched = 0;
	transaction->cause = 0;
	if (!layout->device_copied)
		memcpy(layout->device_copy, layout->device, layout->device_size);
	layout->device_copied = false;
	/* A request in a receive buffer has no state yet. */
	if (slot != SLOT_NONE)
		memcpy(layout->request_copy, layout_request(layout, slot),
		       slot_is_received(slot) ? sizeof(struct request_record)
					      : layout->request_size);
	set_phase(layout, PHASE_RUNNING);
}

struct file_record *transaction_change_file(struct layout *layout, uint32_t file)
{
	if (layout->transaction->file == FILE_NONE) {
		if (file != layout->file_copied)
			memcpy(layout->file_copy, layout_file(layout, file), layout->file_size);
		layout->file_copied = FILE_NONE;
		layout->transaction->file = file;
	}
	return layout->file_copy;
}

/* Erases the record of a parked request. A receive buffer's record is reset by its next request. */
static void clear_slot(const struct layout *layout, uint32_t slot)
{
	struct request_record *request = layout_request(layout, slot);

	request->operation = REQUEST_NONE;
	if (slot_is_received(slot))
		return;
	memset(request, 0, layout->request_size);
	record_sum_request(layout, request, slot);
}

static void apply(const struct layout *layout)
{
	const struct transaction *transaction = layout->transaction;

	memcpy(layout->device, layout->device_copy, layout->device_size);
	PROBE("applying");
	if (transaction->file != FILE_NONE)
		memcpy(layout_file(layout, transaction->file), layout->file_copy,
		       layout->file_size);
	if (transaction->slot != transaction->to_slot)
		clear_slot(layout, transaction->slot);
	if (transaction->to_slot != SLOT_NONE)
		memcpy(layout_request(layout, transaction->to_slot), layout->request_copy,
		       layout->request_size);
}

static bool file_is_unchanged(const struct layout *layout)
{
	uint32_t file = layout->transaction->file;

	return file != FILE_NONE &&
	       memcmp(layout->file_copy, layout_file(layout, file), layout->file_size) == 0;
}

void transaction_commit(struct layout *layout, uint32_t to_slot, int64_t result,
			uint32_t reply_size)
{
	uint32_t file = layout->transaction->file;

	if (file_is_unchanged(layout))
		layout->transaction->file = FILE_NONE;
	layout->transaction->to_slot = to_slot;
	layout->transaction->result = result;
	layout->transaction->reply_size = reply_size;
	record_sum_transaction(layout);
	PROBE("returned");
	set_phase(layout, PHASE_COMMITTED);
	PROBE("committed");
	apply(layout);
	layout->device_copied = true;
	if (file != FILE_NONE)
		layout->file_copied = file;
	PROBE("applied");
}

static bool changes_nothing(const struct layout *layout)
{
	uint32_t slot = layout->transaction->slot;

	return memcmp(layout->device_copy, layout->device, layout->device_size) == 0 &&
	       memcmp(layout->request_copy, layout_request(layout, slot), layout->request_size) ==
		       0 &&
	       (layout->transaction->file == FILE_NONE || file_is_unchanged(layout));
}

void transaction_commit_wait(struct layout *layout)
{
	if (!changes_nothing(layout)) {
		transaction_commit(layout, layout->transaction->slot, cuio_not_yet, 0);
		return;
	}
	PROBE("returned");
	set_phase(layout, PHASE_IDLE);
	layout->device_copied = true;
}

void transaction_checkpoint(const struct layout *layout)
{
	record_sum_transaction(layout);
	set_phase(layout, PHASE_APPLYING);
	apply(layout);
	set_phase(layout, PHASE_RUNNING);
}

void transaction_save_cause(const struct layout *layout, uint64_t cause)
{
	*(volatile uint64_t *)&layout->transaction->cause = cause;
	atomic_signal_fence(memory_order_seq_cst);
}

void transaction_drop(const struct layout *layout)
{
	set_phase(layout, PHASE_IDLE);
}

void transaction_end(const struct layout *layout)
{
	set_phase(layout, PHASE_IDLE);
}

bool transaction_is_committed(const struct layout *layout)
{
	enum transaction_phase phase = check16_value(layout->transaction->phase);

	return phase == PHASE_COMMITTED || phase == PHASE_APPLYING;
}

void transaction_finish(const struct layout *layout)
{
	if (transaction_is_committed(layout))
		apply(layout);
}
