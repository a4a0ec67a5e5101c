/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows for registers, elements and fields, with or without values, for get, dump, batch and
 * info. */
#ifndef CLIENT_READING_H
#define CLIENT_READING_H

#include "listing.h"
#include "target.h"

/* A reading; `value` is that of the whole register. */
struct reading {
	struct target target;
	uint64_t value;
};

/* Starts the listing "registers", with or without columns for values. */
void reading_start(struct listing *listing, bool json, bool values);
/*
 * Adds a row for the target; after a whole register also rows for its fields. `value` is that of
 * the whole register, NULL if it was not read, for the reason in `note` (or NULL).
 */
void reading_add(struct listing *listing, const struct target *target, const uint64_t *value,
		 const char *note);
/* Adds one row for a whole array. */
void reading_add_array(struct listing *listing, const struct map_register *reg, const char *note);
/* Adds the rows for a register or array without reading it: its properties and fields. */
void reading_describe(struct listing *listing, const struct map_register *reg);
/* Reads the target's register; 0 or -errno. */
int reading_take(struct node *node, const struct target *target, uint64_t *ret);
/* Extracts the target's own bits from its register's value. */
uint64_t reading_extract(const struct target *target, uint64_t value);
/* Reports an error if both --value and --json are given. Returns an exit status. */
int reading_check_form(bool value, bool json);
/* Prints all readings; `value`: only the values, in hex, one per line. Returns an exit status. */
int reading_print(const struct reading *readings, size_t n, bool value, bool json);

#endif
