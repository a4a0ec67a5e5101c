/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses what steps read and set: locals, the ioctl's argument, variables of device and file, the
 * data of read and write, and registers as NAME, NAME[index] or NAME@offset, each with an optional
 * .FIELD.
 */
#include "driver/steps/scope.h"
#include <errno.h>
#include <string.h>

/* The number of elements, if it is constant; else 1. */
static uint64_t constant_length(const struct operand *operand)
{
	return node_is_number(operand->length) ? operand->length->number : 1;
}

/* --- values --- */

/* Parses the index of an array; a scalar must have none. Checks constant indices. */
static bool value_index(struct scope *scope, struct operand *operand, const char *name)
{
	if (!parse_index(scope, &operand->first, &operand->length))
		return false;
	operand->checked = operand->first;
	if (operand->kind == OPERAND_DATA)
		return operand->first ||
		       scope_expected(scope, "an index: data.TYPE[FIRST] or [FIRST:LENGTH]");
	if (operand->first && operand->count == 1)
		return scope_fault(scope, "%s is no array", name);
	if (!operand->first && operand->count > 1)
		return scope_fault(scope, "%s is an array of %u, expected an index", name,
				   operand->count);
	if (node_is_number(operand->first) &&
	    (operand->first->number >= operand->count ||
	     constant_length(operand) > operand->count - operand->first->number))
		return scope_fault(scope, "%s has elements 0..%u only", name, operand->count - 1);
	return true;
}

static bool value_member(struct scope *scope, struct operand *operand,
			 const struct value_layout *layout, const char *what)
{
	const struct cuio_driver_member *member;
	struct names names = { 0 };
	int slot;

	if (!scope_expect(scope, "."))
		return false;
	slot = scope_take_indexed(scope, &layout->index);
	if (slot < 0) {
		names_add_list(&names, layout->members, layout->n_members);
		return scope_fault(scope, "no %s.%s, %s", what, scope->lexer.token.text,
				   scope_hint(scope, &names));
	}
	member = &layout->members[slot];
	operand->slot = (unsigned)slot;
	operand->width = member->width;
	operand->is_signed = member->is_signed;
	operand->count = member->count;
	operand->offset = member->offset;
	return value_index(scope, operand, member->name);
}

static bool value_argument(struct scope *scope, struct operand *operand, bool set)
{
	struct operation *operation = scope->operation;
	uint32_t way = operation->argument;

	operand->kind = OPERAND_ARGUMENT;
	if (operation->kind != KIND_IOCTL)
		return scope_fault(scope, "arg is an ioctl's argument: not in [%s]",
				   operation_section(operation));
	if (way == CUIO_ARGUMENT_NONE)
		return scope_fault(scope,
				   "this ioctl has no argument, expected another Number= or Arg=");
	if (set && (way == CUIO_ARGUMENT_IN || way == CUIO_ARGUMENT_VALUE))
		return scope_fault(scope, "arg cannot be set: it goes into the driver only");
	if (!set && way == CUIO_ARGUMENT_OUT)
		return scope_fault(scope, "arg has no value: it goes out to the caller only");
	if (set)
		operation->sets_argument = true;
	if (operation->shape.structure)
		return value_member(scope, operand, &operation->shape.structure->layout, "arg");
	operand->width = operation->shape.scalar.width;
	operand->is_signed = operation->shape.scalar.is_signed;
	operand->count = 1;
	return value_index(scope, operand, "arg");
}

static bool value_data(struct scope *scope, struct operand *operand, bool set)
{
	enum operation_kind kind = scope->operation->kind;
	struct type type;

	operand->kind = OPERAND_DATA;
	if (kind != KIND_READ && kind != KIND_WRITE)
		return scope_fault(scope, "data is what read() and write() move: not in [%s]",
				   operation_section(scope->operation));
	if (set != (kind == KIND_READ))
		return scope_fault(scope, set ? "data cannot be set in [Write], only in [Read]"
					      : "data has no value in [Read], only in [Write]");
	if (!scope_expect(scope, "."))
		return false;
	if (!type_find(scope->lexer.token.text, &type) || type.width != type.compat_width)
		return scope_expected(scope, "u8, u16, u32, u64, s8, s16, s32 or s64");
	lexer_next(&scope->lexer);
	operand->width = type.width;
	operand->is_signed = type.is_signed;
	return value_index(scope, operand, "data");
}

static bool value_local(struct scope *scope, struct operand *operand, bool set)
{
	const char *name = scope->lexer.token.text;
	int slot = operation_local(scope->operation, name);

	if (set && scope->loop && !strcmp(scope->loop, name))
		return scope_fault(scope,
				   "%s counts the rounds of the for, so it cannot be set in it",
				   scope->loop);
	if (slot < 0)
		slot = scope_new_local(scope, name);
	if (slot < 0)
		return false;
	lexer_next(&scope->lexer);
	operand->kind = OPERAND_LOCAL;
	operand->slot = (unsigned)slot;
	operand->width = 8;
	operand->count = 1;
	return value_index(scope, operand, "a variable of this operation");
}

bool value_starts(const struct scope *scope)
{
	const struct lexer *lexer = &scope->lexer;

	return lexer->token.kind == TOKEN_NAME &&
	       (lexer_is(lexer, "arg") || lexer_is(lexer, "dev") || lexer_is(lexer, "file") ||
		lexer_is(lexer, "data") ||
		operation_local(scope->operation, lexer->token.text) >= 0);
}

struct operand *parse_value(struct scope *scope, bool set)
{
	struct operand *operand = scope_alloc(scope, sizeof(*operand));
	bool good;

	if (!operand)
		return NULL;
	if (lexer_take(&scope->lexer, "arg")) {
		good = value_argument(scope, operand, set);
	} else if (lexer_take(&scope->lexer, "dev")) {
		operand->kind = OPERAND_DEVICE;
		good = value_member(scope, operand, &scope->program->device, "dev");
	} else if (lexer_take(&scope->lexer, "file")) {
		operand->kind = OPERAND_FILE;
		if (!operation_has_file(scope->operation))
			return scope_fault(scope, "file. means the open file: not in [%s]",
					   operation_section(scope->operation));
		good = value_member(scope, operand, &scope->program->file, "file");
	} else if (lexer_take(&scope->lexer, "data")) {
		good = value_data(scope, operand, set);
	} else if (scope->lexer.token.kind == TOKEN_NAME) {
		good = value_local(scope, operand, set);
	} else {
		return scope_expected(scope, "a variable, arg, dev.NAME, file.NAME or data.TYPE[]");
	}
	return good ? operand : NULL;
}

/* --- registers --- */

/* Whether a caller could choose any index. */
static bool index_is_open(const struct scope *scope, const struct operand *operand)
{
	const struct node *first = operand->first;

	if (node_is_number(first))
		return false;
	return operand->by_offset || !scope->loop || first->kind != NODE_OPERAND ||
	       first->operand->kind != OPERAND_LOCAL ||
	       strcmp(scope->operation->locals[first->operand->slot], scope->loop) != 0;
}

static bool check_constant(struct scope *scope, const struct operand *operand)
{
	const struct reg *reg = operand->reg;
	uint64_t first = operand->first->number;
	int r;

	if (operand->by_offset && (!reg->stride || first % reg->stride))
		return scope_fault(
			scope, "%s@0x%llx is not at an element, expected a multiple of %llu",
			reg->name, (unsigned long long)first, (unsigned long long)reg->stride);
	if (operand->by_offset)
		first /= reg->stride;
	r = reg_check_range(reg, first, constant_length(operand));
	if (r == -EINVAL)
		return scope_fault(scope, "register %s has elements 0..%u only", reg->name,
				   reg->count - 1);
	return r == 0 || scope_fault(scope, "that element of register %s is excepted", reg->name);
}

/* Checks for an index that the caller chooses, and for a loop that exceeds the register. */
static bool check_reach(struct scope *scope, const struct operand *operand)
{
	const struct reg *reg = operand->reg;
	bool open = index_is_open(scope, operand);
	bool any_length = operand->length && !node_is_number(operand->length);

	if ((open || any_length) && reg->stride && !reg->n_excepts && !reg->open_index)
		return scope_fault(
			scope,
			"the caller could reach all of register %s, expected Except=FIRST-LAST in "
			"[Register %s] for what is dangerous (DMA), or All=yes if nothing is",
			reg->name, reg->name);
	if (!open && !node_is_number(operand->first) && reg->stride && !operand->length &&
	    scope->loop_max > reg->count)
		return scope_fault(scope, "register %s has elements 0..%u, but %s may be %u",
				   reg->name, reg->count - 1, scope->loop, scope->loop_max - 1);
	return true;
}

static bool register_index(struct scope *scope, struct operand *operand)
{
	const struct reg *reg = operand->reg;

	if (lexer_take(&scope->lexer, "@")) {
		operand->by_offset = true;
		operand->first = parse_unary(scope, 0);
		if (!operand->first)
			return false;
		if (!reg->stride)
			return scope_fault(scope,
					   "register %s is a FIFO (Stride=0): it has no offsets",
					   reg->name);
	} else if (!parse_index(scope, &operand->first, &operand->length)) {
		return false;
	}
	operand->checked = operand->first || reg->n_excepts;
	if (!operand->first)
		return reg->count == 1 || !reg->stride ||
		       scope_fault(scope, "register %s has %u elements, expected an index",
				   reg->name, reg->count);
	if (reg->count == 1 && reg->stride)
		return scope_fault(scope, "register %s has no elements to choose from (Count=)",
				   reg->name);
	return (!node_is_number(operand->first) || check_constant(scope, operand)) &&
	       check_reach(scope, operand);
}

static bool register_field(struct scope *scope, struct operand *operand)
{
	const struct reg *reg = operand->reg;
	struct names names = { 0 };

	if (!lexer_take(&scope->lexer, "."))
		return true;
	if (operand->length)
		return scope_fault(scope, "a slice has no fields, expected one element");
	operand->field = reg_field(reg, scope->lexer.token.text);
	if (!operand->field) {
		names_add_list(&names, reg->fields, reg->n_fields);
		return scope_fault(scope, "register %s has no field %s, %s", reg->name,
				   scope->lexer.token.text, scope_hint(scope, &names));
	}
	lexer_next(&scope->lexer);
	operand->mask = field_mask(operand->field);
	operand->shift = (uint8_t)operand->field->shift;
	return true;
}

static bool check_access(struct scope *scope, const struct operand *operand, bool set)
{
	const struct reg *reg = operand->reg;
	const struct field *field = operand->field;

	if (!set && !reg->read && !reg->shadow)
		scope_fault(scope, "register %s cannot be read: it is wo, and has no Shadow=yes",
			    reg->name);
	else if (set && !reg->write)
		scope_fault(scope, "register %s cannot be written: it is ro", reg->name);
	else if (field && !set && !field->read && !reg->shadow)
		scope_fault(scope, "field %s.%s cannot be read: it is wo", reg->name, field->name);
	else if (field && set && !field->write)
		scope_fault(scope, "field %s.%s cannot be written: it is ro", reg->name,
			    field->name);
	else if (field && set && !reg->shadow && !reg->read)
		scope_fault(scope,
			    "the other bits of register %s are not known: it is wo, expected "
			    "Shadow=yes",
			    reg->name);
	else if (field && set && !reg->shadow && reg->side_effect)
		scope_fault(scope,
			    "the other bits of register %s cannot be read without a side effect, "
			    "expected Shadow=yes",
			    reg->name);
	return !scope->failed;
}

struct operand *parse_register(struct scope *scope, bool set)
{
	const struct regmap *map = &scope->program->description->regmap;
	struct operand *operand = scope_alloc(scope, sizeof(*operand));
	const struct token *token = &scope->lexer.token;
	bool outer = scope->registers, good;
	struct names names = { 0 };

	if (!operand)
		return NULL;
	if (token->kind != TOKEN_NAME)
		return scope_expected(scope, "a register");
	operand->kind = OPERAND_REGISTER;
	operand->reg = regmap_find(map, token->text);
	if (!operand->reg) {
		names_add_list(&names, map->regs, map->n_regs);
		return scope_fault(scope, "no register %s, %s", token->text,
				   scope_hint(scope, &names));
	}
	lexer_next(&scope->lexer);
	operand->slot = (unsigned)operand->reg->index;
	operand->offset = scope->program->shadows[operand->slot];
	operand->mask = reg_mask(operand->reg);
	operand->stride = operand->reg->stride;
	operand->readable = operand->reg->read;
	/* A step accesses one register: an index must not read others. */
	scope->registers = false;
	good = register_index(scope, operand) && register_field(scope, operand) &&
	       check_access(scope, operand, set);
	scope->registers = outer;
	return good ? operand : NULL;
}
