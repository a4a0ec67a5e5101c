/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes of places and registers at run time, at elements that are checked already. */
#include "driver/steps/run.h"
#include <errno.h>
#include <string.h>

/* One move of a known width each: a memcpy() whose width is not known is a call. */
static inline uint64_t bytes_get(const uint8_t *bytes, unsigned width, bool is_signed)
{
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (width) {
	case 1:
		return is_signed ? (uint64_t)(int8_t)*bytes : *bytes;
	case 2:
		memcpy(&u16, bytes, sizeof(u16));
		return is_signed ? (uint64_t)(int16_t)u16 : u16;
	case 4:
		memcpy(&u32, bytes, sizeof(u32));
		return is_signed ? (uint64_t)(int32_t)u32 : u32;
	default:
		memcpy(&u64, bytes, sizeof(u64));
		return u64;
	}
}

static void bytes_set(uint8_t *bytes, unsigned width, uint64_t number)
{
	uint16_t u16 = (uint16_t)number;
	uint32_t u32 = (uint32_t)number;

	switch (width) {
	case 1:
		*bytes = (uint8_t)number;
		break;
	case 2:
		memcpy(bytes, &u16, sizeof(u16));
		break;
	case 4:
		memcpy(bytes, &u32, sizeof(u32));
		break;
	default:
		memcpy(bytes, &number, sizeof(number));
		break;
	}
}

/* Where an element lies; the width of an argument's may be that of a 32-bit caller. */
static inline uint8_t *place_bytes(struct run *run, const struct place *place, uint64_t element,
				   unsigned *ret_width)
{
	const struct cuio_driver_member *member;

	*ret_width = place->width;
	switch (place->kind) {
	case PLACE_DEVICE:
		return run->device_state + place->offset + element * place->width;
	case PLACE_FILE:
		return (uint8_t *)cuio_file_state(run->file) + place->offset +
		       element * place->width;
	case PLACE_DATA:
		return run->data + element * place->width;
	case PLACE_LOCAL:
		return (uint8_t *)&run->locals[place->slot];
	case PLACE_ARGUMENT:
		break;
	}
	member = &run->members[place->slot];
	*ret_width = member->width;
	return (uint8_t *)run->argument + member->offset + element * member->width;
}

/* An argument by value is one number, of which the type says how much counts. */
static uint64_t value_get(struct run *run, const struct place *place, unsigned width)
{
	uint64_t number = bytes_get(run->argument, 8, false);
	uint8_t part[8];

	bytes_set(part, width, number);
	return bytes_get(part, width, place->is_signed);
}

uint64_t place_get(struct run *run, const struct place *place, uint64_t element)
{
	unsigned width;
	const uint8_t *bytes = place_bytes(run, place, element, &width);

	if (place->kind == PLACE_ARGUMENT && run->operation->argument == CUIO_ARGUMENT_VALUE)
		return value_get(run, place, width);
	return bytes_get(bytes, width, place->is_signed);
}

void place_set(struct run *run, const struct place *place, uint64_t element, uint64_t value)
{
	unsigned width;
	uint8_t *bytes = place_bytes(run, place, element, &width);

	bytes_set(bytes, width, value);
}

/* What was last written to a register with Shadow=yes; NULL for others. */
static uint8_t *target_shadow(struct run *run, const struct reg *reg, uint64_t element)
{
	uint16_t place = run->program->shadows[reg->index];

	if (!place)
		return NULL;
	return run->device_state + place - 1 + (reg->stride ? element : 0) * sizeof(uint64_t);
}

/* The places of a FIFO's elements are one. */
static uint64_t reg_get(struct run *run, const struct reg *reg, uint64_t element)
{
	return reg->stride ? cuio_element_read(run->device, (unsigned)reg->index, element)
			   : cuio_reg_read(run->device, (unsigned)reg->index);
}

static void reg_set(struct run *run, const struct reg *reg, uint64_t element, uint64_t value)
{
	if (reg->stride)
		cuio_element_write(run->device, (unsigned)reg->index, element, value);
	else
		cuio_reg_write(run->device, (unsigned)reg->index, value);
}

static int target_touch(struct run *run)
{
	return ++run->accesses > PROGRAM_ACCESSES_MAX ? -EINVAL : 0;
}

int target_get(struct run *run, const struct target *target, uint64_t element, uint64_t *ret)
{
	const struct reg *reg = target->reg;
	uint64_t value;

	if (reg->read) {
		int r = target_touch(run);

		if (r)
			return r;
		value = reg_get(run, reg, element);
	} else {
		value = bytes_get(target_shadow(run, reg, element), 8, false);
	}
	if (target->field)
		value = (value & field_mask(target->field)) >> target->field->shift;
	*ret = value;
	return 0;
}

int target_set(struct run *run, const struct target *target, uint64_t element, uint64_t value)
{
	const struct reg *reg = target->reg;
	const struct field *field = target->field;
	uint8_t *shadow = target_shadow(run, reg, element);
	int r = target_touch(run);

	if (!r && field && !shadow)
		r = target_touch(run);
	if (r)
		return r;
	if (field) {
		uint64_t others = shadow ? bytes_get(shadow, 8, false) : reg_get(run, reg, element);

		value = (others & ~field_mask(field)) |
			((value << field->shift) & field_mask(field));
	}
	value &= reg_mask(reg);
	reg_set(run, reg, element, value);
	if (shadow)
		bytes_set(shadow, 8, value);
	return 0;
}
