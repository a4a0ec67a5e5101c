/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [Const]: names for numbers. Const= in [Node] sections: numbers that differ between nodes. */
#include "driver/steps/scope.h"
#include <errno.h>
#include <string.h>

/* The value must consist of numbers and of constants that were defined before. */
static bool parse_constant(struct scope *scope, uint64_t *ret)
{
	struct node *node = parse_expression(scope);

	if (!node || !scope_expect_end(scope))
		return false;
	if (!node_is_number(node))
		return scope_fault(scope, "not constant, expected numbers and constants above");
	*ret = node->number;
	return true;
}

static int check_name(struct program *program, const struct entry *entry, const char *name)
{
	const struct constant *other = program_constant(program, name);
	const struct reg *reg = regmap_find(&program->description->regmap, name);

	if (!name_is_word(name) || description_reserved(name))
		return program_fault(
			program, entry->line,
			"bad constant name \"%s\", expected letters, digits and '_', and "
			"no word of the step language",
			name);
	if (other)
		return program_fault(program, entry->line,
				     "second constant %s, the first is on line %u", name,
				     other->line);
	if (reg)
		return program_fault(program, entry->line,
				     "constant %s has the name of the register on line %u", name,
				     reg->line);
	return 0;
}

int program_read_constants(struct program *program)
{
	struct section *section = program_section(program, "Const", NULL);
	int r = 0;

	if (!section)
		return 0;
	program->constants =
		arena_alloc(&program->arena, section->n_entries * sizeof(*program->constants));
	if (!program->constants)
		return -ENOMEM;
	for (size_t i = 0; i < section->n_entries; i++) {
		struct entry *entry = &section->entries[i];
		struct scope scope = scope_of(program, entry);
		uint64_t value = 0;

		entry->used = true;
		if (report_is_full(program->report))
			return -EINVAL;
		if (program->n_constants == PROGRAM_CONSTANTS_MAX)
			return program_fault(program, entry->line, "more than %u constants",
					     PROGRAM_CONSTANTS_MAX);
		if (check_name(program, entry, entry->key) < 0 || !parse_constant(&scope, &value)) {
			r = -EINVAL;
			continue;
		}
		program->constants[program->n_constants] = (struct constant){
			.name = entry->key,
			.value = value,
			.line = entry->line,
		};
		if (!scope_index(&scope, &program->constant_index, entry->key,
				 program->n_constants++))
			return -ENOMEM;
	}
	return r;
}

static struct node_constant *add_node_constant(struct scope *scope, const char *name)
{
	struct program *program = scope->program;
	struct node_constant *constant = &program->node_constants[program->n_node_constants];

	constant->name = arena_strdup(&program->arena, name);
	constant->values =
		scope_alloc(scope, program->description->n_nodes * sizeof(*constant->values));
	if (!constant->name || !constant->values)
		return NULL;
	program->n_node_constants++;
	return constant;
}

/* Parses "BASE 0x100" of node number `node`; the first node defines which constants exist. */
static bool read_node_constant(struct scope *scope, size_t node, uint32_t *seen)
{
	struct program *program = scope->program;
	struct node_constant *constant;
	char name[TOKEN_TEXT_MAX + 1];
	uint64_t value;
	uint32_t bit;
	int known;

	if (scope->lexer.token.kind != TOKEN_NAME)
		return scope_expected(scope, "NAME VALUE");
	memcpy(name, scope->lexer.token.text, sizeof(name));
	lexer_next(&scope->lexer);
	if (!parse_constant(scope, &value))
		return false;
	known = name_find(program->node_constants, program->n_node_constants, name);
	constant = known < 0 ? NULL : &program->node_constants[known];
	if (!constant && node)
		return scope_fault(scope, "node constant %s is not in the first [Node]", name);
	if (!constant &&
	    (!strcmp(name, "index") || program->n_node_constants == PROGRAM_NODE_CONSTANTS_MAX))
		return scope_fault(scope, "bad node constant %s: %s", name,
				   strcmp(name, "index") ? "more than 32"
							 : "index is the node's number");
	if (!constant)
		constant = add_node_constant(scope, name);
	if (!constant)
		return false;
	bit = 1U << (constant - program->node_constants);
	if (*seen & bit)
		return scope_fault(scope, "second node constant %s", name);
	*seen |= bit;
	constant->values[node] = value;
	return true;
}

int program_read_node_constants(struct program *program)
{
	struct section *section = NULL;
	size_t node = 0;
	int r = 0;

	for (; (section = program_next(program, "Node", section)); node++) {
		struct entry *entry = NULL;
		uint32_t seen = 0, all;

		while ((entry = section_next(section, "Const", entry))) {
			struct scope scope = scope_of(program, entry);

			if (report_is_full(program->report))
				return -EINVAL;
			if (!read_node_constant(&scope, node, &seen))
				r = -EINVAL;
		}
		all = (uint32_t)((UINT64_C(1) << program->n_node_constants) - 1);
		if (!r && seen != all)
			r = program_fault(program, section->line,
					  "[Node %s] lacks the constant %s of the first [Node]",
					  section->name,
					  program->node_constants[__builtin_ctz(all & ~seen)].name);
		r |= program_unused(program, section, "Name, Const");
	}
	return r;
}
