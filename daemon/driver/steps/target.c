/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers as steps name them: NAME, NAME[index], NAME@offset, each with .FIELD if wanted. */
#include "driver/steps/scope.h"
#include <errno.h>
#include <string.h>

static const struct reg *target_register(struct scope *scope)
{
	const struct program *program = scope->program;
	const struct token *token = &scope->lexer.token;
	const struct reg *reg;
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];

	if (token->kind != TOKEN_NAME)
		return scope_expected(scope, "a register");
	reg = regmap_find(&program->description->regmap, token->text);
	if (reg) {
		lexer_next(&scope->lexer);
		return reg;
	}
	names_add_registers(&names, program);
	scope_fault(scope, "no register %s, %s", token->text,
		    names_hint(&names, token->text, hint));
	names_done(&names);
	return NULL;
}

/* Whether an index can be any number that a program thinks of. */
static bool index_is_open(const struct scope *scope, const struct node *first)
{
	const struct operation *operation = scope->operation;

	if (!first || first->kind == NODE_NUMBER)
		return false;
	return !(scope->loop && first->kind == NODE_PLACE && first->place->kind == PLACE_LOCAL &&
		 !strcmp(operation->locals[first->place->slot], scope->loop));
}

static bool target_check_open(struct scope *scope, const struct target *target)
{
	const struct reg *reg = target->reg;
	bool open = target->by_offset ? target->first->kind != NODE_NUMBER
				      : index_is_open(scope, target->first);

	if (target->length && target->length->kind != NODE_NUMBER)
		open = true;
	if (!open || !reg->stride || reg->n_excepts || reg->open_index)
		return true;
	scope_fault(scope,
		    "the caller could reach all of register %s, expected Except=FIRST-LAST in "
		    "[Register %s] for what is dangerous (DMA), or All=yes if nothing is",
		    reg->name, reg->name);
	return false;
}

static bool target_check_constant(struct scope *scope, const struct target *target)
{
	const struct reg *reg = target->reg;
	uint64_t first = target->first->number;
	uint64_t length = node_is_number(target->length) ? target->length->number : 1;
	int r;

	if (target->by_offset) {
		if (!reg->stride || first % reg->stride) {
			scope_fault(scope,
				    "%s@0x%llx is not at an element, expected a multiple of "
				    "%llu",
				    reg->name, (unsigned long long)first,
				    (unsigned long long)reg->stride);
			return false;
		}
		first /= reg->stride;
	}
	r = reg_check_range(reg, first, length);
	if (r == -EINVAL)
		scope_fault(scope, "register %s has elements 0..%u only", reg->name,
			    reg->count - 1);
	else if (r < 0)
		scope_fault(scope, "that element of register %s is excepted", reg->name);
	return r == 0;
}

/* A for that may run past the end is found here: its index needs no Except= or All=. */
static bool target_check_loop(struct scope *scope, const struct target *target)
{
	const struct reg *reg = target->reg;

	if (node_is_number(target->first) || target->by_offset || !reg->stride ||
	    index_is_open(scope, target->first) || target->length || scope->loop_max <= reg->count)
		return true;
	scope_fault(scope, "register %s has elements 0..%u, but %s may be %u", reg->name,
		    reg->count - 1, scope->loop, scope->loop_max - 1);
	return false;
}

static bool target_index(struct scope *scope, struct target *target)
{
	const struct reg *reg = target->reg;

	if (lexer_take(&scope->lexer, "@")) {
		target->by_offset = true;
		target->first = parse_unary(scope);
		if (!target->first)
			return false;
		if (!reg->stride) {
			scope_fault(scope, "register %s is a FIFO (Stride=0): it has no offsets",
				    reg->name);
			return false;
		}
	} else if (!parse_index(scope, &target->first, &target->length)) {
		return false;
	}
	if (!target->first) {
		if (reg->count > 1 && reg->stride) {
			scope_fault(scope, "register %s has %u elements, expected an index",
				    reg->name, reg->count);
			return false;
		}
		return true;
	}
	if (reg->count == 1 && reg->stride) {
		scope_fault(scope, "register %s has no elements to choose from (Count=)",
			    reg->name);
		return false;
	}
	if (node_is_number(target->first) && !target_check_constant(scope, target))
		return false;
	return target_check_open(scope, target) && target_check_loop(scope, target);
}

static bool target_field(struct scope *scope, struct target *target)
{
	const struct reg *reg = target->reg;
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];

	if (!lexer_take(&scope->lexer, "."))
		return true;
	if (target->length) {
		scope_fault(scope, "a slice has no fields, expected one element");
		return false;
	}
	target->field = reg_field(reg, scope->lexer.token.text);
	if (target->field) {
		lexer_next(&scope->lexer);
		return true;
	}
	for (size_t i = 0; i < reg->n_fields; i++)
		names_add(&names, reg->fields[i].name);
	scope_fault(scope, "register %s has no field %s, %s", reg->name, scope->lexer.token.text,
		    names_hint(&names, scope->lexer.token.text, hint));
	names_done(&names);
	return false;
}

static bool target_check_access(struct scope *scope, const struct target *target, bool read,
				bool write)
{
	const struct reg *reg = target->reg;
	const struct field *field = target->field;

	if (read && !reg->read && !reg->shadow)
		scope_fault(scope, "register %s cannot be read: it is wo, and has no Shadow=yes",
			    reg->name);
	else if (write && !reg->write)
		scope_fault(scope, "register %s cannot be written: it is ro", reg->name);
	else if (field && read && !field->read && !reg->shadow)
		scope_fault(scope, "field %s.%s cannot be read: it is wo", reg->name, field->name);
	else if (field && write && !field->write)
		scope_fault(scope, "field %s.%s cannot be written: it is ro", reg->name,
			    field->name);
	else if (field && write && !reg->shadow && !reg->read)
		scope_fault(scope,
			    "the other bits of register %s are not known: it is wo, expected "
			    "Shadow=yes",
			    reg->name);
	else if (field && write && !reg->shadow && reg->side_effect)
		scope_fault(scope,
			    "the other bits of register %s cannot be read without a side effect, "
			    "expected Shadow=yes",
			    reg->name);
	return !scope->failed;
}

struct target *parse_target(struct scope *scope, bool read, bool write)
{
	struct target *target = scope_alloc(scope, sizeof(*target));
	bool outer = scope->registers;
	bool good;

	if (!target)
		return NULL;
	target->reg = target_register(scope);
	if (!target->reg)
		return NULL;
	/* One touch a step: the index is found without hardware. */
	scope->registers = false;
	good = target_index(scope, target) && target_field(scope, target) &&
	       target_check_access(scope, target, read, write);
	scope->registers = outer;
	return good ? target : NULL;
}
