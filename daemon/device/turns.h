/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parked requests in the order of their turn, and which of them are due: something happened
 * since they were last called that may let them continue. In the process's own memory, counted from
 * the records at the start.
 */
#ifndef DEVICE_TURNS_H
#define DEVICE_TURNS_H

#include "device/record.h"

#define TURNS_WORDS ((RECORD_PARKED + 63) / 64)

struct turns {
	uint32_t first, last; /* slots; SLOT_NONE */
	struct {
		uint32_t next, previous;
	} of[RECORD_PARKED];
	/* One bit per parked slot: */
	uint64_t parked[TURNS_WORDS];
	uint64_t due[TURNS_WORDS];
	uint64_t looked[TURNS_WORDS]; /* its last call has read the hardware */
	uint64_t timed[TURNS_WORDS];  /* it has a deadline */
	uint32_t at;		      /* the next one to be called; SLOT_NONE: the first */
	uint32_t oldest;	      /* the next one to be called before that; SLOT_NONE */
	uint32_t oldest_left;	      /* how many may be called before that */
};

void turns_init(struct turns *turns);

static inline bool turns_are_empty(const struct turns *turns)
{
	return turns->first == SLOT_NONE;
}

/* The next one in the order of turns; SLOT_NONE: it is the last. */
static inline uint32_t turns_after(const struct turns *turns, uint32_t slot)
{
	return turns->of[slot_parked_index(slot)].next;
}

/* Adds a request behind all others. It is not due. */
void turns_add(struct turns *turns, uint32_t slot);
void turns_remove(struct turns *turns, uint32_t slot);
/* The request was called and goes on waiting. */
void turns_note_called(struct turns *turns, uint32_t slot, bool looked, bool timed);

/* Make all requests due, those that have read the hardware, or one. */
void turns_set_due(struct turns *turns);
void turns_set_looked_due(struct turns *turns);
void turns_set_one_due(struct turns *turns, uint32_t slot);
/* After an interrupt, a timer or a new request: all are due, and the oldest are called first, also
 * if others are still due from before. These go on, too, so that nobody starves. */
void turns_restart(struct turns *turns);

bool turns_any_due(const struct turns *turns);
bool turns_is_due(const struct turns *turns, uint32_t slot);
/* The request to be called next, which must be due; SLOT_NONE: none is. */
uint32_t turns_next(struct turns *turns);

/* Iterates over the requests with a deadline: the first slot after `slot` (SLOT_NONE: of all);
 * SLOT_NONE: there is none. */
uint32_t turns_next_timed(const struct turns *turns, uint32_t slot);

#endif
