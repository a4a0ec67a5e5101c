// SPDX-License-Identifier: GPL-2.0-or-later
// Counts crashes outside of calls.
#include "device/outside.h"
#include "base/alarm.h"
#include "base/checksum.h"
#include <stdatomic.h>

/* A process that has lived as long has no fault that it meets at once. */
#define LIVES_NS (30 * NS_PER_SECOND)

static void order_stores(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

static uint32_t value(const struct outside_record *record)
{
	return check16_holds(record->crashes) ? check16_value(record->crashes) : 0;
}

static void count_in_a_row(struct saved_header *header, bool lived)
{
	if (lived || check16_value(header->crashed_in) != SUBJECT_OUTSIDE)
		header->crashes = 0;
	header->crashed_in = check16(SUBJECT_OUTSIDE);
	header->crashes = check16(check16_value(header->crashes) + 1);
}

void outside_begin(const struct layout *layout, const struct saved *saved, bool outside)
{
	struct outside_record *record = layout->outside;
	uint64_t now = alarm_now();

	if (record->in_hand && outside)
		record->crashes = check16(value(record) + 1);
	order_stores();
	record->in_hand = 0;
	if (outside && saved->end == SAVED_FAULT)
		count_in_a_row(saved->header, now - record->started > LIVES_NS);
	record->started = now;
}

uint32_t outside_take(const struct layout *layout, uint32_t slot, uint64_t unique, bool first)
{
	struct outside_record *record = layout->outside;

	if (record->slot != slot || record->unique != unique) {
		record->crashes = check16(0);
		order_stores();
		record->slot = slot;
		record->unique = unique;
		order_stores();
		record->crashes = check16(first);
	}
	order_stores();
	record->in_hand = 1;
	order_stores();
	return value(record);
}

void outside_put_down(const struct layout *layout, struct saved_header *header, bool given_up)
{
	order_stores();
	layout->outside->in_hand = 0;
	if (given_up && check16_value(header->crashed_in) == SUBJECT_OUTSIDE)
		header->crashes = 0;
}
