/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open addressing; at most half of the slots are used. */
#include "base/name_index.h"
#include "base/checksum.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 16U

/* The slot of this name, or the free one where it belongs. */
static struct name_index_slot *slot_of(const struct name_index *index, const char *kind,
				       const char *name)
{
	size_t i = (size_t)checksum_text(checksum_text(1, kind), name);

	for (;; i++) {
		struct name_index_slot *slot = &index->slots[i & (index->n_slots - 1)];

		if (!slot->name || (!strcmp(slot->name, name) && !strcmp(slot->kind, kind)))
			return slot;
	}
}

static int grow(struct name_index *index)
{
	struct name_index larger = { .n_slots = index->n_slots ? 2 * index->n_slots : SLOTS_MIN,
				     .n_names = index->n_names };

	larger.slots = calloc(larger.n_slots, sizeof(*larger.slots));
	if (!larger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < index->n_slots; i++) {
		const struct name_index_slot *slot = &index->slots[i];

		if (slot->name)
			*slot_of(&larger, slot->kind, slot->name) = *slot;
	}
	free(index->slots);
	*index = larger;
	return 0;
}

int name_index_add(struct name_index *index, const char *kind, const char *name, size_t at)
{
	if (2 * index->n_names >= index->n_slots && grow(index) < 0)
		return -ENOMEM;
	*slot_of(index, kind, name) =
		(struct name_index_slot){ .kind = kind, .name = name, .at = at };
	index->n_names++;
	return 0;
}

ssize_t name_index_find(const struct name_index *index, const char *kind, const char *name)
{
	const struct name_index_slot *slot = index->n_slots ? slot_of(index, kind, name) : NULL;

	return slot && slot->name ? (ssize_t)slot->at : -1;
}

void name_index_done(struct name_index *index)
{
	free(index->slots);
	*index = (struct name_index){ 0 };
}
