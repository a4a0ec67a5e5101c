/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The named registers of a card: offset, width, access rules, fields. They are built from a
 * description (regmap/description.h) and bound to the hardware's windows at start; from then on an
 * access cannot leave its window or have a wrong width.
 */
#ifndef REGMAP_REGMAP_H
#define REGMAP_REGMAP_H

#include "base/name_index.h"
#include "base/report.h"
#include "hardware/hardware.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field {
	char *name;
	char *title; /* "" if none */
	unsigned shift, bits;
	bool read, write;
	unsigned line;
};

/* Byte offsets first..last (inclusive) from the start of the register that are never accessed. */
struct except {
	uint64_t first, last;
};

struct reg {
	char *name;
	char *title; /* "" if none */
	char *window_name;
	uint64_t offset; /* bytes from the start of the window */
	unsigned width;	 /* bytes: 1, 2, 4 or 8 */
	uint32_t count;	 /* elements, 1 or more */
	uint64_t stride; /* bytes between elements; 0: a FIFO */
	bool read, write;
	bool side_effect; /* a read changes the hardware */
	bool open_index;  /* All=yes: a caller may choose the element even without Except= */
	bool overlap;	  /* Overlap=yes: may overlap other registers */
	uint64_t reset;	  /* Reset=: the simulator's content and the shadow's at a cold start */
	bool shadow; /* Shadow=yes: writes are remembered, for read-modify-write of a write-only one
		      */
	struct field *fields;
	size_t n_fields;
	struct except *excepts;
	size_t n_excepts;
	unsigned line;
	size_t index;		     /* in struct regmap */
	const struct window *window; /* NULL until bound */
};

struct regmap {
	char *path; /* of the description, for messages */
	struct reg *regs;
	size_t n_regs;
	struct name_index index; /* of the registers */
};

/* NULL if there is none. */
const struct reg *regmap_find(const struct regmap *map, const char *name);
const struct field *reg_field(const struct reg *reg, const char *name);

/* Gives every register its window; reports registers whose window is missing or too small. */
int regmap_bind(struct regmap *map, const struct hardware *hardware, struct report *report);

/* Bytes from the start of the window to the end of the last element. */
uint64_t reg_end(const struct reg *reg);
/* All bits of the register. */
uint64_t reg_mask(const struct reg *reg);
/* The field's bits at their position in the register. */
uint64_t field_mask(const struct field *field);
/* 0, -EINVAL (no such element), -EACCES (excepted element). */
int reg_check(const struct reg *reg, uint64_t element);
/* The same for `count` elements from `first`, before any of them is touched. */
int reg_check_range(const struct reg *reg, uint64_t first, uint64_t count);
/* One access. The caller has checked element and direction. */
uint64_t reg_read(const struct reg *reg, uint64_t element);
void reg_write(const struct reg *reg, uint64_t element, uint64_t value);
/* `count` accesses to the register's first element. */
void reg_read_many(const struct reg *reg, void *to, size_t count);
void reg_write_many(const struct reg *reg, const void *from, size_t count);

#endif
