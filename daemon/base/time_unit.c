/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units of time in users' files. */
#include "base/time_unit.h"
#include <string.h>

const struct time_unit time_units[] = {
	{ "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 }, { "ns", 1 }, { NULL, 0 },
};

const struct time_unit *time_unit_find(const char *name, size_t length)
{
	for (const struct time_unit *unit = time_units; unit->name; unit++)
		if (strlen(unit->name) == length && !strncmp(unit->name, name, length))
			return unit;
	return NULL;
}
