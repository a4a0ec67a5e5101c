/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The requests as the kernel sent them, in saved memory: each is there before anybody has looked at
 * it, and stays until its answer was sent. A channel's next request is read into its receive
 * buffer; one that must wait moves to a slot, large ones with a block of a bounded pool, so that a
 * receive buffer is always free and a signal can always be read.
 *
 * Slots are numbered as the device's request records (device/record.h).
 */
#ifndef FRONT_REQUEST_STORE_H
#define FRONT_REQUEST_STORE_H

#include "base/saved.h"
#include "device/record.h"
#include <stdbool.h>

#define RECEIVE_BUFFER_SIZE                                                                        \
	(CUIO_TRANSFER_MAX + 4096U) /* the largest request, headers included                       \
				     */
#define REQUEST_STORE_INLINE_SIZE 512U
#define REQUEST_STORE_BLOCKS	  17U /* the last is for one that has the device's lock */
#define REQUEST_STORE_INIT_SIZE	  256U

struct request_store;

void request_store_plan(unsigned n_channels, struct saved_plan *plan);
/* `init`: the opcode of a channel's first request. -EBADMSG: what lies in its areas is not what was
 * put there. */
int request_store_new(const struct saved *saved, unsigned n_channels, uint32_t init, bool fresh,
		      struct request_store **ret);
void request_store_free(struct request_store *store);

/* Where the channel's next request is to be read to: RECEIVE_BUFFER_SIZE bytes, marked empty. */
void *request_store_receive_buffer(struct request_store *store, unsigned channel);
/* The request of a slot as it came; NULL if the slot is empty. */
void *request_store_request(struct request_store *store, uint32_t slot, uint32_t *ret_size);
/* The kernel's number for it: no other request ever has the same. */
uint64_t request_store_unique(struct request_store *store, uint32_t slot);
/* The thread that asks, as the kernel numbers them; 0: not known. */
uint32_t request_store_thread(struct request_store *store, uint32_t slot);
/* The handle under which a poll request wants to be woken; false: it does not sleep. */
bool request_store_poll(struct request_store *store, uint32_t slot, uint64_t *ret_handle);
/*
 * Copies a received request to a free slot. SLOT_NONE: no room, which does not happen to the one
 * that has the device's lock. The receive buffer stays as it is.
 */
uint32_t request_store_move(struct request_store *store, uint32_t received_slot, bool keeps);
/* Whether the request that waits in this slot is still where it received, too. */
bool request_store_still_received(struct request_store *store, uint32_t slot, unsigned channel);
/* The request was answered, or has moved away. */
void request_store_clear(struct request_store *store, uint32_t slot);

/* The CUSE_INIT or FUSE_INIT request that opened the channel, kept for a successor's session. */
int request_store_save_init(struct request_store *store, unsigned channel);
void *request_store_init(struct request_store *store, unsigned channel, uint32_t *ret_size);
bool request_store_init_answered(const struct request_store *store, unsigned channel);
void request_store_set_init_answered(struct request_store *store, unsigned channel);

#endif
