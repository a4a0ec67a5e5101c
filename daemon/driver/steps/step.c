/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One Step= line: a verb, what it works on, and a condition. */
#include "driver/steps/scope.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* errno 11 parks a request: no step may make it. */
int parse_errno(struct scope *scope)
{
	const char *name = scope->lexer.token.text;

	for (int error = 1; scope->lexer.token.kind == TOKEN_NAME && error < 512; error++) {
		const char *known = strerrorname_np(error);

		if (!known || strcmp(known, name))
			continue;
		if (error == EAGAIN) {
			scope_fault(scope, "EAGAIN is given by wait alone, to O_NONBLOCK callers");
			return 0;
		}
		lexer_next(&scope->lexer);
		return error;
	}
	scope_expected(scope, "the name of an error, such as EINVAL");
	return 0;
}

static bool parse_time(struct scope *scope, uint64_t max, uint64_t *ret)
{
	const struct token *token = &scope->lexer.token;

	if (token->kind != TOKEN_TIME) {
		scope_expected(scope, "a time such as 100ms (ns, us, ms, s)");
		return false;
	}
	if (token->number > max) {
		scope_fault(scope, "%s is too long, expected %us at most", token->text,
			    (unsigned)(max / 1000000000));
		return false;
	}
	*ret = token->number;
	lexer_next(&scope->lexer);
	return true;
}

static unsigned bits_of(const struct target *target)
{
	return target->field ? target->field->bits : target->reg->width * 8;
}

static bool parse_read(struct scope *scope, struct step *step)
{
	step->target = parse_target(scope, true, false);
	step->place = step->target ? parse_place(scope, true) : NULL;
	if (!step->place)
		return false;
	if (!step->target->length != !step->place->length) {
		scope_fault(scope,
			    "a slice goes to a slice, expected [FIRST:LENGTH] on both sides");
		return false;
	}
	if (bits_of(step->target) > step->place->width * 8U) {
		scope_fault(scope, "%u bits of %s do not fit into %u", bits_of(step->target),
			    step->target->field ? step->target->field->name
						: step->target->reg->name,
			    step->place->width * 8U);
		return false;
	}
	return true;
}

static bool parse_write(struct scope *scope, struct step *step)
{
	step->target = parse_target(scope, false, true);
	if (!step->target)
		return false;
	if (!step->target->length) {
		step->value = parse_expression(scope);
		return step->value;
	}
	/* A slice takes a slice, or the same value everywhere. */
	if (place_starts(scope)) {
		struct lexer before = scope->lexer;

		step->place = parse_place(scope, false);
		if (!step->place || step->place->length)
			return step->place;
		step->place = NULL;
		scope->lexer = before;
	}
	step->value = parse_expression(scope);
	return step->value;
}

static bool parse_let(struct scope *scope, struct step *step)
{
	step->place = parse_place(scope, true);
	if (!step->place || !scope_expect(scope, "="))
		return false;
	if (step->place->length) {
		scope_fault(scope, "let sets one element, not a slice");
		return false;
	}
	step->value = parse_expression(scope);
	return step->value;
}

static bool parse_leave(struct scope *scope, struct step *step)
{
	enum operation_kind kind = scope->operation->kind;

	if (step->kind == STEP_FAIL) {
		step->error = -parse_errno(scope);
		return step->error;
	}
	if (scope->lexer.token.kind != TOKEN_END && !lexer_is(&scope->lexer, "if")) {
		step->value = parse_expression(scope);
		return step->value;
	}
	if (kind == KIND_READ || kind == KIND_WRITE) {
		scope_fault(scope, "return in [%s] wants the number of bytes moved",
			    operation_section(scope->operation));
		return false;
	}
	return true;
}

static bool parse_else(struct scope *scope, struct step *step)
{
	if (!lexer_take(&scope->lexer, "else"))
		return true;
	step->otherwise = scope_alloc(scope, sizeof(*step->otherwise));
	if (!step->otherwise)
		return false;
	step->otherwise->line = step->line;
	if (lexer_take(&scope->lexer, "return"))
		step->otherwise->kind = STEP_RETURN;
	else if (lexer_take(&scope->lexer, "fail"))
		step->otherwise->kind = STEP_FAIL;
	else
		return scope_expected(scope, "return or fail");
	return parse_leave(scope, step->otherwise);
}

/* What is asked until it is true: it may read registers. */
static bool parse_awaited(struct scope *scope, struct step *step)
{
	scope->registers = true;
	step->value = parse_expression(scope);
	scope->registers = false;
	return step->value;
}

static bool parse_until(struct scope *scope, struct step *step)
{
	if (!parse_awaited(scope, step))
		return false;
	if (!lexer_take(&scope->lexer, "within"))
		return scope_expected(scope, "within TIME");
	return parse_time(scope, PROGRAM_HOLD_MAX, &step->time) && parse_else(scope, step);
}

static bool parse_wait(struct scope *scope, struct step *step)
{
	if (!parse_awaited(scope, step))
		return false;
	if (lexer_take(&scope->lexer, "every") &&
	    !parse_time(scope, PROGRAM_HOLD_MAX, &step->every))
		return false;
	if (lexer_take(&scope->lexer, "within")) {
		if (!parse_time(scope, UINT64_C(86400000000000), &step->time))
			return false;
		return parse_else(scope, step);
	}
	if (lexer_is(&scope->lexer, "else"))
		return scope_fault(scope, "else without within TIME");
	return true;
}

static bool parse_arm(struct scope *scope, struct step *step)
{
	const struct program *program = scope->program;
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];

	for (unsigned i = 0; i < program->n_timers; i++) {
		names_add(&names, program->timers[i]->name);
		if (strcmp(program->timers[i]->name, scope->lexer.token.text))
			continue;
		names_done(&names);
		step->slot = i;
		lexer_next(&scope->lexer);
		if (scope->lexer.token.kind == TOKEN_NUMBER && !scope->lexer.token.number) {
			lexer_next(&scope->lexer);
			return true;
		}
		return parse_time(scope, UINT64_C(86400000000000), &step->time);
	}
	scope_fault(scope, "no [Timer %s], %s", scope->lexer.token.text,
		    names_hint(&names, scope->lexer.token.text, hint));
	names_done(&names);
	return false;
}

static bool parse_for(struct scope *scope, struct step *step)
{
	const struct token *token = &scope->lexer.token;
	int slot;

	if (scope->loop)
		return scope_fault(scope, "for within for: loops cannot be nested");
	if (token->kind != TOKEN_NAME)
		return scope_expected(scope, "the name of a variable");
	/* The limit lives beside the variable, so each for has two of its own. */
	slot = operation_local(scope->operation, token->text);
	if (slot >= 0 && !((unsigned)slot + 1 < scope->operation->n_locals &&
			   !*scope->operation->locals[slot + 1]))
		return scope_fault(scope, "%s is in use already, expected a new variable",
				   token->text);
	if (slot < 0) {
		slot = scope_new_local(scope, token->text);
		if (slot < 0)
			return false;
		if (scope->operation->n_locals == PROGRAM_LOCALS_MAX)
			return scope_fault(scope, "more than %u variables in one operation",
					   PROGRAM_LOCALS_MAX);
		scope->operation->locals[scope->operation->n_locals++] = "";
	}
	step->slot = (unsigned)slot;
	lexer_next(&scope->lexer);
	if (!lexer_take(&scope->lexer, "below"))
		return scope_expected(scope, "below");
	step->value = parse_expression(scope);
	if (!step->value)
		return false;
	if (!lexer_take(&scope->lexer, "max"))
		return scope_expected(scope, "max");
	if (token->kind != TOKEN_NUMBER || !token->number || token->number > PROGRAM_LOOP_MAX)
		return scope_expected(scope, "a number of rounds 1..4096");
	step->limit = (unsigned)token->number;
	lexer_next(&scope->lexer);
	scope->loop = scope->operation->locals[slot];
	scope->loop_max = step->limit;
	if (node_is_number(step->value) && step->value->number > step->limit)
		return scope_fault(scope, "for below %llu max %u fails always",
				   (unsigned long long)step->value->number, step->limit);
	return true;
}

static bool parse_end(struct scope *scope)
{
	if (scope->stray_ends) {
		scope->stray_ends--;
		scope->failed = true;
		return false;
	}
	if (!scope->loop)
		return scope_fault(scope, "end without for");
	scope->loop = NULL;
	return true;
}

static bool may_park(struct scope *scope, const char *verb)
{
	switch (scope->operation->kind) {
	case KIND_READ:
	case KIND_WRITE:
	case KIND_IOCTL:
		scope->operation->parks = true;
		return true;
	case KIND_START:
	case KIND_RESUME:
	case KIND_STOP:
		if (strcmp(verb, "wait"))
			return true;
		break;
	default:
		break;
	}
	return scope_fault(scope, "%s cannot be in [%s], which nobody can wait for", verb,
			   operation_section(scope->operation));
}

static bool parse_verb(struct scope *scope, struct step *step, const char *verb)
{
	switch (step->kind) {
	case STEP_READ:
		return parse_read(scope, step);
	case STEP_WRITE:
		return parse_write(scope, step);
	case STEP_LET:
		return parse_let(scope, step);
	case STEP_UNTIL:
		return may_park(scope, verb) && parse_until(scope, step);
	case STEP_WAIT:
		return may_park(scope, verb) && parse_wait(scope, step);
	case STEP_SLEEP:
		return may_park(scope, verb) && parse_time(scope, PROGRAM_HOLD_MAX, &step->time);
	case STEP_ARM:
		return parse_arm(scope, step);
	case STEP_FOR:
		return parse_for(scope, step);
	case STEP_END:
		return parse_end(scope);
	case STEP_RETURN:
	case STEP_FAIL:
		return parse_leave(scope, step);
	}
	return false;
}

bool parse_step(struct scope *scope, struct step *step)
{
	static const char *const verbs[] = {
		[STEP_READ] = "read",	  [STEP_WRITE] = "write", [STEP_LET] = "let",
		[STEP_UNTIL] = "until",	  [STEP_WAIT] = "wait",	  [STEP_SLEEP] = "sleep",
		[STEP_ARM] = "arm",	  [STEP_FOR] = "for",	  [STEP_END] = "end",
		[STEP_RETURN] = "return", [STEP_FAIL] = "fail",
	};
	const unsigned n_verbs = sizeof(verbs) / sizeof(*verbs);
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];
	unsigned i = 0;

	step->line = scope->line;
	while (i < n_verbs && !lexer_is(&scope->lexer, verbs[i]))
		names_add(&names, verbs[i++]);
	if (i == n_verbs)
		scope_fault(scope, "unknown step \"%s\", %s", scope->lexer.token.text,
			    names_hint(&names, scope->lexer.token.text, hint));
	names_done(&names);
	if (i == n_verbs)
		return false;
	lexer_next(&scope->lexer);
	step->kind = (enum step_kind)i;
	if (!parse_verb(scope, step, verbs[i]) || scope->failed)
		return false;
	if (lexer_is(&scope->lexer, "if") && step->kind != STEP_FOR && step->kind != STEP_END) {
		lexer_next(&scope->lexer);
		step->condition = parse_expression(scope);
		if (!step->condition)
			return false;
	}
	return scope_expect_end(scope);
}
