/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds names in time that does not grow with their number: a hash table of (kind, name). */
#ifndef BASE_NAME_INDEX_H
#define BASE_NAME_INDEX_H

#include <stddef.h>
#include <sys/types.h>

/* Init with { 0 }. The strings are not copied. */
struct name_index {
	struct name_index_slot {
		const char *kind, *name; /* name NULL: free */
		size_t at;
	} * slots;
	size_t n_slots; /* 0, or a power of 2 */
	size_t n_names;
};

/* Adds a name that is not there, as number `at` of the caller's list; "" is a kind, too. 0 or
 * -ENOMEM. */
int name_index_add(struct name_index *index, const char *kind, const char *name, size_t at);
/* The name's number; -1 if it is not there. */
ssize_t name_index_find(const struct name_index *index, const char *kind, const char *name);
void name_index_done(struct name_index *index);

#endif
