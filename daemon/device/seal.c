// SPDX-License-Identifier: GPL-2.0-or-later
// The sums over committed records.
#include "device/seal.h"
#include "base/checksum.h"
#include "device/transaction.h"
#include <errno.h>
#include <string.h>

/* A record of which `head` bytes were written by whoever sealed it. */
struct sealed {
	const char *area;
	size_t size, full_head; /* as they are now */
	size_t sum_at;		/* the sum; before it what may change beside it */
	size_t hole;		/* bytes, with the sum */
};

static uint64_t *sum_of(const struct sealed *kind, void *record)
{
	return (uint64_t *)(void *)((char *)record + kind->sum_at);
}

/* Sizes of records and of their parts are whole words. */
#define WORD sizeof(uint64_t)

static uint64_t make_sum(const struct sealed *kind, const void *record, uint32_t index, size_t head)
{
	const uint64_t *words = record;
	size_t at = kind->sum_at / WORD, end = head / WORD + (kind->size - kind->full_head) / WORD;
	struct tally tally = { .sum = index + 1ULL };

	if (head == kind->full_head) {
		tally = tally_add(tally, words, end);
	} else {
		tally = tally_add(tally, words, head / WORD);
		tally = tally_add(tally, words + kind->full_head / WORD, end - head / WORD);
	}
	for (size_t i = at + 1 - kind->hole / WORD; i <= at; i++)
		tally = tally_without(tally, words[i], end - 1 - i);
	return tally_end(tally);
}

/* As it was made before there were tallies. */
static uint64_t make_checksum(const struct sealed *kind, const void *record, uint32_t index,
			      size_t head)
{
	const char *bytes = record;
	size_t after = kind->sum_at + sizeof(uint64_t);
	uint64_t sum = checksum(index + 1ULL, bytes, after - kind->hole);

	sum = checksum(sum, bytes + after, head - after);
	return checksum(sum, bytes + kind->full_head, kind->size - kind->full_head);
}

static void seal(const struct sealed *kind, void *record, uint32_t index)
{
	uint64_t *sum = sum_of(kind, record);
	struct tally tally = { .sum = index + 1ULL };

	if (kind->hole == WORD) {
		/* The same, where there is nothing to leave out. */
		*sum = 0;
		*sum = tally_end(tally_add(tally, record, kind->size / WORD));
	} else {
		*sum = make_sum(kind, record, index, kind->full_head);
	}
}

static bool holds(const struct sealed *kind, void *record, uint32_t index, size_t head)
{
	uint64_t sum = *sum_of(kind, record);

	return sum == make_sum(kind, record, index, head) ||
	       sum == make_checksum(kind, record, index, head);
}

static struct sealed devices(const struct layout *layout)
{
	return (struct sealed){ .area = "device",
				.size = layout->device_size,
				.full_head = sizeof(struct device_record),
				.sum_at = offsetof(struct device_record, sum),
				.hole = sizeof(uint64_t) };
}

static struct sealed files(const struct layout *layout)
{
	return (struct sealed){ .area = "files",
				.size = layout->file_size,
				.full_head = sizeof(struct file_record),
				.sum_at = offsetof(struct file_record, sum),
				.hole = sizeof(uint64_t) };
}

static struct sealed requests(const struct layout *layout)
{
	return (struct sealed){ .area = "requests",
				.size = layout->request_size,
				.full_head = sizeof(struct request_record),
				.sum_at = offsetof(struct request_record, sum),
				.hole = offsetof(struct request_record, sum) + sizeof(uint64_t) -
					offsetof(struct request_record, crashes) };
}

void seal_device(const struct layout *layout, struct device_record *record)
{
	const struct sealed kind = devices(layout);

	seal(&kind, record, 0);
}

void seal_file(const struct layout *layout, struct file_record *record, uint32_t index)
{
	const struct sealed kind = files(layout);

	seal(&kind, record, index);
}

void seal_request(const struct layout *layout, struct request_record *record, uint32_t slot)
{
	const struct sealed kind = requests(layout);

	seal(&kind, record, slot);
}

/* It ends with a request, of which nothing is kept. */
static bool is_answer(const struct transaction *transaction)
{
	return transaction->slot != SLOT_NONE && transaction->to_slot == SLOT_NONE;
}

/* With those words of an answered request that a successor needs to send its answer. */
static uint64_t transaction_sum(const struct layout *layout)
{
	const struct transaction *transaction = layout->transaction;
	size_t from = offsetof(struct transaction, slot), end = offsetof(struct transaction, sum);
	const uint64_t *words = (const void *)((const char *)transaction + from);
	struct tally tally = { .sum = transaction->subject + 1ULL };

	if (is_answer(transaction)) {
		const struct request_record *request = layout->request_copy;

		tally.sum += request->operation + ((uint64_t)request->node << 32);
		tally.weighted = request->file;
	}
	return tally_end(tally_add(tally, words, (end - from) / WORD));
}

static bool transaction_sum_holds(const struct layout *layout)
{
	const struct transaction *transaction = layout->transaction;
	size_t from = offsetof(struct transaction, subject),
	       end = offsetof(struct transaction, sum);

	return transaction->sum == transaction_sum(layout) ||
	       transaction->sum == checksum(1, &transaction->subject, end - from);
}

void seal_transaction(const struct layout *layout)
{
	struct transaction *transaction = layout->transaction;

	seal_device(layout, layout->device_copy);
	if (transaction->file != FILE_NONE)
		seal_file(layout, layout->file_copy, transaction->file);
	if (transaction->to_slot != SLOT_NONE)
		seal_request(layout, layout->request_copy, transaction->to_slot);
	transaction->sum = transaction_sum(layout);
}

/* --- a successor ----------------------------------------------------------------------------- */

/* Layout 1 had neither sums nor guards: what it left is taken at its word. */
static void seal_layout_1(const struct layout *layout)
{
	struct transaction *transaction = layout->transaction;

	for (uint32_t slot = 0; slot < RECORD_SLOTS; slot++) {
		struct request_record *request = layout_request(layout, slot);

		request->crashes = guard(request->crashes);
		if (request->operation != REQUEST_NONE)
			continue;
		/* A free slot kept what was there; now it is zero. */
		if (slot >= RECORD_NODES)
			memset(request, 0, layout->request_size);
	}
	layout->request_copy->crashes = guard(layout->request_copy->crashes);
	transaction->phase = guard(transaction->phase);
	transaction->touched = 1; /* for all that is known */
}

void seal_all(const struct layout *layout)
{
	seal_device(layout, layout->device);
	for (uint32_t i = 0; i < RECORD_FILES; i++)
		seal_file(layout, layout_file(layout, i), i);
	for (uint32_t slot = RECORD_NODES; slot < RECORD_SLOTS; slot++)
		seal_request(layout, layout_request(layout, slot), slot);
}

static bool transaction_is_possible(const struct transaction *transaction)
{
	return transaction->subject <= SUBJECT_POLL &&
	       (transaction->slot == SLOT_NONE || transaction->slot < RECORD_SLOTS) &&
	       (transaction->to_slot == SLOT_NONE || transaction->to_slot < RECORD_SLOTS) &&
	       (transaction->file == FILE_NONE || transaction->file < RECORD_FILES) &&
	       transaction->reply_size <= TRANSACTION_REPLY_MAX;
}

static bool transaction_holds(const struct layout *layout, const struct saved *saved)
{
	const struct transaction *transaction = layout->transaction;
	const struct sealed device = devices(layout), file = files(layout),
			    request = requests(layout);
	enum transaction_phase phase = guarded(transaction->phase);

	if (!guard_holds(transaction->phase) || phase > PHASE_APPLYING)
		return false;
	if (phase == PHASE_IDLE)
		return true;
	if (!transaction_is_possible(transaction))
		return false;
	if (transaction->subject == SUBJECT_REQUEST && transaction->slot == SLOT_NONE)
		return false;
	if (phase == PHASE_RUNNING || saved->layout_before == 1)
		return true;
	return transaction_sum_holds(layout) &&
	       holds(&device, layout->device_copy, 0, saved_head_before(saved, "device-copy")) &&
	       (transaction->file == FILE_NONE || holds(&file, layout->file_copy, transaction->file,
							saved_head_before(saved, "file-copy"))) &&
	       (transaction->to_slot == SLOT_NONE ||
		holds(&request, layout->request_copy, transaction->to_slot,
		      saved_head_before(saved, "request-copy")));
}

static bool all_hold(const struct sealed *kind, const struct saved *saved, uint32_t first,
		     uint32_t count)
{
	size_t head = saved_head_before(saved, kind->area);
	char *records = saved_area(saved, kind->area);

	for (uint32_t i = first; i < count; i++) {
		void *record = records + i * kind->size;

		/* The commit that was finished just now is sealed as it is here, not as there. */
		if (!holds(kind, record, i, head) && !holds(kind, record, i, kind->full_head))
			return false;
	}
	return true;
}

static bool guards_hold(const struct layout *layout)
{
	for (uint32_t slot = 0; slot < RECORD_SLOTS; slot++)
		if (!guard_holds(layout_request(layout, slot)->crashes))
			return false;
	return true;
}

/* What is used as an index, also where there is no sum. */
static bool records_are_possible(const struct layout *layout, unsigned n_nodes)
{
	uint32_t holder = layout->device->holder;

	if (holder != SLOT_NONE && (holder < RECORD_NODES || holder >= RECORD_SLOTS))
		return false;
	for (uint32_t i = 0; i < RECORD_FILES; i++) {
		const struct file_record *file = layout_file(layout, i);

		if (file->used && file->node >= n_nodes)
			return false;
	}
	for (uint32_t slot = RECORD_NODES; slot < RECORD_SLOTS; slot++) {
		const struct request_record *request = layout_request(layout, slot);

		if (request->operation > REQUEST_POLL ||
		    (request->operation != REQUEST_NONE && request->node >= n_nodes))
			return false;
	}
	return true;
}

static bool homes_hold(const struct layout *layout, const struct saved *saved)
{
	const struct sealed device = devices(layout), file = files(layout),
			    request = requests(layout);

	return all_hold(&device, saved, 0, 1) && all_hold(&file, saved, 0, RECORD_FILES) &&
	       all_hold(&request, saved, RECORD_NODES, RECORD_SLOTS);
}

int seal_verify(const struct layout *layout, const struct saved *saved, unsigned n_nodes)
{
	if (saved->layout_before == 1)
		seal_layout_1(layout);
	if (!transaction_holds(layout, saved))
		return -EBADMSG;
	/* A commit that was cut short is finished first: it overwrites what it was about to. */
	if (saved->moved && transaction_is_committed(layout))
		seal_transaction(layout);
	transaction_finish(layout);
	if (saved->layout_before != 1 && !homes_hold(layout, saved))
		return -EBADMSG;
	if (!guards_hold(layout) || !records_are_possible(layout, n_nodes))
		return -EBADMSG;
	if (saved->moved)
		seal_all(layout);
	return 0;
}
