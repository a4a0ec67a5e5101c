/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses expressions into trees: C's operators and precedence over unsigned 64-bit numbers.
 * Operands have indices, which are expressions, so this file and operand.c call each other.
 */
#include "driver/steps/scope.h"
#include <stdio.h>
#include <string.h>

/* Nested brackets; limits the recursion of parsing and evaluation. */
#define EXPRESSION_DEPTH_MAX 32U

static const struct {
	const char *sign;
	enum binary binary;
	unsigned level; /* higher binds tighter */
} operators[] = {
	{ "||", BINARY_OR, 1 },
	{ "&&", BINARY_AND, 2 },
	{ "|", BINARY_BIT_OR, 3 },
	{ "^", BINARY_BIT_XOR, 4 },
	{ "&", BINARY_BIT_AND, 5 },
	{ "==", BINARY_EQUAL, 6 },
	{ "!=", BINARY_UNEQUAL, 6 },
	{ "<", BINARY_LESS, 7 },
	{ "<=", BINARY_LESS_EQUAL, 7 },
	{ ">", BINARY_GREATER, 7 },
	{ ">=", BINARY_GREATER_EQUAL, 7 },
	{ "<<", BINARY_LEFT, 8 },
	{ ">>", BINARY_RIGHT, 8 },
	{ "+", BINARY_ADD, 9 },
	{ "-", BINARY_SUBTRACT, 9 },
	{ "*", BINARY_MULTIPLY, 10 },
	{ "/", BINARY_DIVIDE, 10 },
	{ "%", BINARY_REMAINDER, 10 },
};

static struct node *node_new(struct scope *scope, struct node what)
{
	struct node *node = scope_alloc(scope, sizeof(*node));

	if (node)
		*node = what;
	return node;
}

static struct node *node_number(struct scope *scope, uint64_t number)
{
	return node_new(scope, (struct node){ .kind = NODE_NUMBER, .number = number });
}

/* Parses what follows "node.": index or a constant of the [Node] sections. */
static struct node *parse_node_constant(struct scope *scope)
{
	const struct program *program = scope->program;
	struct names names = { 0 };
	int i;

	if (!operation_has_file(scope->operation))
		return scope_fault(scope, "node. means the opened node: not in [%s]",
				   operation_section(scope->operation));
	if (!scope_expect(scope, "."))
		return NULL;
	if (lexer_take(&scope->lexer, "index"))
		return node_new(scope, (struct node){ .kind = NODE_INDEX });
	i = scope_take(scope, program->node_constants, program->n_node_constants);
	if (i >= 0)
		return node_new(scope, (struct node){ .kind = NODE_CONST, .number = (unsigned)i });
	names_add(&names, "index");
	names_add_list(&names, program->node_constants, program->n_node_constants);
	return scope_fault(scope, "no constant node.%s, %s", scope->lexer.token.text,
			   scope_hint(scope, &names));
}

/* "count", "offset" of read() and write(); "file.flags" */
static struct node *parse_call_value(struct scope *scope, enum node_kind kind)
{
	enum operation_kind section = scope->operation->kind;

	if (kind == NODE_FLAGS ? operation_has_file(scope->operation)
			       : section == KIND_READ || section == KIND_WRITE)
		return node_new(scope, (struct node){ .kind = kind });
	return scope_fault(scope, "%s is not known in [%s]",
			   kind == NODE_COUNT	 ? "count"
			   : kind == NODE_OFFSET ? "offset"
						 : "file.flags",
			   operation_section(scope->operation));
}

static void names_add_prefixed(struct names *names, struct arena *arena, const char *prefix,
			       const struct value_layout *layout)
{
	for (size_t i = 0; i < layout->n_members; i++) {
		size_t size = strlen(prefix) + strlen(layout->members[i].name) + 1;
		char *name = arena_alloc(arena, size);

		if (!name)
			return;
		snprintf(name, size, "%s%s", prefix, layout->members[i].name);
		names_add(names, name);
	}
}

/* Adds the names of dev., file. and arg. variables that the operation has. */
static void names_add_variables(struct names *names, struct arena *arena, const struct scope *scope)
{
	const struct operation *operation = scope->operation;

	names_add_prefixed(names, arena, "dev.", &scope->program->device);
	if (operation_has_file(operation))
		names_add_prefixed(names, arena, "file.", &scope->program->file);
	if (operation->kind == KIND_IOCTL && operation->shape.structure)
		names_add_prefixed(names, arena, "arg.", &operation->shape.structure->layout);
	else if (operation->kind == KIND_IOCTL && operation->argument != CUIO_ARGUMENT_NONE)
		names_add(names, "arg");
	if (operation->kind == KIND_READ || operation->kind == KIND_WRITE)
		names_add(names, "count");
}

static void *unknown_name(struct scope *scope)
{
	const struct program *program = scope->program;
	const struct regmap *map = &program->description->regmap;
	struct arena arena = { 0 };
	struct names names = { 0 };

	/* The name may be unknown only because the line that defines it has an error. */
	if (scope->incomplete) {
		scope->failed = true;
		return NULL;
	}
	for (unsigned i = 0; i < scope->operation->n_locals; i++) {
		if (*scope->operation->locals[i])
			names_add(&names, scope->operation->locals[i]);
	}
	names_add_list(&names, program->constants, program->n_constants);
	if (scope->registers)
		names_add_list(&names, map->regs, map->n_regs);
	names_add_variables(&names, &arena, scope);
	scope_fault(scope, "nothing is named %s here, %s", scope->lexer.token.text,
		    scope_hint(scope, &names));
	arena_done(&arena);
	return NULL;
}

static struct node *node_operand(struct scope *scope, struct operand *operand)
{
	if (operand && operand->length)
		return scope_fault(scope, "a slice is no value, expected one element");
	return operand ? node_new(scope, (struct node){ .kind = NODE_OPERAND, .operand = operand })
		       : NULL;
}

static struct node *parse_register_value(struct scope *scope)
{
	struct operand *operand;

	if (!scope->registers)
		return scope_fault(scope,
				   "register %s in an expression of a step that touches no "
				   "hardware, expected a variable: \"read %s NAME\" before",
				   scope->lexer.token.text, scope->lexer.token.text);
	operand = parse_register(scope, false);
	if (operand && operand->reg->side_effect)
		return scope_fault(scope,
				   "register %s has a side effect when read, so it cannot be asked "
				   "repeatedly",
				   operand->reg->name);
	return node_operand(scope, operand);
}

/* "file.flags" looks like a variable, but is none. */
static bool is_file_flags(const struct scope *scope)
{
	struct lexer ahead = scope->lexer;

	return lexer_take(&ahead, "file") && lexer_take(&ahead, ".") && lexer_is(&ahead, "flags");
}

static struct node *parse_named(struct scope *scope)
{
	const struct constant *constant;
	const char *name = scope->lexer.token.text;

	if (is_file_flags(scope)) {
		for (int i = 0; i < 3; i++)
			lexer_next(&scope->lexer);
		return parse_call_value(scope, NODE_FLAGS);
	}
	if (value_starts(scope))
		return node_operand(scope, parse_value(scope, false));
	if (lexer_take(&scope->lexer, "count"))
		return parse_call_value(scope, NODE_COUNT);
	if (lexer_take(&scope->lexer, "offset"))
		return parse_call_value(scope, NODE_OFFSET);
	if (lexer_take(&scope->lexer, "node"))
		return parse_node_constant(scope);
	constant = program_constant(scope->program, name);
	if (constant) {
		lexer_next(&scope->lexer);
		return node_number(scope, constant->value);
	}
	if (regmap_find(&scope->program->description->regmap, name))
		return parse_register_value(scope);
	if (description_reserved(name))
		return scope_expected(scope, "a value");
	return unknown_name(scope);
}

static struct node *parse_nested(struct scope *scope, unsigned depth, unsigned level);

static struct node *parse_primary(struct scope *scope, unsigned depth)
{
	const struct token *token = &scope->lexer.token;
	struct node *node;

	if (token->kind == TOKEN_NUMBER) {
		node = node_number(scope, token->number);
		lexer_next(&scope->lexer);
		return node;
	}
	if (lexer_take(&scope->lexer, "(")) {
		if (depth == EXPRESSION_DEPTH_MAX)
			return scope_fault(scope, "more than %u brackets in each other",
					   EXPRESSION_DEPTH_MAX);
		node = parse_nested(scope, depth + 1, 1);
		return node && scope_expect(scope, ")") ? node : NULL;
	}
	if (token->kind == TOKEN_NAME)
		return parse_named(scope);
	return scope_expected(scope, "a value");
}

struct node *parse_unary(struct scope *scope, unsigned depth)
{
	enum node_kind kind;
	struct node *inner;

	if (lexer_take(&scope->lexer, "!"))
		kind = NODE_NOT;
	else if (lexer_take(&scope->lexer, "~"))
		kind = NODE_INVERT;
	else if (lexer_take(&scope->lexer, "-"))
		kind = NODE_NEGATE;
	else
		return parse_primary(scope, depth);
	inner = parse_primary(scope, depth);
	if (!inner)
		return NULL;
	if (node_is_number(inner)) {
		inner->number = unary_apply(kind, inner->number);
		return inner;
	}
	return node_new(scope, (struct node){ .kind = kind, .left = inner });
}

static struct node *node_binary(struct scope *scope, enum binary binary, struct node *left,
				struct node *right)
{
	if (node_is_number(right) && !right->number &&
	    (binary == BINARY_DIVIDE || binary == BINARY_REMAINDER))
		return scope_fault(scope, "division by zero");
	if (node_is_number(left) && node_is_number(right)) {
		binary_apply(binary, left->number, right->number, &left->number);
		return left;
	}
	return node_new(scope, (struct node){ .kind = NODE_BINARY,
					      .binary = binary,
					      .left = left,
					      .right = right });
}

/* Parses operators of at least `level`, left to right. */
static struct node *parse_nested(struct scope *scope, unsigned depth, unsigned level)
{
	struct node *left = parse_unary(scope, depth);

	while (left) {
		struct node *right;
		size_t i = 0;

		while (i < sizeof(operators) / sizeof(*operators) &&
		       !(operators[i].level >= level && lexer_is(&scope->lexer, operators[i].sign)))
			i++;
		if (i == sizeof(operators) / sizeof(*operators))
			break;
		lexer_next(&scope->lexer);
		right = parse_nested(scope, depth, operators[i].level + 1);
		left = right ? node_binary(scope, operators[i].binary, left, right) : NULL;
	}
	return left;
}

struct node *parse_expression(struct scope *scope)
{
	return parse_nested(scope, 0, 1);
}

bool parse_index(struct scope *scope, struct node **ret_first, struct node **ret_length)
{
	if (!lexer_take(&scope->lexer, "["))
		return true;
	*ret_first = parse_expression(scope);
	if (!*ret_first)
		return false;
	if (lexer_take(&scope->lexer, ":")) {
		*ret_length = parse_expression(scope);
		if (!*ret_length)
			return false;
	}
	return scope_expect(scope, "]");
}
