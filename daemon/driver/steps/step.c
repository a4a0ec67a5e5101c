/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses a Step= line: a verb, its parts, and an optional condition. */
#include "driver/steps/scope.h"
#include <errno.h>
#include <string.h>

#define DAY UINT64_C(86400000000000) /* ns */

/* EAGAIN is refused: only the core answers it, for waits of O_NONBLOCK callers. */
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

	if (token->kind != TOKEN_TIME)
		return scope_expected(scope, "a time such as 100ms (ns, us, ms, s)");
	if (token->number > max)
		return scope_fault(scope, "%s is too long, expected %us at most", token->text,
				   (unsigned)(max / 1000000000));
	*ret = token->number;
	lexer_next(&scope->lexer);
	return true;
}

/* --- parts of a line --- */

static bool parse_read_register(struct scope *scope, struct step *step)
{
	step->operand = parse_register(scope, false);
	return step->operand;
}

static bool parse_read_into(struct scope *scope, struct step *step)
{
	const struct operand *from = step->operand;
	unsigned bits = from->field ? from->field->bits : from->reg->width * 8;

	step->other = parse_value(scope, true);
	if (!step->other)
		return false;
	if (!from->length != !step->other->length)
		return scope_fault(
			scope, "a slice goes to a slice, expected [FIRST:LENGTH] on both sides");
	if (bits > step->other->width * 8U)
		return scope_fault(scope, "%u bits of %s do not fit into %u", bits,
				   from->field ? from->field->name : from->reg->name,
				   step->other->width * 8U);
	return true;
}

static bool parse_expression_part(struct scope *scope, struct step *step)
{
	step->value = parse_expression(scope);
	return step->value;
}

static bool parse_written_register(struct scope *scope, struct step *step)
{
	step->operand = parse_register(scope, true);
	return step->operand;
}

/* Parses the value to write. A slice takes a slice, or one value for all elements. */
static bool parse_written(struct scope *scope, struct step *step)
{
	struct lexer before = scope->lexer;

	if (step->operand->length && value_starts(scope)) {
		step->other = parse_value(scope, false);
		if (!step->other || step->other->length)
			return step->other;
		step->other = NULL;
		scope->lexer = before;
	}
	return parse_expression_part(scope, step);
}

static bool parse_variable(struct scope *scope, struct step *step)
{
	step->operand = parse_value(scope, true);
	return step->operand;
}

static bool parse_let_value(struct scope *scope, struct step *step)
{
	if (step->operand->length)
		return scope_fault(scope, "let sets one element, not a slice");
	return parse_expression_part(scope, step);
}

static bool parse_error(struct scope *scope, struct step *step)
{
	step->error = -parse_errno(scope);
	return step->error;
}

static bool parse_result(struct scope *scope, struct step *step)
{
	enum operation_kind kind = scope->operation->kind;

	if (scope->lexer.token.kind != TOKEN_END && !lexer_is(&scope->lexer, "if"))
		return parse_expression_part(scope, step);
	if (kind == KIND_READ || kind == KIND_WRITE)
		return scope_fault(scope, "return in [%s] wants the number of bytes moved",
				   operation_section(scope->operation));
	return true;
}

/* Parses a condition that is evaluated repeatedly: it may read registers. */
static bool parse_awaited(struct scope *scope, struct step *step)
{
	scope->registers = true;
	step->value = parse_expression(scope);
	scope->registers = false;
	return step->value;
}

static bool parse_hold(struct scope *scope, struct step *step)
{
	return parse_time(scope, PROGRAM_HOLD_MAX, &step->time);
}

static bool parse_every(struct scope *scope, struct step *step)
{
	return parse_time(scope, PROGRAM_HOLD_MAX, &step->every);
}

/* Parses "TIME" or "TIME else STEP" after "within". */
static bool parse_within(struct scope *scope, struct step *step)
{
	if (!parse_time(scope, step->kind == STEP_UNTIL ? PROGRAM_HOLD_MAX : DAY, &step->time))
		return false;
	if (!lexer_take(&scope->lexer, "else"))
		return true;
	step->otherwise = scope_alloc(scope, sizeof(*step->otherwise));
	if (!step->otherwise)
		return false;
	*step->otherwise = (struct step){ .kind = STEP_RETURN, .line = step->line };
	if (lexer_take(&scope->lexer, "return"))
		return parse_result(scope, step->otherwise);
	step->otherwise->kind = STEP_FAIL;
	if (lexer_take(&scope->lexer, "fail"))
		return parse_error(scope, step->otherwise);
	return scope_expected(scope, "return or fail");
}

static bool parse_timer(struct scope *scope, struct step *step)
{
	const struct program *program = scope->program;
	struct names names = { 0 };

	while (step->slot < program->n_timers &&
	       strcmp(program->timers[step->slot]->name, scope->lexer.token.text) != 0)
		names_add(&names, program->timers[step->slot++]->name);
	if (step->slot == program->n_timers)
		return scope_fault(scope, "no [Timer %s], %s", scope->lexer.token.text,
				   scope_hint(scope, &names));
	names_done(&names);
	lexer_next(&scope->lexer);
	if (scope->lexer.token.kind != TOKEN_NUMBER || scope->lexer.token.number)
		return parse_time(scope, DAY, &step->time);
	lexer_next(&scope->lexer);
	return true;
}

/* The limit is stored next to the variable, so each for uses two locals. */
static bool parse_loop(struct scope *scope, struct step *step)
{
	struct operation *operation = scope->operation;
	const struct token *token = &scope->lexer.token;
	int slot = operation_local(operation, token->text);

	if (scope->loop)
		return scope_fault(scope, "for within for: loops cannot be nested");
	if (token->kind != TOKEN_NAME)
		return scope_expected(scope, "the name of a variable");
	if (slot >= 0 &&
	    !((unsigned)slot + 1 < operation->n_locals && !*operation->locals[slot + 1]))
		return scope_fault(scope, "%s is in use already, expected a new variable",
				   token->text);
	if (slot < 0) {
		slot = scope_new_local(scope, token->text);
		if (slot < 0)
			return false;
		if (operation->n_locals == PROGRAM_LOCALS_MAX)
			return scope_fault(scope, "more than %u variables in one operation",
					   PROGRAM_LOCALS_MAX);
		operation->locals[operation->n_locals++] = "";
	}
	step->slot = (unsigned)slot;
	lexer_next(&scope->lexer);
	return true;
}

static bool parse_rounds(struct scope *scope, struct step *step)
{
	const struct token *token = &scope->lexer.token;

	if (token->kind != TOKEN_NUMBER || !token->number || token->number > PROGRAM_LOOP_MAX)
		return scope_expected(scope, "a number of rounds 1..4096");
	step->limit = (unsigned)token->number;
	lexer_next(&scope->lexer);
	scope->loop = scope->operation->locals[step->slot];
	scope->loop_max = step->limit;
	scope->loop_step = scope->operation->n_steps;
	if (node_is_number(step->value) && step->value->number > step->limit)
		return scope_fault(scope, "for below %llu max %u fails always",
				   (unsigned long long)step->value->number, step->limit);
	return true;
}

static bool parse_end(struct scope *scope, struct step *step)
{
	if (scope->stray_ends) {
		scope->stray_ends--;
		scope->failed = true;
		return false;
	}
	if (!scope->loop)
		return scope_fault(scope, "end without for");
	scope->loop = NULL;
	step->jump = scope->loop_step;
	scope->operation->steps[step->jump].jump = scope->operation->n_steps;
	return true;
}

/* --- lines --- */

struct part {
	bool (*parse)(struct scope *scope, struct step *step);
	const char *word;     /* word before it; NULL: none */
	const char *expected; /* if the word is missing; NULL: the part is optional */
};

static const struct verb {
	const char *name;
	struct part parts[3];
} verbs[] = {
	[STEP_READ] = { "read",
			{ { .parse = parse_read_register }, { .parse = parse_read_into } } },
	[STEP_WRITE] = { "write",
			 { { .parse = parse_written_register }, { .parse = parse_written } } },
	[STEP_LET] = { "let", { { .parse = parse_variable }, { parse_let_value, "=", "'='" } } },
	[STEP_UNTIL] = { "until",
			 { { .parse = parse_awaited },
			   { parse_within, "within", "within TIME" } } },
	[STEP_WAIT] = { "wait",
			{ { .parse = parse_awaited },
			  { parse_every, .word = "every" },
			  { parse_within, .word = "within" } } },
	[STEP_SLEEP] = { "sleep", { { .parse = parse_hold } } },
	[STEP_ARM] = { "arm", { { .parse = parse_timer } } },
	[STEP_FOR] = { "for",
		       { { .parse = parse_loop },
			 { parse_expression_part, "below", "below" },
			 { parse_rounds, "max", "max" } } },
	[STEP_END] = { "end", { { .parse = parse_end } } },
	[STEP_RETURN] = { "return", { { .parse = parse_result } } },
	[STEP_FAIL] = { "fail", { { .parse = parse_error } } },
};
#define N_VERBS (sizeof(verbs) / sizeof(*verbs))

static bool may_take_time(struct scope *scope, const struct step *step)
{
	enum operation_kind kind = scope->operation->kind;

	if (step->kind != STEP_UNTIL && step->kind != STEP_WAIT && step->kind != STEP_SLEEP)
		return true;
	if (section_kinds[kind].parks)
		scope->operation->parks = true;
	return section_kinds[kind].parks ||
	       (section_kinds[kind].holds && step->kind != STEP_WAIT) ||
	       scope_fault(scope, "%s cannot be in [%s], which nobody can wait for",
			   verbs[step->kind].name, operation_section(scope->operation));
}

static bool parse_parts(struct scope *scope, struct step *step)
{
	const struct part *parts = verbs[step->kind].parts;

	for (unsigned i = 0; i < 3 && parts[i].parse; i++) {
		if (parts[i].word && !lexer_take(&scope->lexer, parts[i].word)) {
			if (parts[i].expected)
				return scope_expected(scope, parts[i].expected);
			continue;
		}
		if (!parts[i].parse(scope, step) || scope->failed)
			return false;
	}
	return true;
}

bool parse_step(struct scope *scope, struct step *step)
{
	int i = scope_take(scope, verbs, N_VERBS);
	struct names names = { 0 };

	step->line = scope->line;
	if (i < 0) {
		names_add_list(&names, verbs, N_VERBS);
		return scope_fault(scope, "unknown step \"%s\", %s", scope->lexer.token.text,
				   scope_hint(scope, &names));
	}
	step->kind = (enum step_kind)i;
	if (!may_take_time(scope, step) || !parse_parts(scope, step))
		return false;
	if (step->kind == STEP_WAIT && !step->otherwise && lexer_is(&scope->lexer, "else"))
		return scope_fault(scope, "else without within TIME");
	if (step->kind != STEP_FOR && step->kind != STEP_END && lexer_take(&scope->lexer, "if")) {
		step->condition = parse_expression(scope);
		if (!step->condition)
			return false;
	}
	return scope_expect_end(scope);
}
