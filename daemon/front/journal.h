/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The requests as the kernel sent them, in saved memory: each is there before anybody has looked at
 * it, and stays until its answer was sent. A channel's next request lands in its landing place;
 * one that must wait moves to a slot, large ones with a block of a bounded pool, so that a landing
 * place is always free and a signal can always be read.
 *
 * Slots are numbered as the device's request records (device/record.h).
 */
#ifndef FRONT_JOURNAL_H
#define FRONT_JOURNAL_H

#include "base/saved.h"
#include "device/record.h"
#include <stdbool.h>

#define JOURNAL_LANDING_SIZE                                                                       \
	(DRIVER_TRANSFER_MAX + 4096U) /* the largest request, headers included */
#define JOURNAL_INLINE_SIZE 512U
#define JOURNAL_BLOCKS	    17U /* the last is for one that keeps the device */
#define JOURNAL_INIT_SIZE   256U

struct journal;

void journal_plan(unsigned n_channels, struct saved_plan *plan);
/* `init`: the opcode of a channel's first request. -EBADMSG: what lies in its areas is not what was
 * put there. */
int journal_new(const struct saved *saved, unsigned n_channels, uint32_t init, bool fresh,
		struct journal **ret);
void journal_free(struct journal *journal);

/* Where the channel's next request is to be read to: JOURNAL_LANDING_SIZE bytes, marked empty. */
void *journal_landing(struct journal *journal, unsigned channel);
/* The request of a slot as it came; NULL if the slot is empty. */
void *journal_request(struct journal *journal, uint32_t slot, uint32_t *ret_size);
/* The kernel's number for it: no other request ever has the same. */
uint64_t journal_unique(struct journal *journal, uint32_t slot);
/* The thread that asks, as the kernel numbers them; 0: not known. */
uint32_t journal_thread(struct journal *journal, uint32_t slot);
/* The handle under which a poll request wants to be woken; false: it does not sleep. */
bool journal_poll(struct journal *journal, uint32_t slot, uint64_t *ret_handle);
/*
 * Copies a landed request to a free slot. SLOT_NONE: no room, which does not happen to the one that
 * keeps the device. The landing place stays as it is.
 */
uint32_t journal_move(struct journal *journal, uint32_t landing_slot, bool keeps);
/* Whether the request that waits in this slot is still where it landed, too. */
bool journal_still_landed(struct journal *journal, uint32_t slot, unsigned channel);
/* The request was answered, or has moved away. */
void journal_clear(struct journal *journal, uint32_t slot);

/* The CUSE_INIT or FUSE_INIT request that opened the channel, kept for a successor's session. */
int journal_save_init(struct journal *journal, unsigned channel);
void *journal_init(struct journal *journal, unsigned channel, uint32_t *ret_size);
bool journal_init_answered(const struct journal *journal, unsigned channel);
void journal_set_init_answered(struct journal *journal, unsigned channel);

#endif
