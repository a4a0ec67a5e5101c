// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows for registers, elements and fields, with or without values. */
#include "reading.h"
#include "message.h"
#include "number.h"
#include <inttypes.h>
#include <stdio.h>

enum {
	NAME,
	KIND,
	WINDOW,
	OFFSET,
	PLACE,
	WIDTH,
	COUNT,
	SHIFT,
	BITS,
	ACCESS,
	VALUE,
	HEX,
	SHOWN,
	NOTE,
	DESCRIPTION,
	N_COLUMNS,
};

static const struct listing_column columns[N_COLUMNS] = {
	[NAME] = { "NAME", LISTING_STRING, LISTING_BOTH },
	[KIND] = { "KIND", LISTING_STRING, LISTING_JSON },
	[WINDOW] = { "WINDOW", LISTING_STRING, LISTING_JSON },
	[OFFSET] = { "OFFSET", LISTING_NUMBER, LISTING_JSON },
	[PLACE] = { "PLACE", LISTING_STRING, LISTING_TEXT },
	[WIDTH] = { "WIDTH", LISTING_NUMBER, LISTING_JSON },
	[COUNT] = { "COUNT", LISTING_NUMBER, LISTING_JSON },
	[SHIFT] = { "SHIFT", LISTING_NUMBER, LISTING_JSON },
	[BITS] = { "BITS", LISTING_NUMBER, LISTING_JSON },
	[ACCESS] = { "ACCESS", LISTING_STRING, LISTING_BOTH },
	[VALUE] = { "VALUE", LISTING_NUMBER, LISTING_JSON },
	[HEX] = { "HEX", LISTING_STRING, LISTING_JSON },
	[SHOWN] = { "VALUE", LISTING_STRING, LISTING_TEXT },
	[NOTE] = { "NOTE", LISTING_STRING, LISTING_BOTH | LISTING_SPARE },
	[DESCRIPTION] = { "DESCRIPTION", LISTING_STRING, LISTING_BOTH | LISTING_SPARE },
};

void reading_start(struct listing *listing, bool json, bool values)
{
	struct listing_column wanted[N_COLUMNS];

	for (unsigned i = 0; i < N_COLUMNS; i++) {
		wanted[i] = columns[i];
		if (!values && (i == VALUE || i == HEX || i == SHOWN))
			wanted[i].flags = 0;
	}
	listing_init(listing, "registers", json, wanted, N_COLUMNS);
}

static const char *access_text(unsigned flags)
{
	switch (flags & (CUIO_REGISTER_READ | CUIO_REGISTER_WRITE)) {
	case CUIO_REGISTER_READ:
		return "ro";
	case CUIO_REGISTER_WRITE:
		return "wo";
	case CUIO_REGISTER_READ | CUIO_REGISTER_WRITE:
		return "rw";
	default:
		return "-";
	}
}

static void set_value(struct listing *listing, const struct target *target, const uint64_t *value)
{
	char hex[NUMBER_TEXT_SIZE];
	unsigned bits = target_bits(target);
	uint64_t own;

	if (!value)
		return;
	own = reading_extract(target, *value);
	listing_set(listing, VALUE, "%" PRIu64, own);
	number_hex(hex, own, bits);
	listing_set(listing, HEX, "%s", hex);
	listing_set(listing, SHOWN, "%s", hex);
}

static void set_place(struct listing *listing, const struct map_register *reg, uint64_t offset)
{
	const struct cuio_register *about = &reg->about;

	listing_set(listing, WINDOW, "%s", about->window);
	listing_set(listing, OFFSET, "%" PRIu64, offset);
	listing_set(listing, PLACE, "%s+0x%" PRIx64, about->window, offset);
	listing_set(listing, WIDTH, "%u", about->width);
}

static void add_field(struct listing *listing, const struct target *target, const uint64_t *value,
		      const char *note)
{
	const struct cuio_field *field = target->field;
	bool readable = field->flags & CUIO_REGISTER_READ;
	char name[TARGET_TEXT_SIZE];

	listing_row(listing);
	listing_set(listing, NAME, "%s", target_text(name, target));
	listing_set(listing, KIND, "field");
	listing_set(listing, SHIFT, "%u", field->shift);
	listing_set(listing, BITS, "%u", field->bits);
	if (field->bits > 1)
		listing_set(listing, PLACE, "[%u:%u]", field->shift + field->bits - 1,
			    field->shift);
	else
		listing_set(listing, PLACE, "[%u]", field->shift);
	listing_set(listing, ACCESS, "%s", access_text(field->flags));
	set_value(listing, target, readable ? value : NULL);
	if (note)
		listing_set(listing, NOTE, "%s", note);
	else if (value && !readable)
		listing_set(listing, NOTE, "write-only");
	listing_set(listing, DESCRIPTION, "%s", field->title);
}

static void add_register(struct listing *listing, const struct target *target,
			 const uint64_t *value, const char *note)
{
	const struct map_register *reg = target->reg;
	bool element = reg->about.count > 1;
	char name[TARGET_TEXT_SIZE];

	listing_row(listing);
	listing_set(listing, NAME, "%s", target_text(name, target));
	listing_set(listing, KIND, element ? "element" : "register");
	set_place(listing, reg, reg->about.offset + reg->about.stride * target->element);
	listing_set(listing, ACCESS, "%s", access_text(reg->about.flags));
	set_value(listing, target, value);
	if (note)
		listing_set(listing, NOTE, "%s", note);
	if (!element)
		listing_set(listing, DESCRIPTION, "%s", reg->about.title);
}

static void add_fields(struct listing *listing, const struct target *target, const uint64_t *value)
{
	struct target part = *target;

	for (size_t i = 0; i < target->reg->n_fields; i++) {
		part.field = &target->reg->fields[i];
		add_field(listing, &part, value, NULL);
	}
}

void reading_add(struct listing *listing, const struct target *target, const uint64_t *value,
		 const char *note)
{
	if (target->field) {
		add_field(listing, target, value, note);
		return;
	}
	add_register(listing, target, value, note);
	add_fields(listing, target, value);
}

void reading_add_array(struct listing *listing, const struct map_register *reg, const char *note)
{
	listing_row(listing);
	listing_set(listing, NAME, "%s", reg->name);
	listing_set(listing, KIND, "array");
	set_place(listing, reg, reg->about.offset);
	listing_set(listing, COUNT, "%u", reg->about.count);
	listing_set(listing, ACCESS, "%s", access_text(reg->about.flags));
	listing_set(listing, SHOWN, "-");
	listing_set(listing, NOTE, "%s", note);
	listing_set(listing, DESCRIPTION, "%s", reg->about.title);
}

void reading_describe(struct listing *listing, const struct map_register *reg)
{
	struct target target = { .reg = reg };
	char note[48];

	if (reg->about.count > 1) {
		snprintf(note, sizeof(note), "%u elements", reg->about.count);
		reading_add_array(listing, reg, note);
	} else {
		add_register(listing, &target, NULL,
			     reg->about.flags & CUIO_REGISTER_SIDE_EFFECT
				     ? "reading it has side effects"
				     : NULL);
	}
	add_fields(listing, &target, NULL);
}

int reading_take(struct node *node, const struct target *target, uint64_t *ret)
{
	struct cuio_access access = {
		.register_index = target->reg->about.index,
		.element = target->element,
	};
	int r = node_call(node, CUIO_IOCTL_READ, &access);

	if (r < 0)
		return r;
	*ret = access.value;
	return 0;
}

uint64_t reading_extract(const struct target *target, uint64_t value)
{
	if (target->field)
		value = target->field->shift < 64 ? value >> target->field->shift : 0;
	return value & number_mask(target_bits(target));
}

int reading_check_form(bool value, bool json)
{
	if (value && json)
		return message_usage("--value and --json are two forms of output: ask for one");
	return 0;
}

static void print_values(const struct reading *readings, size_t n)
{
	char hex[NUMBER_TEXT_SIZE];

	for (size_t i = 0; i < n; i++)
		puts(number_hex(hex, reading_extract(&readings[i].target, readings[i].value),
				target_bits(&readings[i].target)));
}

int reading_print(const struct reading *readings, size_t n, bool value, bool json)
{
	struct listing listing;

	if (value) {
		print_values(readings, n);
		return 0;
	}
	reading_start(&listing, json, true);
	for (size_t i = 0; i < n; i++)
		reading_add(&listing, &readings[i].target, &readings[i].value, NULL);
	return listing_print(&listing);
}
