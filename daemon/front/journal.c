// SPDX-License-Identifier: GPL-2.0-or-later
// The requests as the kernel sent them. Every request begins with its own length, so a buffer whose
// first word is zero is empty: the read that fills it also marks it.
#include "front/journal.h"
#include "base/cleanup.h"
#include <errno.h>
#include <linux/fuse.h>
#include <stdatomic.h>
#include <string.h>

#define BLOCK_NONE UINT32_MAX

struct journal_slot {
	uint32_t size;	/* 0: empty */
	uint32_t block; /* BLOCK_NONE: the request is in `bytes` */
	uint8_t bytes[JOURNAL_INLINE_SIZE];
};

struct journal_node {
	uint32_t init_size, init_answered;
	uint8_t init[JOURNAL_INIT_SIZE];
};

struct journal {
	unsigned n_nodes;
	struct journal_node *nodes;
	struct journal_slot *slots; /* RECORD_PARKED */
	uint8_t *landings, *blocks;
	bool block_used[JOURNAL_BLOCKS];
};

static void order_stores(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

size_t journal_saved_size(unsigned n_nodes)
{
	return saved_area_size(n_nodes * sizeof(struct journal_node)) +
	       saved_area_size(RECORD_PARKED * sizeof(struct journal_slot)) +
	       saved_area_size(n_nodes * JOURNAL_LANDING_SIZE) +
	       saved_area_size(JOURNAL_BLOCKS * JOURNAL_LANDING_SIZE);
}

int journal_new(struct saved *saved, unsigned n_nodes, bool fresh, struct journal **ret)
{
	struct journal *journal = calloc(1, sizeof(*journal));

	if (!journal)
		return -ENOMEM;
	journal->n_nodes = n_nodes;
	journal->nodes = saved_area(saved, n_nodes * sizeof(struct journal_node));
	journal->slots = saved_area(saved, RECORD_PARKED * sizeof(struct journal_slot));
	journal->landings = saved_area(saved, n_nodes * JOURNAL_LANDING_SIZE);
	journal->blocks = saved_area(saved, JOURNAL_BLOCKS * JOURNAL_LANDING_SIZE);
	for (uint32_t i = 0; !fresh && i < RECORD_PARKED; i++)
		if (journal->slots[i].size && journal->slots[i].block < JOURNAL_BLOCKS)
			journal->block_used[journal->slots[i].block] = true;
	*ret = journal;
	return 0;
}

void journal_free(struct journal *journal)
{
	free(journal);
}

static struct fuse_in_header *landing(struct journal *journal, unsigned node)
{
	return (void *)(journal->landings + (size_t)node * JOURNAL_LANDING_SIZE);
}

void *journal_landing(struct journal *journal, unsigned node)
{
	struct fuse_in_header *header = landing(journal, node);

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
	order_stores();
	to->size = from->len;
	return RECORD_NODES + (uint32_t)(to - journal->slots);
}

bool journal_still_landed(struct journal *journal, uint32_t slot, unsigned node)
{
	const struct fuse_in_header *landed = landing(journal, node), *parked;
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

int journal_save_init(struct journal *journal, unsigned node)
{
	struct journal_node *saved = &journal->nodes[node];
	const struct fuse_in_header *header = landing(journal, node);

	if (header->opcode != CUSE_INIT || header->len > JOURNAL_INIT_SIZE)
		return -EPROTO;
	memcpy(saved->init, header, header->len);
	order_stores();
	saved->init_size = header->len;
	journal_clear(journal, node);
	return 0;
}

void *journal_init(struct journal *journal, unsigned node, uint32_t *ret_size)
{
	*ret_size = journal->nodes[node].init_size;
	return *ret_size ? journal->nodes[node].init : NULL;
}

bool journal_init_answered(const struct journal *journal, unsigned node)
{
	return journal->nodes[node].init_answered;
}

void journal_set_init_answered(struct journal *journal, unsigned node)
{
	order_stores();
	journal->nodes[node].init_answered = 1;
}
