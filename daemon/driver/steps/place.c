/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places: locals, the ioctl's argument, variables of device and file, the bytes of read and write.
 */
#include "driver/steps/scope.h"
#include <string.h>

/* The index that follows an array, and none after a scalar; constants are checked here. */
static bool place_index(struct scope *scope, struct place *place, const char *name)
{
	uint64_t last;

	if (!parse_index(scope, &place->first, &place->length))
		return false;
	if (place->kind == PLACE_DATA) {
		if (!place->first)
			scope_expected(scope, "an index: data.TYPE[FIRST] or [FIRST:LENGTH]");
		return place->first;
	}
	if (place->first && place->count == 1) {
		scope_fault(scope, "%s is no array", name);
		return false;
	}
	if (!place->first && place->count > 1) {
		scope_fault(scope, "%s is an array of %u, expected an index", name, place->count);
		return false;
	}
	if (!node_is_number(place->first))
		return true;
	last = place->first->number;
	if (node_is_number(place->length) && place->length->number)
		last += place->length->number - 1;
	if (last >= place->count || place->first->number >= place->count) {
		scope_fault(scope, "%s has elements 0..%u only", name, place->count - 1);
		return false;
	}
	return true;
}

static bool place_member(struct scope *scope, struct place *place,
			 const struct value_layout *layout, const char *what)
{
	const struct cuio_driver_member *member;
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE], name[TOKEN_TEXT_MAX + 1];
	int slot;

	if (!scope_expect(scope, "."))
		return false;
	memcpy(name, scope->lexer.token.text, sizeof(name));
	slot = value_layout_find(layout, name);
	if (slot < 0) {
		names_add_layout(&names, layout);
		scope_fault(scope, "no %s.%s, %s", what, name, names_hint(&names, name, hint));
		names_done(&names);
		return false;
	}
	lexer_next(&scope->lexer);
	member = &layout->members[slot];
	place->slot = (unsigned)slot;
	place->width = member->width;
	place->is_signed = member->is_signed;
	place->count = member->count;
	place->offset = member->offset;
	return place_index(scope, place, name);
}

static bool place_argument(struct scope *scope, struct place *place, bool set)
{
	struct operation *operation = scope->operation;
	uint32_t way = operation->argument;

	place->kind = PLACE_ARGUMENT;
	if (operation->kind != KIND_IOCTL) {
		scope_fault(scope, "arg is an ioctl's argument: not in [%s]",
			    operation_section(operation));
		return false;
	}
	if (way == CUIO_ARGUMENT_NONE) {
		scope_fault(scope, "this ioctl has no argument, expected another Number= or Arg=");
		return false;
	}
	if (set && (way == CUIO_ARGUMENT_IN || way == CUIO_ARGUMENT_VALUE)) {
		scope_fault(scope, "arg cannot be set: it goes into the driver only");
		return false;
	}
	if (!set && way == CUIO_ARGUMENT_OUT) {
		scope_fault(scope, "arg has no value: it goes out to the caller only");
		return false;
	}
	if (set)
		operation->sets_argument = true;
	if (operation->structure)
		return place_member(scope, place, &operation->structure->layout, "arg");
	place->width = operation->scalar.width;
	place->is_signed = operation->scalar.is_signed;
	place->count = 1;
	return place_index(scope, place, "arg");
}

static bool place_data(struct scope *scope, struct place *place, bool set)
{
	enum operation_kind kind = scope->operation->kind;
	struct type type;

	place->kind = PLACE_DATA;
	if (kind != KIND_READ && kind != KIND_WRITE) {
		scope_fault(scope, "data is what read() and write() move: not in [%s]",
			    operation_section(scope->operation));
		return false;
	}
	if (set != (kind == KIND_READ)) {
		scope_fault(scope, set ? "data cannot be set in [Write], only in [Read]"
				       : "data has no value in [Read], only in [Write]");
		return false;
	}
	if (!scope_expect(scope, "."))
		return false;
	if (!type_find(scope->lexer.token.text, &type) || type.width != type.compat_width) {
		scope_expected(scope, "u8, u16, u32, u64, s8, s16, s32 or s64");
		return false;
	}
	lexer_next(&scope->lexer);
	place->width = type.width;
	place->is_signed = type.is_signed;
	return place_index(scope, place, "data");
}

static bool place_local(struct scope *scope, struct place *place, bool set)
{
	int slot = operation_local(scope->operation, scope->lexer.token.text);

	if (set && scope->loop && !strcmp(scope->loop, scope->lexer.token.text)) {
		scope_fault(scope, "%s counts the rounds of the for, so it cannot be set in it",
			    scope->loop);
		return false;
	}
	if (slot < 0)
		slot = scope_new_local(scope, scope->lexer.token.text);
	if (slot < 0)
		return false;
	lexer_next(&scope->lexer);
	place->kind = PLACE_LOCAL;
	place->slot = (unsigned)slot;
	place->width = 8;
	place->count = 1;
	return place_index(scope, place, "a variable of this operation");
}

bool place_starts(const struct scope *scope)
{
	const struct lexer *lexer = &scope->lexer;

	if (lexer->token.kind != TOKEN_NAME)
		return false;
	return lexer_is(lexer, "arg") || lexer_is(lexer, "dev") || lexer_is(lexer, "file") ||
	       lexer_is(lexer, "data") || operation_local(scope->operation, lexer->token.text) >= 0;
}

struct place *parse_place(struct scope *scope, bool set)
{
	struct place *place = scope_alloc(scope, sizeof(*place));
	bool good;

	if (!place)
		return NULL;
	if (lexer_take(&scope->lexer, "arg")) {
		good = place_argument(scope, place, set);
	} else if (lexer_take(&scope->lexer, "dev")) {
		place->kind = PLACE_DEVICE;
		good = place_member(scope, place, &scope->program->device, "dev");
	} else if (lexer_take(&scope->lexer, "file")) {
		place->kind = PLACE_FILE;
		if (!operation_has_file(scope->operation))
			return scope_fault(scope, "file. means the open file: not in [%s]",
					   operation_section(scope->operation));
		good = place_member(scope, place, &scope->program->file, "file");
	} else if (lexer_take(&scope->lexer, "data")) {
		good = place_data(scope, place, set);
	} else if (scope->lexer.token.kind == TOKEN_NAME) {
		good = place_local(scope, place, set);
	} else {
		return scope_expected(scope, "a variable, arg, dev.NAME, file.NAME or data.TYPE[]");
	}
	return good ? place : NULL;
}
