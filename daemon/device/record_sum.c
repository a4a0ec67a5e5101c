// SPDX-License-Identifier: GPL-2.0-or-later
// Checksums over committed records.
#include "device/record_sum.h"
#include "base/checksum.h"
#include <string.h>

/* The layout of a kind of record. The functions' `head` is the head's size when the sum was
 * written. */
struct record_kind {
	size_t size, full_head; /* current sizes */
	size_t sum_at;		/* offset of the sum */
	size_t hole;		/* bytes that are not summed, of which the sum is the last word */
};

static uint64_t *sum_of(const struct record_kind *kind, void *record)
{
	return (uint64_t *)(void *)((char *)record + kind->sum_at);
}

/* Sizes of records and of their parts are multiples of a word. */
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

static void write_sum(const struct record_kind *kind, void *record, uint32_t index)
{
	uint64_t *sum = sum_of(kind, record);
	struct fletcher64 fletcher = { .sum = index + 1ULL };

	if (kind->hole == WORD) {
		/* The same result, faster: only the sum itself is not summed. */
		*sum = 0;
		*sum = fletcher64_end(fletcher64_add(fletcher, record, kind->size / WORD));
	} else {
		*sum = make_sum(kind, record, index, kind->full_head);
	}
}

static bool holds(const struct record_kind *kind, const void *record, uint32_t index, size_t head)
{
	uint64_t sum;

	memcpy(&sum, (const char *)record + kind->sum_at, sizeof(sum));
	return sum == make_sum(kind, record, index, head);
}

static struct record_kind devices(const struct layout *layout)
{
	return (struct record_kind){ .size = layout->device_size,
				     .full_head = sizeof(struct device_record),
				     .sum_at = offsetof(struct device_record, sum),
				     .hole = sizeof(uint64_t) };
}

static struct record_kind files(const struct layout *layout)
{
	return (struct record_kind){ .size = layout->file_size,
				     .full_head = sizeof(struct file_record),
				     .sum_at = offsetof(struct file_record, sum),
				     .hole = sizeof(uint64_t) };
}

static struct record_kind requests(const struct layout *layout)
{
	return (struct record_kind){ .size = layout->request_size,
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

/* Whether the transaction answers a request, which leaves no record. */
static bool is_answer(const struct transaction *transaction)
{
	return transaction->slot != SLOT_NONE && transaction->to_slot == SLOT_NONE;
}

/* Includes the fields of an answered request that a successor needs to send the answer. */
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

void record_sum_all(const struct layout *layout)
{
	record_sum_device(layout, layout->device);
	for (uint32_t i = 0; i < RECORD_FILES; i++)
		record_sum_file(layout, layout_file(layout, i), i);
	for_each_parked_slot (slot)
		record_sum_request(layout, layout_request(layout, slot), slot);
}

bool record_sum_device_holds(const struct layout *layout, const void *record, size_t head)
{
	const struct record_kind kind = devices(layout);

	return holds(&kind, record, 0, head);
}

bool record_sum_file_holds(const struct layout *layout, const void *record, uint32_t index,
			   size_t head)
{
	const struct record_kind kind = files(layout);

	return holds(&kind, record, index, head);
}

bool record_sum_request_holds(const struct layout *layout, const void *record, uint32_t slot,
			      size_t head)
{
	const struct record_kind kind = requests(layout);

	return holds(&kind, record, slot, head);
}

bool record_sum_transaction_holds(const struct layout *layout)
{
	return layout->transaction->sum == transaction_sum(layout);
}
