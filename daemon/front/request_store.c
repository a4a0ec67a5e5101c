// SPDX-License-Identifier: GPL-2.0-or-later
// The requests as the kernel sent them. A request begins with its length, so a receive buffer whose
// first word is zero is empty: the read that fills it also marks it.
#include "front/request_store.h"
#include "base/checksum.h"
#include "base/cleanup.h"
#include "device/quota.h"
#include "front/message.h"
#include <errno.h>
#include <linux/fuse.h>
#include <stdatomic.h>
#include <string.h>

#define BLOCK_NONE UINT32_MAX
#define SLOT_WORDS ((RECORD_PARKED + 63) / 64)

struct request_store_slot {
	uint32_t size;	/* 0: empty */
	uint32_t block; /* BLOCK_NONE: the request is in `bytes` */
	uint8_t bytes[REQUEST_STORE_INLINE_SIZE];
	uint64_t sum; /* over the request, its size and its block, which are constant */
};

struct request_store_channel {
	uint32_t init_size, init_answered; /* check16() */
	uint8_t init[REQUEST_STORE_INIT_SIZE];
	uint64_t sum; /* over the init */
};

struct request_store {
	unsigned n_channels;
	uint32_t init; /* a channel's first opcode */
	struct request_store_channel *channels;
	struct request_store_slot *slots; /* RECORD_PARKED */
	uint8_t *receive_buffers, *blocks;
	/* Counted from the slots: */
	uint64_t slot_used[SLOT_WORDS]; /* one bit per slot */
	uint32_t n_slots, n_blocks;
	bool block_used[REQUEST_STORE_BLOCKS];
};

static void order_stores(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

void request_store_plan(unsigned n_channels, struct saved_plan *plan)
{
	saved_plan_add(plan, "nodes", n_channels, sizeof(struct request_store_channel), 0);
	saved_plan_add(plan, "slots", RECORD_PARKED, sizeof(struct request_store_slot), 0);
	/* The kernel copies a write's data page by page: page alignment halves the number of
	 * steps. */
	saved_plan_align(plan, sizeof(struct fuse_in_header) + sizeof(struct fuse_write_in));
	saved_plan_add(plan, "receive", n_channels, RECEIVE_BUFFER_SIZE, 0);
	saved_plan_add(plan, "blocks", REQUEST_STORE_BLOCKS, RECEIVE_BUFFER_SIZE, 0);
}

void request_store_free(struct request_store *store)
{
	free(store);
}

static struct fuse_in_header *receive_buffer(struct request_store *store, unsigned channel)
{
	return (void *)(store->receive_buffers + (size_t)channel * RECEIVE_BUFFER_SIZE);
}

void *request_store_receive_buffer(struct request_store *store, unsigned channel)
{
	struct fuse_in_header *header = receive_buffer(store, channel);

	header->len = 0;
	order_stores();
	return header;
}

static uint8_t *slot_bytes(struct request_store *store, struct request_store_slot *slot)
{
	if (slot->block == BLOCK_NONE)
		return slot->bytes;
	return store->blocks + (size_t)slot->block * RECEIVE_BUFFER_SIZE;
}

static inline void *find(struct request_store *store, uint32_t slot, uint32_t *ret_size)
{
	struct request_store_slot *parked;

	if (slot_is_received(slot)) {
		struct fuse_in_header *header = receive_buffer(store, slot);

		*ret_size = header->len;
		return header->len ? header : NULL;
	}
	parked = &store->slots[slot_parked_index(slot)];
	*ret_size = parked->size;
	return parked->size ? slot_bytes(store, parked) : NULL;
}

void *request_store_request(struct request_store *store, uint32_t slot, uint32_t *ret_size)
{
	return find(store, slot, ret_size);
}

uint64_t request_store_unique(struct request_store *store, uint32_t slot)
{
	uint32_t size;
	const struct fuse_in_header *header = find(store, slot, &size);

	return header ? header->unique : 0;
}

bool request_store_poll(struct request_store *store, uint32_t slot, uint64_t *ret_handle)
{
	uint32_t size;
	const struct fuse_in_header *header = request_store_request(store, slot, &size);
	const struct fuse_poll_in *poll = (const void *)(header + 1);

	*ret_handle = poll->kh;
	return poll->flags & FUSE_POLL_SCHEDULE_NOTIFY;
}

static uint64_t slot_sum(struct request_store *store, struct request_store_slot *slot,
			 uint32_t size)
{
	const uint32_t where[] = { size, slot->block };

	return checksum(checksum(1, where, sizeof(where)), slot_bytes(store, slot), size);
}

static uint64_t init_sum(const struct request_store_channel *channel, uint32_t size)
{
	return checksum(size + 1ULL, channel->init, size);
}

static bool slot_is_used(const struct request_store *store, uint32_t i)
{
	return store->slot_used[i / 64] & 1ULL << i % 64;
}

static void set_used(struct request_store *store, uint32_t i, bool used)
{
	bool large = store->slots[i].block != BLOCK_NONE;

	store->slot_used[i / 64] ^= 1ULL << i % 64;
	store->n_slots += used ? 1U : -1U;
	if (!large)
		return;
	store->n_blocks += used ? 1U : -1U;
	store->block_used[store->slots[i].block] = used;
}

/* The requests of one user: all of them, or the large ones. */
static uint32_t count_slots(struct request_store *store, uint32_t uid, bool large)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < RECORD_PARKED; i++) {
		struct request_store_slot *slot = &store->slots[i];
		const struct fuse_in_header *header;

		if (!slot_is_used(store, i) || (large && slot->block == BLOCK_NONE))
			continue;
		header = (const void *)slot_bytes(store, slot);
		count += header->uid == uid;
	}
	return count;
}

static bool is_allowed(struct request_store *store, uint32_t uid, bool large, bool owner)
{
	uint32_t total = large ? REQUEST_STORE_LARGE : RECORD_WAITING;
	uint32_t used = large ? store->n_blocks : store->n_slots;

	return quota_is_plenty(total, used) ||
	       quota_allows(total, used, count_slots(store, uid, large), owner);
}

/* There is one more than the quotas give away. */
static uint32_t find_block(const struct request_store *store)
{
	uint32_t i = 0;

	while (i < REQUEST_STORE_BLOCKS && store->block_used[i])
		i++;
	return i;
}

static uint32_t find_slot(const struct request_store *store)
{
	uint32_t word = 0;

	while (word < SLOT_WORDS - 1 && store->slot_used[word] == UINT64_MAX)
		word++;
	return word * 64 + (uint32_t)__builtin_ctzll(~store->slot_used[word]);
}

uint32_t request_store_move(struct request_store *store, uint32_t received_slot, bool keeps,
			    bool owner)
{
	const struct fuse_in_header *from = receive_buffer(store, received_slot);
	bool large = from->len > REQUEST_STORE_INLINE_SIZE;
	struct request_store_slot *to;
	uint32_t i;

	if (!keeps && (!is_allowed(store, from->uid, false, owner) ||
		       (large && !is_allowed(store, from->uid, true, owner))))
		return SLOT_NONE;
	i = find_slot(store);
	if (i >= RECORD_PARKED || (large && find_block(store) == REQUEST_STORE_BLOCKS))
		return SLOT_NONE;
	to = &store->slots[i];
	to->block = large ? find_block(store) : BLOCK_NONE;
	memcpy(slot_bytes(store, to), from, from->len);
	to->sum = slot_sum(store, to, from->len);
	order_stores();
	to->size = from->len;
	set_used(store, i, true);
	return slot_parked(i);
}

bool request_store_still_received(struct request_store *store, uint32_t slot, unsigned channel)
{
	const struct fuse_in_header *received = receive_buffer(store, channel), *parked;
	uint32_t size;

	parked = request_store_request(store, slot, &size);
	return parked && received->len && received->unique == parked->unique;
}

void request_store_clear(struct request_store *store, uint32_t slot)
{
	struct request_store_slot *parked;

	order_stores();
	if (slot_is_received(slot)) {
		receive_buffer(store, slot)->len = 0;
		return;
	}
	parked = &store->slots[slot_parked_index(slot)];
	if (parked->size)
		set_used(store, slot_parked_index(slot), false);
	parked->size = 0;
	order_stores();
}

int request_store_save_init(struct request_store *store, unsigned channel)
{
	struct request_store_channel *saved = &store->channels[channel];
	const struct fuse_in_header *header = receive_buffer(store, channel);

	if (header->opcode != store->init || header->len > REQUEST_STORE_INIT_SIZE)
		return -EPROTO;
	memcpy(saved->init, header, header->len);
	saved->sum = init_sum(saved, header->len);
	order_stores();
	saved->init_size = header->len;
	request_store_clear(store, channel);
	return 0;
}

void *request_store_init(struct request_store *store, unsigned channel, uint32_t *ret_size)
{
	*ret_size = store->channels[channel].init_size;
	return *ret_size ? store->channels[channel].init : NULL;
}

bool request_store_init_answered(const struct request_store *store, unsigned channel)
{
	return check16_value(store->channels[channel].init_answered);
}

void request_store_set_init_answered(struct request_store *store, unsigned channel)
{
	order_stores();
	store->channels[channel].init_answered = check16(1);
}

/* --- taking over ----------------------------------------------------------------------------- */

static bool channel_holds(struct request_store *store, unsigned i)
{
	struct request_store_channel *channel = &store->channels[i];
	const struct fuse_in_header *received = receive_buffer(store, i),
				    *init = (void *)channel->init;

	if (channel->init_size > REQUEST_STORE_INIT_SIZE || !check16_holds(channel->init_answered))
		return false;
	/* The first start was interrupted: the init is still in the receive buffer. */
	if (!channel->init_size)
		return true;
	return channel->sum == init_sum(channel, channel->init_size) &&
	       init->opcode == store->init &&
	       message_is_possible(channel->init, channel->init_size) &&
	       (!received->len || received->opcode == store->init ||
		message_is_possible(received, received->len));
}

/* Whether the request is within its slot or block. */
static bool slot_is_possible(const struct request_store_slot *slot)
{
	return slot->block == BLOCK_NONE
		       ? slot->size <= REQUEST_STORE_INLINE_SIZE
		       : slot->block < REQUEST_STORE_BLOCKS && slot->size <= RECEIVE_BUFFER_SIZE;
}

static bool slot_holds(struct request_store *store, uint32_t i)
{
	struct request_store_slot *slot = &store->slots[i];

	if (slot->size == 0)
		return true;
	if (!slot_is_possible(slot) ||
	    (slot->block != BLOCK_NONE && store->block_used[slot->block]))
		return false;
	set_used(store, i, true);
	return slot->sum == slot_sum(store, slot, slot->size) &&
	       message_is_possible(slot_bytes(store, slot), slot->size);
}

static int take_over(struct request_store *store)
{
	bool holds = true;

	for (unsigned i = 0; i < store->n_channels; i++)
		holds = holds && channel_holds(store, i);
	for (uint32_t i = 0; i < RECORD_PARKED; i++)
		holds = holds && slot_holds(store, i);
	return holds ? 0 : -EBADMSG;
}

static void find_areas(struct request_store *store, const struct saved *saved)
{
	store->channels = saved_area(saved, "nodes");
	store->slots = saved_area(saved, "slots");
	store->receive_buffers = saved_area(saved, "receive");
	store->blocks = saved_area(saved, "blocks");
}

void request_store_make_sums(const struct saved *saved, unsigned n_channels)
{
	struct request_store store;

	find_areas(&store, saved);
	for (unsigned i = 0; i < n_channels; i++)
		if (store.channels[i].init_size <= REQUEST_STORE_INIT_SIZE)
			store.channels[i].sum =
				init_sum(&store.channels[i], store.channels[i].init_size);
	for (uint32_t i = 0; i < RECORD_PARKED; i++)
		if (slot_is_possible(&store.slots[i]))
			store.slots[i].sum = slot_sum(&store, &store.slots[i], store.slots[i].size);
}

int request_store_new(const struct saved *saved, unsigned n_channels, uint32_t init, bool fresh,
		      struct request_store **ret)
{
	auto_free struct request_store *store = calloc(1, sizeof(*store));
	int r;

	if (!store)
		return -ENOMEM;
	store->n_channels = n_channels;
	store->init = init;
	find_areas(store, saved);
	r = fresh ? 0 : take_over(store);
	if (r < 0)
		return r;
	*ret = take_ptr(store);
	return 0;
}
