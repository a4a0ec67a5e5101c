/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saved memory: a memfd that outlives the process in systemd's descriptor store. It says for what
 * it was made; each floor lays its own area out in it. Whoever adopts one must find the same
 * layout version, size and identity, or starts afresh.
 */
#ifndef BASE_SAVED_H
#define BASE_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SAVED_LAYOUT	    1U /* raised whenever a structure in saved memory changes */
#define SAVED_IDENTITY_SIZE 2048U

struct saved_header {
	char magic[8];
	uint32_t layout;
	uint32_t identity_checksum;
	uint64_t size; /* bytes of the whole */
	/* "key=value" lines: what this memory was made for. */
	char identity[SAVED_IDENTITY_SIZE];
	uint64_t generation;	  /* how often a successor went on with it */
	uint32_t deaths;	  /* in a row, inside one kind of call that was for no request */
	uint32_t died_in;	  /* which: the device's */
	uint64_t last_crash_time; /* CLOCK_REALTIME seconds */
	char last_crash_cause[256];
	uint32_t complete; /* the first start got as far as READY */
	uint32_t orderly;  /* the last process ended by itself, not by a crash */
};

struct saved {
	int fd;
	struct saved_header *header;
	size_t size;
	size_t used; /* bytes given out by saved_area() */
};

/* New, zeroed memory of `size` bytes for areas. */
int saved_create(size_t size, const char *identity, struct saved **ret);
/*
 * What a predecessor left in `fd` (owned by the result; closed on failure). -EBADMSG: not saved
 * memory of this layout, damaged, or of another size; -ESTALE: made for something else, and
 * *ret_difference is the first line that differs ("node=edu became node=edu2"; to be freed).
 */
int saved_adopt(int fd, size_t size, const char *identity, struct saved **ret,
		char **ret_difference);
void saved_free(struct saved *saved);

/* The next `size` bytes, page-aligned; the order of calls is part of the layout. */
void *saved_area(struct saved *saved, size_t size);
/* Bytes that saved_area(size) takes, to add up saved_create()'s size. */
size_t saved_area_size(size_t size);

#endif
