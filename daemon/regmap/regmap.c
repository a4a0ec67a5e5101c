/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers at run time: found by name, bound to windows, checked and accessed. */
#include "regmap/regmap.h"
#include "base/probe.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct reg *regmap_find(const struct regmap *map, const char *name)
{
	ssize_t i = name_index_find(&map->index, "", name);

	return i < 0 ? NULL : &map->regs[i];
}

const struct field *reg_field(const struct reg *reg, const char *name)
{
	for (size_t i = 0; i < reg->n_fields; i++) {
		if (!strcmp(reg->fields[i].name, name))
			return &reg->fields[i];
	}
	return NULL;
}

int regmap_bind(struct regmap *map, const struct hardware *hardware, struct report *report)
{
	int r = 0;

	for (size_t i = 0; i < map->n_regs; i++) {
		struct reg *reg = &map->regs[i];
		const struct window *window = hardware_window(hardware, reg->window_name);

		if (!window) {
			r = report_add(report, map->path, reg->line,
				       "register %s: the card has no window %s", reg->name,
				       reg->window_name);
		} else if (reg_end(reg) > window->size) {
			r = report_add(report, map->path, reg->line,
				       "register %s ends at 0x%llx, but the card's window %s has "
				       "only 0x%llx bytes",
				       reg->name, (unsigned long long)reg_end(reg), window->name,
				       (unsigned long long)window->size);
		} else {
			reg->window = window;
		}
	}
	return r;
}

uint64_t reg_end(const struct reg *reg)
{
	return reg->offset + (reg->count - 1) * reg->stride + reg->width;
}

static uint64_t bits_mask(unsigned bits)
{
	return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

uint64_t reg_mask(const struct reg *reg)
{
	return bits_mask(reg->width * 8);
}

uint64_t field_mask(const struct field *field)
{
	return bits_mask(field->bits) << field->shift;
}

/* The first element that reaches beyond byte `offset`: element * stride + width > offset. */
static uint64_t reg_element_beyond(const struct reg *reg, uint64_t offset)
{
	if (offset < reg->width)
		return 0;
	return (offset - reg->width) / reg->stride + 1;
}

static bool reg_excepted(const struct reg *reg, const struct except *except, uint64_t first,
			 uint64_t last)
{
	uint64_t element;

	if (!reg->stride)
		return except->first < reg->width;
	element = reg_element_beyond(reg, except->first);
	if (element < first)
		element = first;
	return element <= last && element * reg->stride <= except->last;
}

int reg_check_range(const struct reg *reg, uint64_t first, uint64_t count)
{
	if (first >= reg->count)
		return -EINVAL;
	if (!count)
		return 0;
	/* A FIFO takes a burst of any length. */
	if (reg->stride && count > reg->count - first)
		return -EINVAL;
	for (size_t i = 0; i < reg->n_excepts; i++) {
		if (reg_excepted(reg, &reg->excepts[i], first, first + count - 1))
			return -EACCES;
	}
	return 0;
}

int reg_check(const struct reg *reg, uint64_t element)
{
	return reg_check_range(reg, element, 1);
}

uint64_t reg_read(const struct reg *reg, uint64_t element)
{
	uint64_t value = window_read(reg->window, reg->offset + element * reg->stride, reg->width);

	PROBE("register-read");
	return value;
}

void reg_write(const struct reg *reg, uint64_t element, uint64_t value)
{
	window_write(reg->window, reg->offset + element * reg->stride, reg->width,
		     value & reg_mask(reg));
	PROBE("register-written");
}

void reg_read_many(const struct reg *reg, void *to, size_t count)
{
	window_read_many(reg->window, reg->offset, reg->width, to, count);
	PROBE("register-read");
}

void reg_write_many(const struct reg *reg, const void *from, size_t count)
{
	window_write_many(reg->window, reg->offset, reg->width, from, count);
	PROBE("register-written");
}
