/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units of time in users' files. */
#ifndef BASE_TIME_UNIT_H
#define BASE_TIME_UNIT_H

#include <stddef.h>
#include <stdint.h>

struct time_unit {
	const char *name;
	uint64_t ns;
};

/* s, ms, us, ns; the last element's name is NULL. */
extern const struct time_unit time_units[];

/* Finds the unit of this name of `length` characters; NULL if there is none. */
const struct time_unit *time_unit_find(const char *name, size_t length);

#endif
