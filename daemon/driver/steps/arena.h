/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is freed all at once, with its program. */
#ifndef STEPS_ARENA_H
#define STEPS_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *blocks;
};

/* Returns zeroed memory; NULL: no memory. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
void arena_done(struct arena *arena);

#endif
