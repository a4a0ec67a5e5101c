// SPDX-License-Identifier: GPL-2.0-or-later
// The sums over committed records.
#include "device/record_sum.h"
#include "base/checksum.h"
#include "device/transaction.h"
#include <errno.h>
#include <string.h>

/* A record of which `head` bytes were written by whoever wrote the sum. */
struct record_kind {
	const char *area;
	size_t size, full_head; /* as they are now */
	size_t sum_at;		/* the sum; before it what may change beside it */
	size_t hole;		/* bytes, with the sum */
};

static uint64_t *sum_of(const struct record_kind *kind, void *record)
{
	return (uint64_t *)(void *)((char *)record + kind->sum_at);
}

/* Sizes of records and of their parts are whole words. */
#define WORD sizeof(uint64_t)

static uint64_t make_sum(const struct record_kind *kind, const void *record, uint32_t index,
			 size_t head)
{
	const uint64_t *words = record;
	size_t at = kind->sum_at / WORD, end = head / WORD + (kind->size - kind->full_head) / WORD;
	struct fletcher64 fletcher = { .sum = index + 1ULL };

	if (head == kind->full_head) {
		fletcher = fletcher64_add(fletcher, words, end);
	} else {
		fletcher = fletcher64_add(fletcher, words, head / WORD);
		fletcher =
			fletcher64_add(fletcher, words + kind->full_head / WORD, end - head / WORD);
	}
	for (size_t i = at + 1 - kind->hole / WORD; i <= at; i++)
		fletcher = fletcher64_without(fletcher, words[i], end - 1 - i);
	return fletcher64_end(fletcher);
}

/* As it was made before there were tallies. */
static uint64_t make_checksum(const struct record_kind *kind, const void *record, uint32_t index,
			      size_t head)
{
	const char *bytes = record;
	size_t after = kind->sum_at + sizeof(uint64_t);
	uint64_t sum = checksum(index + 1ULL, bytes, after - kind->hole);

	sum = checksum(sum, bytes + after, head - after);
	return checksum(sum, bytes + kind->full_head, kind->size - kind->full_head);
}

static void write_sum(const struct record_kind *kind, void *record, uint32_t index)
{
	uint64_t *sum = sum_of(kind, record);
	struct fletcher64 fletcher = { .sum = index + 1ULL };

	if (kind->hole == WORD) {
		/* The same, where there is nothing to leave out. */
		*sum = 0;
		*sum = fletcher64_end(fletcher64_add(fletcher, record, kind->size / WORD));
	} else {
		*sum = make_sum(kind, record, index, kind->full_head);
	}
}

static bool holds(const struct record_kind *kind, void *record, uint32_t index, size_t head)
{
	uint64_t sum = *sum_of(kind, record);

	return sum == make_sum(kind, record, index, head) ||
	       sum == make_checksum(kind, record, index, head);
}

static struct record_kind devices(const struct layout *layout)
{
	return (struct record_kind){ .area = "device",
				     .size = layout->device_size,
				     .full_head = sizeof(struct device_record),
				     .sum_at = offsetof(struct device_record, sum),
				     .hole = sizeof(uint64_t) };
}

static struct record_kind files(const struct layout *layout)
{
	return (struct record_kind){ .area = "files",
				     .size = layout->file_size,
				     .full_head = sizeof(struct file_record),
				     .sum_at = offsetof(struct file_record, sum),
				     .hole = sizeof(uint64_t) };
}

static struct record_kind requests(const struct layout *layout)
{
	return (struct record_kind){ .area = "requests",
				     .size = layout->request_size,
				     .full_head = sizeof(struct request_record),
				     .sum_at = offsetof(struct request_record, sum),
				     .hole = offsetof(struct request_record, sum) +
					     sizeof(uint64_t) -
					     offsetof(struct request_record, crashes) };
}

void record_sum_device(const struct layout *layout, struct device_record *record)
{
	const struct record_kind kind = devices(layout);

	write_sum(&kind, record, 0);
}

void record_sum_file(const struct layout *layout, struct file_record *record, uint32_t index)
{
	const struct record_kind kind = files(layout);

	write_sum(&kind, record, index);
}

void record_sum_request(const struct layout *layout, struct request_record *record, uint32_t slot)
{
	const struct record_kind kind = requests(layout);

	write_sum(&kind, record, slot);
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
	struct fletcher64 fletcher = { .sum = transaction->subject + 1ULL };

	if (is_answer(transaction)) {
		const struct request_record *request = layout->request_copy;

		fletcher.sum += request->operation + ((uint64_t)request->node << 32);
		fletcher.weighted = request->file;
	}
	return fletcher64_end(fletcher64_add(fletcher, words, (end - from) / WORD));
}

static bool transaction_sum_holds(const struct layout *layout)
{
	const struct transaction *transaction = layout->transaction;
	size_t from = offsetof(struct transaction, subject),
	       end = offsetof(struct transaction, sum);

	return transaction->sum == transaction_sum(layout) ||
	       transaction->sum == checksum(1, &transaction->subject, end - from);
}

void record_sum_transaction(const struct layout *layout)
{
	struct transaction *transaction = layout->transaction;

	record_sum_device(layout, layout->device_copy);
	if (transaction->file != FILE_NONE)
		record_sum_file(layout, layout->file_copy, transaction->file);
	if (transaction->to_slot != SLOT_NONE)
		record_sum_request(layout, layout->request_copy, transaction->to_slot);
	transaction->sum = transaction_sum(layout);
}

/* --- a successor ----------------------------------------------------------------------------- */

/* Layout 1 had neither sums nor guards: what it left is taken at its word. */
static void seal_layout_1(const struct layout *layout)
{
	struct transaction *transaction = layout->transaction;

	for (uint32_t slot = 0; slot < RECORD_SLOTS; slot++) {
		struct request_record *request = layout_request(layout, slot);

		request->crashes = check16(request->crashes);
		if (request->operation != REQUEST_NONE)
			continue;
		/* A free slot kept what was there; now it is zero. */
		if (slot >= RECORD_NODES)
			memset(request, 0, layout->request_size);
	}
	layout->request_copy->crashes = check16(layout->request_copy->crashes);
	transaction->phase = check16(transaction->phase);
	transaction->touched = 1; /* for all that is known */
}

void record_sum_all(const struct layout *layout)
{
	record_sum_device(layout, layout->device);
	for (uint32_t i = 0; i < RECORD_FILES; i++)
		record_sum_file(layout, layout_file(layout, i), i);
	for (uint32_t slot = RECORD_NODES; slot < RECORD_SLOTS; slot++)
		record_sum_request(layout, layout_request(layout, slot), slot);
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
	const struct record_kind device = devices(layout), file = files(layout),
				 request = requests(layout);
	enum transaction_phase phase = check16_value(transaction->phase);

	if (!check16_holds(transaction->phase) || phase > PHASE_APPLYING)
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

static bool all_hold(const struct record_kind *kind, const struct saved *saved, uint32_t first,
		     uint32_t count)
{
	size_t head = saved_head_before(saved, kind->area);
	char *records = saved_area(saved, kind->area);

	for (uint32_t i = first; i < count; i++) {
		void *record = records + i * kind->size;

		/* The commit that was finished just now has its sum as it is here, not as there. */
		if (!holds(kind, record, i, head) && !holds(kind, record, i, kind->full_head))
			return false;
	}
	return true;
}

static bool guards_hold(const struct layout *layout)
{
	for (uint32_t slot = 0; slot < RECORD_SLOTS; slot++)
		if (!check16_holds(layout_request(layout, slot)->crashes))
			return false;
	return true;
}

/* What is used as an index, also where there is no sum. */
static bool records_are_possible(const struct layout *layout, unsigned n_nodes)
{
	uint32_t lock_owner = layout->device->lock_owner;

	if (lock_owner != SLOT_NONE && (lock_owner < RECORD_NODES || lock_owner >= RECORD_SLOTS))
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
	const struct record_kind device = devices(layout), file = files(layout),
				 request = requests(layout);

	return all_hold(&device, saved, 0, 1) && all_hold(&file, saved, 0, RECORD_FILES) &&
	       all_hold(&request, saved, RECORD_NODES, RECORD_SLOTS);
}

int record_sum_verify(const struct layout *layout, const struct saved *saved, unsigned n_nodes)
{
	if (saved->layout_before == 1)
		seal_layout_1(layout);
	if (!transaction_holds(layout, saved))
		return -EBADMSG;
	/* A commit that was cut short is finished first: it overwrites what it was about to. */
	if (saved->moved && transaction_is_committed(layout))
		record_sum_transaction(layout);
	transaction_finish(layout);
	if (saved->layout_before != 1 && !homes_hold(layout, saved))
		return -EBADMSG;
	if (!guards_hold(layout) || !records_are_possible(layout, n_nodes))
		return -EBADMSG;
	if (saved->moved)
		record_sum_all(layout);
	return 0;
}
