/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saved memory: a memfd that outlives the process in systemd's descriptor store. It says for what
 * it was made, and how it is laid out: areas of records, each record with fields of its own (the
 * head), and a driver's state behind them.
 *
 * The rule by which a newer cuiod goes on with an older one's memory:
 * - A head grows only at its end, and areas are only added; a new field that is zero means what was
 *   meant before there was one. SAVED_LAYOUT stays. saved_adopt() moves what it finds into memory
 *   of its own layout.
 * - Memory with fields or areas that this cuiod does not know (a downgrade) is refused.
 * - Any other change raises SAVED_LAYOUT, and older memory is refused. Layout 4 is the first one of
 * a release (0.2.0). Refused memory leads to a fresh node.
 */
#ifndef BASE_SAVED_H
#define BASE_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SAVED_LAYOUT	    4U
#define SAVED_IDENTITY_SIZE 2048U
#define SAVED_AREAS_MAX	    16U

/* `count` records of `head + state` bytes from `offset` on. */
struct saved_area {
	char name[16];
	uint64_t offset;
	uint32_t count, head, state, reserved;
};

struct saved_header {
	char magic[8];
	uint32_t layout;
	uint32_t reserved;
	uint64_t size; /* bytes of the whole */
	/* "key=value" lines: what this memory was made for. */
	char identity[SAVED_IDENTITY_SIZE];
	uint64_t generation; /* how often a successor went on with it */
	uint32_t crashes;    /* in a row, inside one kind of call that was for no request; with its
				check */
	uint32_t crashed_in; /* which: the device's; with its check */
	uint64_t last_crash_time; /* CLOCK_REALTIME seconds */
	char last_crash_cause[256];
	uint32_t complete; /* the first start got as far as READY; with its check */
	uint32_t orderly;  /* the last process ended by itself, not by a crash; with its check */
	uint64_t sum;	   /* of what does not change: all above `generation`, and the areas */
	uint64_t n_areas;
	struct saved_area areas[SAVED_AREAS_MAX];
};

struct saved {
	int fd;
	struct saved_header *header;
	size_t size;
	/* It was moved here from memory with fewer fields. Until the new one is stored, the old one
	 * is what a successor finds. */
	bool moved;
	uint32_t heads_before[SAVED_AREAS_MAX]; /* bytes, by area; 0: there was no such area */
};

/* What the layers ask for, in this order. */
struct saved_plan {
	unsigned n;
	size_t size; /* bytes so far */
	struct saved_area areas[SAVED_AREAS_MAX];
};

void saved_plan_init(struct saved_plan *plan);
/* The next area's byte `at`, not its first one, is to be the first of a page. */
void saved_plan_align(struct saved_plan *plan, size_t at);
/* The area begins on a page of its own. */
void saved_plan_add(struct saved_plan *plan, const char *name, size_t count, size_t head,
		    size_t state);

/* New, zeroed memory. */
int saved_create(const struct saved_plan *plan, const char *identity, struct saved **ret);
/*
 * What a predecessor left in `fd` (owned by the result; closed on failure). -EBADMSG: not saved
 * memory, damaged, or of a layout that is refused; -ESTALE: made for something else, which
 * *ret_identity says (to be freed; NULL: no memory). What lies in the areas is not looked at: each
 * layer checks its own.
 */
int saved_adopt(int fd, const struct saved_plan *plan, const char *identity, struct saved **ret,
		char **ret_identity);
void saved_free(struct saved *saved);

/* The area of this name, which was planned. */
void *saved_area(const struct saved *saved, const char *name);
/* How many bytes of each record's head a predecessor wrote: all, or fewer after a move. */
size_t saved_head_before(const struct saved *saved, const char *name);

#endif
