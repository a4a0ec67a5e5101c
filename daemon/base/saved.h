/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saved memory: a memfd that outlives the process in systemd's descriptor store. Its header says
 * what it was made for, and how it is laid out: areas of records. A record consists of the core's
 * fields (the head) and the driver's state.
 *
 * The rules by which a newer cuiod uses an older one's memory:
 * - A head grows only at its end, and areas are only added; a new field that is zero means what
 *   applied before it existed. SAVED_LAYOUT is unchanged. saved_adopt() copies older memory into
 *   new memory of its own layout.
 * - Memory with fields or areas that this cuiod does not know (a downgrade) is refused.
 * - Any other change raises SAVED_LAYOUT, and older memory is refused. Layout 4 is the first one of
 *   a release (0.2.0). Refused memory leads to a new node.
 */
#ifndef BASE_SAVED_H
#define BASE_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SAVED_LAYOUT	    4U
#define SAVED_IDENTITY_SIZE 2048U
#define SAVED_AREAS_MAX	    16U

/* `count` records of `head + state` bytes, beginning at `offset`. */
struct saved_area {
	char name[16];
	uint64_t offset;
	uint32_t count, head, state, reserved;
};

/* How a process that used the memory has ended. */
enum saved_end {
	SAVED_KILLED, /* or it still runs */
	SAVED_EXIT,   /* by itself, as it should */
	SAVED_FAULT,  /* by a signal such as SIGSEGV */
};

struct saved_header {
	char magic[8];
	uint32_t layout;
	uint32_t reserved;
	uint64_t size; /* bytes of the whole memory */
	/* "key=value" lines that say what this memory was made for. */
	char identity[SAVED_IDENTITY_SIZE];
	uint64_t generation; /* how often a successor took it over */
	uint32_t crashes;    /* in a row, in one kind of call that serves no request; check16() */
	uint32_t crashed_in; /* that kind of call, a number of the device layer; check16() */
	uint64_t last_crash_time; /* CLOCK_REALTIME seconds */
	char last_crash_cause[256];
	uint32_t complete; /* the first start has reached READY; check16() */
	uint32_t end;	   /* of the last process: enum saved_end; check16() */
	uint64_t sum;	   /* over the fields above `generation`, and the areas */
	uint64_t n_areas;
	struct saved_area areas[SAVED_AREAS_MAX];
};

struct saved {
	int fd;
	struct saved_header *header;
	size_t size;
	enum saved_end end; /* of the predecessor; SAVED_EXIT: there was none */
	/* This is a copy of memory with fewer fields. Until the copy is stored, a successor finds
	 * the original. */
	bool moved;
	uint32_t heads_before[SAVED_AREAS_MAX]; /* bytes, by area; 0: the area did not exist */
};

/* The areas that the layers need, in this order. */
struct saved_plan {
	unsigned n;
	size_t size; /* bytes so far */
	struct saved_area areas[SAVED_AREAS_MAX];
};

void saved_plan_init(struct saved_plan *plan);
/* Places the next area so that its byte `at`, not its first byte, begins a page. */
void saved_plan_align(struct saved_plan *plan, size_t at);
/* The area begins a page, unless saved_plan_align() was called. */
void saved_plan_add(struct saved_plan *plan, const char *name, size_t count, size_t head,
		    size_t state);

/* Creates zeroed memory. 0, -ENAMETOOLONG (identity) or another -errno. */
int saved_create(const struct saved_plan *plan, const char *identity, struct saved **ret);
/*
 * Takes over what a predecessor left in `fd`; the result owns `fd`, which is closed on failure.
 * -EBADMSG: not saved memory, damaged, or of a refused layout; -ESTALE: made for something else,
 * and *ret_identity says what (the caller frees it; NULL: no memory). Does not check the areas'
 * content: each layer checks its own.
 */
int saved_adopt(int fd, const struct saved_plan *plan, const char *identity, struct saved **ret,
		char **ret_identity);
void saved_free(struct saved *saved);

/* The area of this name, which must have been planned. */
void *saved_area(const struct saved *saved, const char *name);
/* The number of bytes of each record's head that a predecessor wrote: all, or fewer after a
 * move. */
size_t saved_head_before(const struct saved *saved, const char *name);

#endif
