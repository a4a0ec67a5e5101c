// SPDX-License-Identifier: GPL-2.0-or-later
// The test's access to the card's registers, without the driver.
#include "test/internal.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
	const struct reg *reg;
	const struct field *field; /* NULL: the whole register */
	uint64_t element;
};

/* "NAME", "NAME[3]", "NAME.FIELD", "NAME[3].FIELD" */
static struct place find(struct cuio_test *test, const char *name)
{
	struct place place = { 0 };
	size_t length = strcspn(name, "[.");
	char base[64], *end;
	const char *rest = name + length;

	if (!test->instance)
		test_abort("register %s: the card is switched off; call cuio_test_start()", name);
	snprintf(base, sizeof(base), "%.*s", (int)length, name);
	place.reg = regmap_find(&test->instance->description->regmap, base);
	if (!place.reg)
		test_abort("the description has no register %s", base);
	if (*rest == '[') {
		place.element = strtoull(rest + 1, &end, 0);
		if (end == rest + 1 || *end != ']' ||
		    reg_check(place.reg, place.element) == -EINVAL)
			test_abort("%s: register %s has %u elements", name, base, place.reg->count);
		rest = end + 1;
	}
	if (*rest == '.')
		place.field = reg_field(place.reg, rest + 1);
	if (*rest && !place.field)
		test_abort("%s: register %s has no such field", name, base);
	return place;
}

uint64_t cuio_test_peek(struct cuio_test *test, const char *name)
{
	const struct place place = find(test, name);
	uint64_t value;

	test->own_access++;
	value = reg_read(place.reg, place.element);
	test->own_access--;
	return place.field ? (value & field_mask(place.field)) >> place.field->shift : value;
}

void cuio_test_poke(struct cuio_test *test, const char *name, uint64_t value)
{
	const struct place place = find(test, name);

	test->own_access++;
	if (place.field)
		value = (reg_read(place.reg, place.element) & ~field_mask(place.field)) |
			((value << place.field->shift) & field_mask(place.field));
	reg_write(place.reg, place.element, value);
	test->own_access--;
}
