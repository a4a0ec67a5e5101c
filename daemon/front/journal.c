// SPDX-License-Identifier: GPL-2.0-or-later
// The requests as the kernel sent them. Every request begins with its own length, so a buffer whose
// first word is zero is empty: the read that fills it also marks it.
#include "front/journal.h"
#include "base/checksum.h"
#include "base/cleanup.h"
#include "front/message.h"
#include <errno.h>
#include <linux/fuse.h>
#include <stdatomic.h>
#include <string.h>

#define BLOCK_NONE UINT32_MAX

struct journal_slot {
	uint32_t size;	/* 0: empty */
	uint32_t block; /* BLOCK_NONE: the request is in `bytes` */
	uint8_t bytes[JOURNAL_INLINE_SIZE];
	uint64_t sum; /* of the request and where it is; it is not changed while it waits */
};

struct journal_channel {
	uint32_t init_size, init_answered; /* guarded */
	uint8_t init[JOURNAL_INIT_SIZE];
	uint64_t sum; /* of the init */
};

struct journal {
	unsigned n_channels;
	uint32_t init; /* a channel's first opcode */
	struct journal_channel *channels;
	struct journal_slot *slots; /* RECORD_PARKED */
	uint8_t *landings, *blocks;
	bool block_used[JOURNAL_BLOCKS];
};

static void order_stores(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

/* Heads of layout 1: what came before `sum`. */
#define CHANNEL_HEAD_1 offsetof(struct journal_channel, sum)
#define SLOT_HEAD_1    offsetof(struct journal_slot, sum)

void journal_plan(unsigned n_channels, struct saved_plan *plan)
{
	saved_plan_add(plan, "nodes", n_channels, sizeof(struct journal_channel), 0,
		       (struct saved_shape_1){ .head = CHANNEL_HEAD_1 });
	saved_plan_add(plan, "slots", RECORD_PARKED, sizeof(struct journal_slot), 0,
		       (struct saved_shape_1){ .head = SLOT_HEAD_1 });
	/* The kernel copies a write's data by pages: in half the steps if they begin on one. */
	saved_plan_align(plan, sizeof(struct fuse_in_header) + sizeof(struct fuse_write_in));
	saved_plan_add(plan, "landings", n_channels, JOURNAL_LANDING_SIZE, 0,
		       (struct saved_shape_1){ .head = JOURNAL_LANDING_SIZE });
	saved_plan_add(plan, "blocks", JOURNAL_BLOCKS, JOURNAL_LANDING_SIZE, 0,
		       (struct saved_shape_1){ .head = JOURNAL_LANDING_SIZE });
}

void journal_free(struct journal *journal)
{
	free(journal);
}

static struct fuse_in_header *landing(struct journal *journal, unsigned channel)
{
	return (void *)(journal->landings + (size_t)channel * JOURNAL_LANDING_SIZE);
}

void *journal_landing(struct journal *journal, unsigned channel)
{
	struct fuse_in_header *header = landing(journal, channel);

	header->len = 0;
	order_stores();
	return header;
}

static uint8_t *slot_bytes(struct journal *journal, struct journal_slot *slot)
{
	if (slot->block == BLOCK_NONE)
		return slot->bytes;
	return journal->blocks + (size_t)slot->block * JOURNAL_LANDING_SIZE;
}

void *journal_request(struct journal *journal, uint32_t slot, uint32_t *ret_size)
{
	struct journal_slot *parked;

	if (slot < RECORD_NODES) {
		struct fuse_in_header *header = landing(journal, slot);

		*ret_size = header->len;
		return header->len ? header : NULL;
	}
	parked = &journal->slots[slot - RECORD_NODES];
	*ret_size = parked->size;
	return parked->size ? slot_bytes(journal, parked) : NULL;
}

uint64_t journal_unique(struct journal *journal, uint32_t slot)
{
	uint32_t size;
	const struct fuse_in_header *header = journal_request(journal, slot, &size);

	return header ? header->unique : 0;
}

uint32_t journal_thread(struct journal *journal, uint32_t slot)
{
	uint32_t size;
	const struct fuse_in_header *header = journal_request(journal, slot, &size);

	return header ? header->pid : 0;
}

bool journal_poll(struct journal *journal, uint32_t slot, uint64_t *ret_handle)
{
	uint32_t size;
	const struct fuse_in_header *header = journal_request(journal, slot, &size);
	const struct fuse_poll_in *poll = (const void *)(header + 1);

	*ret_handle = poll->kh;
	return poll->flags & FUSE_POLL_SCHEDULE_NOTIFY;
}

static uint64_t slot_sum(struct journal *journal, struct journal_slot *slot, uint32_t size)
{
	const uint32_t where[] = { size, slot->block };

	return checksum(checksum(1, where, sizeof(where)), slot_bytes(journal, slot), size);
}

static uint64_t init_sum(const struct journal_channel *channel, uint32_t size)
{
	return checksum(size + 1ULL, channel->init, size);
}

static uint32_t find_block(const struct journal *journal, bool keeps)
{
	for (uint32_t i = 0; i < JOURNAL_BLOCKS - !keeps; i++)
		if (!journal->block_used[i])
			return i;
	return BLOCK_NONE;
}

static struct journal_slot *find_slot(struct journal *journal, bool keeps)
{
	for (uint32_t i = 0; i < RECORD_PARKED - !keeps; i++)
		if (journal->slots[i].size == 0)
			return &journal->slots[i];
	return NULL;
}

uint32_t journal_move(struct journal *journal, uint32_t landing_slot, bool keeps)
{
	const struct fuse_in_header *from = landing(journal, landing_slot);
	struct journal_slot *to = find_slot(journal, keeps);
	uint32_t block = BLOCK_NONE;

	if (!to)
		return SLOT_NONE;
	if (from->len > JOURNAL_INLINE_SIZE) {
		block = find_block(journal, keeps);
		if (block == BLOCK_NONE)
			return SLOT_NONE;
		journal->block_used[block] = true;
	}
	to->block = block;
	memcpy(slot_bytes(journal, to), from, from->len);
	to->sum = slot_sum(journal, to, from->len);
	order_stores();
	to->size = from->len;
	return RECORD_NODES + (uint32_t)(to - journal->slots);
}

bool journal_still_landed(struct journal *journal, uint32_t slot, unsigned channel)
{
	const struct fuse_in_header *landed = landing(journal, channel), *parked;
	uint32_t size;

	parked = journal_request(journal, slot, &size);
	return parked && landed->len && landed->unique == parked->unique;
}

void journal_clear(struct journal *journal, uint32_t slot)
{
	struct journal_slot *parked;

	order_stores();
	if (slot < RECORD_NODES) {
		landing(journal, slot)->len = 0;
		return;
	}
	parked = &journal->slots[slot - RECORD_NODES];
	if (parked->size && parked->block != BLOCK_NONE)
		journal->block_used[parked->block] = false;
	parked->size = 0;
	order_stores();
}

int journal_save_init(struct journal *journal, unsigned channel)
{
	struct journal_channel *saved = &journal->channels[channel];
	const struct fuse_in_header *header = landing(journal, channel);

	if (header->opcode != journal->init || header->len > JOURNAL_INIT_SIZE)
		return -EPROTO;
	memcpy(saved->init, header, header->len);
	saved->sum = init_sum(saved, header->len);
	order_stores();
	saved->init_size = header->len;
	journal_clear(journal, channel);
	return 0;
}

void *journal_init(struct journal *journal, unsigned channel, uint32_t *ret_size)
{
	*ret_size = journal->channels[channel].init_size;
	return *ret_size ? journal->channels[channel].init : NULL;
}

bool journal_init_answered(const struct journal *journal, unsigned channel)
{
	return guarded(journal->channels[channel].init_answered);
}

void journal_set_init_answered(struct journal *journal, unsigned channel)
{
	order_stores();
	journal->channels[channel].init_answered = guard(1);
}

/* --- what a predecessor left ----------------------------------------------------------------- */

static bool channel_holds(struct journal *journal, unsigned i, bool summed)
{
	struct journal_channel *channel = &journal->channels[i];
	const struct fuse_in_header *landed = landing(journal, i), *init = (void *)channel->init;

	if (channel->init_size > JOURNAL_INIT_SIZE || !guard_holds(channel->init_answered))
		return false;
	/* The channel's first start was cut short: its init lies where it landed. */
	if (!channel->init_size)
		return true;
	if (!summed)
		channel->sum = init_sum(channel, channel->init_size);
	return channel->sum == init_sum(channel, channel->init_size) &&
	       init->opcode == journal->init &&
	       message_is_possible(channel->init, channel->init_size) &&
	       (!landed->len || landed->opcode == journal->init ||
		message_is_possible(landed, landed->len));
}

static bool slot_holds(struct journal *journal, uint32_t i, bool summed)
{
	struct journal_slot *slot = &journal->slots[i];

	if (slot->size == 0)
		return true;
	if (slot->block == BLOCK_NONE
		    ? slot->size > JOURNAL_INLINE_SIZE
		    : slot->block >= JOURNAL_BLOCKS || slot->size > JOURNAL_LANDING_SIZE ||
			      journal->block_used[slot->block])
		return false;
	if (slot->block != BLOCK_NONE)
		journal->block_used[slot->block] = true;
	if (!summed)
		slot->sum = slot_sum(journal, slot, slot->size);
	return slot->sum == slot_sum(journal, slot, slot->size) &&
	       message_is_possible(slot_bytes(journal, slot), slot->size);
}

static int take_over(struct journal *journal, const struct saved *saved)
{
	bool summed = saved->layout_before != 1;
	bool holds = true;

	for (unsigned i = 0; i < journal->n_channels; i++) {
		if (!summed)
			journal->channels[i].init_answered =
				guard(journal->channels[i].init_answered);
		holds = holds && channel_holds(journal, i, summed);
	}
	for (uint32_t i = 0; i < RECORD_PARKED; i++)
		holds = holds && slot_holds(journal, i, summed);
	return holds ? 0 : -EBADMSG;
}

int journal_new(const struct saved *saved, unsigned n_channels, uint32_t init, bool fresh,
		struct journal **ret)
{
	auto_free struct journal *journal = calloc(1, sizeof(*journal));
	int r;

	if (!journal)
		return -ENOMEM;
	journal->n_channels = n_channels;
	journal->init = init;
	journal->channels = saved_area(saved, "nodes");
	journal->slots = saved_area(saved, "slots");
	journal->landings = saved_area(saved, "landings");
	journal->blocks = saved_area(saved, "blocks");
	r = fresh ? 0 : take_over(journal, saved);
	if (r < 0)
		return r;
	*ret = take_ptr(journal);
	return 0;
}
