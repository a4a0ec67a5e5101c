/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operands at run time: finding, reading and setting their elements. */
#include "driver/steps/run.h"
#include <errno.h>
#include <string.h>

/* memcpy() of a constant width is one instruction, of a variable width a function call. */
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

/* Returns the place of a value's element. An argument's width may be that of a 32-bit caller. */
static inline uint8_t *value_bytes(struct run *run, const struct operand *operand, uint64_t element,
				   unsigned *ret_width)
{
	const struct cuio_driver_member *member;

	*ret_width = operand->width;
	switch (operand->kind) {
	case OPERAND_DEVICE:
		return run->device_state + operand->offset + element * operand->width;
	case OPERAND_FILE:
		return (uint8_t *)cuio_file_state(run->file) + operand->offset +
		       element * operand->width;
	case OPERAND_DATA:
		return run->data + element * operand->width;
	case OPERAND_LOCAL:
		return (uint8_t *)&run->locals[operand->slot];
	default:
		break;
	}
	member = &run->members[operand->slot];
	*ret_width = member->width;
	return (uint8_t *)run->argument + member->offset + element * member->width;
}

void run_zero(struct run *run, size_t end)
{
	memset(run->data + run->filled, 0, end - run->filled);
	run->filled = end;
}

/* Before a step sets these bytes of a read's data. */
static void note_set(struct run *run, size_t start, size_t size)
{
	run_fill(run, start);
	if (start + size > run->filled)
		run->filled = start + size;
}

uint64_t run_get_value(struct run *run, const struct operand *operand, uint64_t element)
{
	unsigned width;
	const uint8_t *bytes = value_bytes(run, operand, element, &width);
	uint64_t number;

	/* An argument by value is a uint64_t; only the bytes of its type count. */
	if (operand->kind == OPERAND_ARGUMENT && run->operation->argument == CUIO_ARGUMENT_VALUE) {
		memcpy(&number, run->argument, sizeof(number));
		bytes_set((uint8_t *)&number, width, number);
		bytes = (const uint8_t *)&number;
	}
	return bytes_get(bytes, width, operand->is_signed);
}

/* The last value written to a register with Shadow=yes; NULL: it has no shadow. */
static uint8_t *shadow_of(struct run *run, const struct operand *operand, uint64_t element)
{
	if (!operand->offset)
		return NULL;
	return run->device_state + operand->offset +
	       (operand->stride ? element : 0) * sizeof(uint64_t);
}

static int count_access(struct run *run)
{
	return ++run->accesses > PROGRAM_ACCESSES_MAX ? -EINVAL : 0;
}

/* All elements of a FIFO are at the same address. Without an index it is the first element. */
static bool has_elements(const struct operand *operand)
{
	return operand->stride && operand->checked;
}

static uint64_t register_read(struct run *run, const struct operand *operand, uint64_t element)
{
	return has_elements(operand) ? cuio_element_read(run->device, operand->slot, element)
				     : cuio_reg_read(run->device, operand->slot);
}

static void register_write(struct run *run, const struct operand *operand, uint64_t element,
			   uint64_t value)
{
	if (has_elements(operand))
		cuio_element_write(run->device, operand->slot, element, value);
	else
		cuio_reg_write(run->device, operand->slot, value);
}

int run_get(struct run *run, const struct operand *operand, uint64_t element, uint64_t *ret)
{
	uint64_t value;
	int r = 0;

	if (operand->kind != OPERAND_REGISTER) {
		*ret = run_get_value(run, operand, element);
		return 0;
	}
	if (operand->readable) {
		r = count_access(run);
		if (r)
			return r;
		value = register_read(run, operand, element);
	} else {
		value = bytes_get(shadow_of(run, operand, element), 8, false);
	}
	*ret = (value & operand->mask) >> operand->shift;
	return 0;
}

static int register_set(struct run *run, const struct operand *operand, uint64_t element,
			uint64_t value)
{
	uint8_t *shadow = shadow_of(run, operand, element);
	int r = count_access(run);

	if (!r && operand->field && !shadow)
		r = count_access(run);
	if (r)
		return r;
	value = (value << operand->shift) & operand->mask;
	if (operand->field)
		value |= ~operand->mask & (shadow ? bytes_get(shadow, 8, false)
						  : register_read(run, operand, element));
	register_write(run, operand, element, value);
	if (shadow)
		bytes_set(shadow, 8, value);
	return 0;
}

int run_set(struct run *run, const struct operand *operand, uint64_t element, uint64_t value)
{
	unsigned width;
	uint8_t *bytes;

	if (operand->kind == OPERAND_REGISTER)
		return register_set(run, operand, element, value);
	bytes = value_bytes(run, operand, element, &width);
	if (operand->kind == OPERAND_DATA)
		note_set(run, (size_t)element * width, width);
	bytes_set(bytes, width, value);
	return 0;
}

int run_check(struct run *run, const struct operand *operand, struct span *ret)
{
	struct span span = { .first = 0, .length = 1 };
	uint64_t count = operand->count;
	int r = operand->first ? evaluate(run, operand->first, &span.first) : 0;

	if (!r && operand->length)
		r = evaluate(run, operand->length, &span.length);
	if (r)
		return r;
	if (operand->kind == OPERAND_REGISTER) {
		if (operand->by_offset && span.first % operand->stride)
			return -EINVAL;
		if (operand->by_offset)
			span.first /= operand->stride;
		r = cuio_element_check(run->device, operand->slot, span.first, span.length);
	} else {
		if (operand->kind == OPERAND_DATA)
			count = run->count / operand->width;
		r = span.first > count || span.length > count - span.first ? -EINVAL : 0;
	}
	if (!r)
		*ret = span;
	return r;
}
