/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks over all registers of a description: they fit in their windows and overlap only where they
 * say so. */
#include "regmap/description_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Pairs of elements compared at most, over a whole description; real ones need a few hundred. */
#define CHECK_WORK_MAX 4000000U

static bool place_overlaps(const struct reg *a, uint64_t start, const struct reg *b)
{
	uint64_t element = 0;

	/* The first element of b that ends after `start`, if there is one. */
	if (b->stride && start >= b->offset + b->width)
		element = (start - b->offset - b->width) / b->stride + 1;
	if (element >= b->count)
		return false;
	return b->offset + element * b->stride < start + a->width &&
	       b->offset + element * b->stride + b->width > start;
}

static bool registers_overlap(const struct reg *a, const struct reg *b, unsigned *work)
{
	const struct reg *few = a->count < b->count ? a : b;
	const struct reg *many = few == a ? b : a;

	/* Of many registers few are near each other, so that is asked first. */
	if (a->offset >= reg_end(b) || b->offset >= reg_end(a) ||
	    strcmp(a->window_name, b->window_name) != 0)
		return false;
	for (uint64_t i = 0; i < few->count && *work < CHECK_WORK_MAX; i++, (*work)++) {
		if (place_overlaps(few, few->offset + i * few->stride, many))
			return true;
		if (!few->stride)
			break;
	}
	return false;
}

/* A read-only and a write-only register may have the same address. */
static bool may_share(const struct reg *a, const struct reg *b)
{
	if (a->overlap || b->overlap)
		return true;
	return !(a->read && b->read) && !(a->write && b->write);
}

static int check_overlaps(const struct description *description, struct report *report)
{
	const struct regmap *map = &description->regmap;
	unsigned work = 0;
	int r = 0;

	for (size_t i = 0; i < map->n_regs; i++) {
		const struct reg *reg = &map->regs[i];

		for (size_t j = 0; j < i; j++) {
			const struct reg *other = &map->regs[j];

			if (may_share(reg, other) || !registers_overlap(reg, other, &work))
				continue;
			r = report_add(report, map->path, reg->line,
				       "register %s overlaps register %s on line %u, expected "
				       "another Offset=, or Overlap=yes if that is meant",
				       reg->name, other->name, other->line);
			break;
		}
	}
	return r;
}

/* Checks what the type of the window excludes. */
static int check_access(const struct regmap *map, const struct window_spec *window,
			const struct reg *reg, struct report *report)
{
	if (window->type != WINDOW_MEMORY && reg->width == 8)
		return report_add(report, map->path, reg->line,
				  "register %s: Width=64 in a window of %s, expected 8, 16 or 32",
				  reg->name,
				  window->type == WINDOW_PORTS ? "ports" : "configuration space");
	if (window->type != WINDOW_CONFIG)
		return 0;
	if (reg->write && reg->offset < WINDOW_CONFIG_HEADER)
		return report_add(report, map->path, reg->line,
				  "register %s is in the header of configuration space, which the "
				  "kernel administers, expected Access=ro or Offset=0x%x or more",
				  reg->name, WINDOW_CONFIG_HEADER);
	if (reg_end(reg) > WINDOW_CONFIG_MAX)
		return report_add(report, map->path, reg->line,
				  "register %s ends at 0x%llx, outside configuration space of "
				  "0x%x bytes",
				  reg->name, (unsigned long long)reg_end(reg), WINDOW_CONFIG_MAX);
	return 0;
}

static int check_window(const struct description *description, struct window_spec *window,
			struct report *report)
{
	const struct regmap *map = &description->regmap;
	uint64_t end = 0;
	int r = 0;

	for (size_t i = 0; i < map->n_regs; i++) {
		const struct reg *reg = &map->regs[i];

		if (strcmp(reg->window_name, window->name))
			continue;
		if (check_access(map, window, reg, report) < 0)
			r = -EINVAL;
		if (window->size && reg_end(reg) > window->size)
			r = report_add(report, map->path, reg->line,
				       "register %s ends at 0x%llx, outside window %s of 0x%llx "
				       "bytes",
				       reg->name, (unsigned long long)reg_end(reg), window->name,
				       (unsigned long long)window->size);
		if (reg_end(reg) > end)
			end = reg_end(reg);
	}
	if (!end && !window->size)
		return report_add(
			report, map->path, window->line,
			"window %s holds no register, expected one or Size=", window->name);
	if (!window->size)
		window->size = end;
	return r;
}

static int add_values(struct description *description, const struct reg *reg)
{
	uint64_t places = reg->stride ? reg->count : 1;
	struct sim_value *grown;

	if (places > DESCRIPTION_RESETS_MAX - description->n_values)
		places = DESCRIPTION_RESETS_MAX - description->n_values;
	grown = reallocarray(description->values, description->n_values + places, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	description->values = grown;
	for (uint64_t i = 0; i < places; i++) {
		grown[description->n_values++] = (struct sim_value){
			.window = reg->window_name,
			.offset = reg->offset + i * reg->stride,
			.width = reg->width,
			.value = reg->reset,
		};
	}
	return 0;
}

int description_check_registers(struct description *description, struct report *report)
{
	int r = 0;

	for (size_t i = 0; i < description->n_windows; i++) {
		if (check_window(description, &description->windows[i], report) < 0)
			r = -EINVAL;
	}
	if (check_overlaps(description, report) < 0)
		r = -EINVAL;
	for (size_t i = 0; i < description->regmap.n_regs; i++) {
		const struct reg *reg = &description->regmap.regs[i];

		if (reg->reset && add_values(description, reg) < 0)
			return -ENOMEM;
	}
	return r;
}
