// SPDX-License-Identifier: GPL-2.0-or-later
// The parked requests in the order of their turn, and which of them are due.
#include "device/turns.h"
#include <string.h>

/* So many of the oldest are called for an interrupt before an unfinished round goes on. */
#define OLDEST_FIRST 1U

static uint64_t *word_of(uint64_t *words, uint32_t slot)
{
	return &words[slot_parked_index(slot) / 64];
}

static uint64_t bit_of(uint32_t slot)
{
	return 1ULL << slot_parked_index(slot) % 64;
}

static bool has(const uint64_t *words, uint32_t slot)
{
	return words[slot_parked_index(slot) / 64] & bit_of(slot);
}

static void set(uint64_t *words, uint32_t slot, bool value)
{
	uint64_t *word = word_of(words, slot);

	*word = value ? *word | bit_of(slot) : *word & ~bit_of(slot);
}

void turns_init(struct turns *turns)
{
	*turns = (struct turns){
		.first = SLOT_NONE, .last = SLOT_NONE, .at = SLOT_NONE, .oldest = SLOT_NONE
	};
}

void turns_add(struct turns *turns, uint32_t slot)
{
	uint32_t index = slot_parked_index(slot);

	turns->of[index].next = SLOT_NONE;
	turns->of[index].previous = turns->last;
	if (turns->last == SLOT_NONE)
		turns->first = slot;
	else
		turns->of[slot_parked_index(turns->last)].next = slot;
	turns->last = slot;
	set(turns->parked, slot, true);
}

void turns_remove(struct turns *turns, uint32_t slot)
{
	uint32_t next = turns_after(turns, slot),
		 previous = turns->of[slot_parked_index(slot)].previous;

	if (previous == SLOT_NONE)
		turns->first = next;
	else
		turns->of[slot_parked_index(previous)].next = next;
	if (next == SLOT_NONE)
		turns->last = previous;
	else
		turns->of[slot_parked_index(next)].previous = previous;
	if (turns->at == slot)
		turns->at = next;
	if (turns->oldest == slot)
		turns->oldest = next;
	set(turns->parked, slot, false);
	set(turns->due, slot, false);
	set(turns->looked, slot, false);
	set(turns->timed, slot, false);
}

void turns_note_called(struct turns *turns, uint32_t slot, bool looked, bool timed)
{
	set(turns->due, slot, false);
	set(turns->looked, slot, looked);
	set(turns->timed, slot, timed);
}

bool turns_any_due(const struct turns *turns)
{
	uint64_t any = 0;

	for (unsigned i = 0; i < TURNS_WORDS; i++)
		any |= turns->due[i];
	return any;
}

bool turns_is_due(const struct turns *turns, uint32_t slot)
{
	return has(turns->due, slot);
}

/* A new round begins with the oldest. */
static void begin(struct turns *turns)
{
	if (turns_any_due(turns))
		return;
	turns->at = SLOT_NONE;
	turns->oldest_left = 0;
}

void turns_set_due(struct turns *turns)
{
	begin(turns);
	memcpy(turns->due, turns->parked, sizeof(turns->due));
}

void turns_set_looked_due(struct turns *turns)
{
	begin(turns);
	for (unsigned i = 0; i < TURNS_WORDS; i++)
		turns->due[i] |= turns->looked[i];
}

void turns_set_one_due(struct turns *turns, uint32_t slot)
{
	begin(turns);
	set(turns->due, slot, true);
}

void turns_restart(struct turns *turns)
{
	bool unfinished = turns_any_due(turns);

	turns_set_due(turns);
	turns->oldest = turns->first;
	turns->oldest_left = unfinished ? OLDEST_FIRST : 0;
}

/* The first due request from `slot` on, up to the last. */
static uint32_t due_from(const struct turns *turns, uint32_t slot)
{
	while (slot != SLOT_NONE && !has(turns->due, slot))
		slot = turns_after(turns, slot);
	return slot;
}

uint32_t turns_next(struct turns *turns)
{
	uint32_t slot = SLOT_NONE;

	if (!turns_any_due(turns))
		return SLOT_NONE;
	if (turns->oldest_left) {
		turns->oldest_left--;
		slot = due_from(turns, turns->oldest);
		if (slot != SLOT_NONE) {
			turns->oldest = turns_after(turns, slot);
			return slot;
		}
		turns->oldest_left = 0;
	}
	if (turns->at != SLOT_NONE)
		slot = due_from(turns, turns->at);
	if (slot == SLOT_NONE)
		slot = due_from(turns, turns->first);
	turns->at = turns_after(turns, slot);
	return slot;
}

uint32_t turns_next_timed(const struct turns *turns, uint32_t slot)
{
	uint32_t index = slot == SLOT_NONE ? 0 : slot_parked_index(slot) + 1;

	for (; index < RECORD_PARKED; index = (index / 64 + 1) * 64) {
		uint64_t left = turns->timed[index / 64] >> index % 64;

		if (left)
			return slot_parked(index + (uint32_t)__builtin_ctzll(left));
	}
	return SLOT_NONE;
}
