// SPDX-License-Identifier: GPL-2.0-or-later
// The initial record of a request, and names of operations and of transactions' subjects.
#include "device/record.h"
#include <stdatomic.h>

void request_record_reset(struct request_record *record, uint64_t unique)
{
	if (record->unique != unique) {
		record->crashes = 0;
		record->survived = 0;
		record->signalled = 0;
		record->touched = 0;
		record->replays = 0;
		atomic_signal_fence(memory_order_seq_cst);
		record->unique = unique;
	}
	record->operation = REQUEST_NONE;
	record->node = 0;
	record->turn = 0;
	record->deadline = TIME_NEVER;
	record->offset = record->position = 0;
	record->argument = record->poll_handle = 0;
	record->file = FILE_NONE;
	record->flags = 0;
	record->pid = record->uid = 0;
	record->size = record->command = 0;
	record->in_size = record->out_size = 0;
	record->poll_events = record->progress = 0;
	record->compat = record->positioned = record->poll_waits = 0;
}

const char *request_operation_name(uint32_t operation)
{
	static const char *const names[] = {
		[REQUEST_NONE] = "none", [REQUEST_OPEN] = "open",   [REQUEST_RELEASE] = "release",
		[REQUEST_READ] = "read", [REQUEST_WRITE] = "write", [REQUEST_IOCTL] = "ioctl",
		[REQUEST_POLL] = "poll",
	};

	return operation < sizeof(names) / sizeof(names[0]) ? names[operation] : "?";
}

const char *transaction_subject_name(uint32_t subject)
{
	static const char *const names[] = {
		[SUBJECT_REQUEST] = "a request",
		[SUBJECT_START] = "start",
		[SUBJECT_INTERRUPT] = "an interrupt",
		[SUBJECT_TIMER] = "a timer",
		[SUBJECT_CANCEL] = "a cancelled request",
		[SUBJECT_POLL] = "the poll of a waiting program",
		[SUBJECT_OUTSIDE] = "no call",
	};

	return subject < sizeof(names) / sizeof(names[0]) ? names[subject] : "?";
}
