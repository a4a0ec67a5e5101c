/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The requests as the kernel sent them, in saved memory. A request is stored before it is decoded,
 * and until its answer was sent. A channel's next request is read into its receive buffer. A
 * request that must wait moves to a slot, a large one also to a block of a bounded pool, so that
 * the receive buffer is free for the next request or signal.
 *
 * Slots have the same numbers as the device's request records (device/record.h).
 */
#ifndef FRONT_REQUEST_STORE_H
#define FRONT_REQUEST_STORE_H

#include "base/saved.h"
#include "device/record.h"
#include <stdbool.h>

#define RECEIVE_BUFFER_SIZE	  (CUIO_TRANSFER_MAX + 4096U) /* largest request with headers */
#define REQUEST_STORE_INLINE_SIZE 512U
#define REQUEST_STORE_LARGE	  16U
#define REQUEST_STORE_BLOCKS                                                                       \
	(REQUEST_STORE_LARGE + 1U) /* the last is for the owner of the device's lock */
#define REQUEST_STORE_INIT_SIZE 256U

struct request_store;

void request_store_plan(unsigned n_channels, struct saved_plan *plan);
/* `init`: the opcode of a channel's first request. -EBADMSG: the saved memory was overwritten. */
int request_store_new(const struct saved *saved, unsigned n_channels, uint32_t init, bool fresh,
		      struct request_store **ret);
void request_store_free(struct request_store *store);
/* For tests: writes the sums of what is there. */
void request_store_make_sums(const struct saved *saved, unsigned n_channels);

/* Marks the channel's receive buffer, of RECEIVE_BUFFER_SIZE bytes, empty, and returns it for the
 * next read. */
void *request_store_receive_buffer(struct request_store *store, unsigned channel);
/* The request in a slot as it was received; NULL if the slot is empty. */
void *request_store_request(struct request_store *store, uint32_t slot, uint32_t *ret_size);
/* The kernel's number of the request, which is unique; 0: the slot is empty. */
uint64_t request_store_unique(struct request_store *store, uint32_t slot);
/* The handle for waking a poll request; false: it does not wait. */
bool request_store_poll(struct request_store *store, uint32_t slot, uint64_t *ret_handle);
/*
 * Copies a received request to a free slot and returns it; the receive buffer is unchanged.
 * `keeps`: the request takes the device's lock, for which there is always a slot. `owner`: by root
 * or the node's owner (device/quota.h). SLOT_NONE: no slot or block is free for this user.
 */
uint32_t request_store_move(struct request_store *store, uint32_t received_slot, bool keeps,
			    bool owner);
/* Whether the request in this slot is still in the channel's receive buffer, too. */
bool request_store_still_received(struct request_store *store, uint32_t slot, unsigned channel);
/* Empties the slot of a request that was answered or has moved. */
void request_store_clear(struct request_store *store, uint32_t slot);

/* The CUSE_INIT or FUSE_INIT request that opened the channel, saved for a successor's session. */
int request_store_save_init(struct request_store *store, unsigned channel);
void *request_store_init(struct request_store *store, unsigned channel, uint32_t *ret_size);
bool request_store_init_answered(const struct request_store *store, unsigned channel);
void request_store_set_init_answered(struct request_store *store, unsigned channel);

#endif
