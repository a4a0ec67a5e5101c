/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows about registers, elements and fields, with or without values: what get, dump,
 * batch and info show. */
#ifndef CLIENT_READING_H
#define CLIENT_READING_H

#include "listing.h"
#include "target.h"

/* What was read: `value` is that of the whole register. */
struct reading {
	struct target target;
	uint64_t value;
};

/* The listing "registers", with columns for values or without. */
void reading_start(struct listing *listing, bool json, bool values);
/*
 * One row for the target; for a whole register, rows for its fields follow. `value` is that of the
 * whole register, NULL if it was not read; `note` says why, or NULL.
 */
void reading_add(struct listing *listing, const struct target *target, const uint64_t *value,
		 const char *note);
/* One row for an array as a whole. */
void reading_add_array(struct listing *listing, const struct map_register *reg, const char *note);
/* The rows for a register or array of which nothing is read: what it is and its fields. */
void reading_describe(struct listing *listing, const struct map_register *reg);
/* Reads the target's register; 0 or -errno. */
int reading_take(struct node *node, const struct target *target, uint64_t *ret);
/* The target's own bits of its register's value. */
uint64_t reading_extract(const struct target *target, uint64_t value);
/* Both --value and --json are one too many. Returns an exit status. */
int reading_check_form(bool value, bool json);
/* Prints all of them: `value` the values alone, in hex, one a line. Returns an exit status. */
int reading_print(const struct reading *readings, size_t n, bool value, bool json);

#endif
