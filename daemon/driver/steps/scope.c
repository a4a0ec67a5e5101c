/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings on the line that is compiled, and the names that it may use. */
#include "driver/steps/scope.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void scope_line(struct scope *scope, const struct entry *entry)
{
	scope->line = entry->line;
	scope->failed = false;
	lexer_init(&scope->lexer, entry->value);
}

void *scope_fault(struct scope *scope, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	if (scope->failed)
		return NULL;
	scope->failed = true;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	report_add(scope->program->report, scope->program->description->regmap.path, scope->line,
		   "%s", text ? text : "no memory");
	free(text);
	return NULL;
}

void *scope_expected(struct scope *scope, const char *what)
{
	const struct token *token = &scope->lexer.token;

	if (token->kind == TOKEN_END)
		return scope_fault(scope, "the line ends too early, expected %s", what);
	if (token->kind == TOKEN_BAD)
		return scope_fault(scope, "cannot read \"%s\", expected %s", token->text, what);
	return scope_fault(scope, "\"%s\", expected %s", token->text, what);
}

bool scope_expect(struct scope *scope, const char *sign)
{
	char what[8];

	snprintf(what, sizeof(what), "'%s'", sign);
	return lexer_take(&scope->lexer, sign) || scope_expected(scope, what);
}

bool scope_expect_end(struct scope *scope)
{
	if (scope->lexer.token.kind != TOKEN_END)
		scope_expected(scope, "the end of the line");
	return !scope->failed;
}

void *scope_alloc(struct scope *scope, size_t size)
{
	void *memory = arena_alloc(&scope->program->arena, size);

	return memory ? memory : scope_fault(scope, "no memory");
}

struct scope scope_of(struct program *program, const struct entry *entry)
{
	struct scope scope = { .program = program, .operation = &program->const_scope };

	scope_line(&scope, entry);
	return scope;
}

struct section *program_section(struct program *program, const char *kind, const char *name)
{
	return document_section(program->description->document, kind, name);
}

struct section *program_next(struct program *program, const char *kind,
			     const struct section *previous)
{
	return document_next(program->description->document, kind, previous);
}

struct entry *program_entry(struct program *program, struct section *section, const char *key)
{
	return section_entry(program->description->document, section, key, program->report);
}

int program_unused(struct program *program, const struct section *section, const char *keys)
{
	return section_unused(program->description->document, section, keys, program->report);
}

static const char *name_at(const void *list, size_t i, size_t size)
{
	return *(const char *const *)(const void *)((const char *)list + i * size);
}

int name_find_sized(const void *list, size_t n, size_t size, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(name_at(list, i, size), name))
			return (int)i;
	}
	return -1;
}

int scope_take_sized(struct scope *scope, const void *list, size_t n, size_t size)
{
	int i = scope->lexer.token.kind == TOKEN_NAME
			? name_find_sized(list, n, size, scope->lexer.token.text)
			: -1;

	if (i >= 0)
		lexer_next(&scope->lexer);
	return i;
}

int scope_take_indexed(struct scope *scope, const struct name_index *index)
{
	ssize_t i = scope->lexer.token.kind == TOKEN_NAME
			    ? name_index_find(index, "", scope->lexer.token.text)
			    : -1;

	if (i >= 0)
		lexer_next(&scope->lexer);
	return (int)i;
}

bool scope_index(struct scope *scope, struct name_index *index, const char *name, size_t at)
{
	return name_index_add(index, "", name, at) == 0 || scope_fault(scope, "no memory");
}

void names_add_sized(struct names *names, const void *list, size_t n, size_t size)
{
	for (size_t i = 0; i < n; i++)
		names_add(names, name_at(list, i, size));
}

const struct constant *program_constant(const struct program *program, const char *name)
{
	ssize_t i = name_index_find(&program->constant_index, "", name);

	return i < 0 ? NULL : &program->constants[i];
}

int operation_local(const struct operation *operation, const char *name)
{
	for (unsigned i = 0; i < operation->n_locals; i++) {
		if (!strcmp(operation->locals[i], name))
			return (int)i;
	}
	return -1;
}

int scope_new_local(struct scope *scope, const char *name)
{
	struct operation *operation = scope->operation;
	const char *taken = NULL;
	char *copy;

	if (program_constant(scope->program, name))
		taken = "a constant";
	else if (regmap_find(&scope->program->description->regmap, name))
		taken = "a register";
	else if (strcmp(name, "cause") != 0 && description_reserved(name))
		taken = "a word of the step language";
	if (taken) {
		scope_fault(scope, "%s cannot be set: it is %s", name, taken);
		return -1;
	}
	if (operation->n_locals == PROGRAM_LOCALS_MAX) {
		scope_fault(scope, "more than %u variables in one operation (a for takes two)",
			    PROGRAM_LOCALS_MAX);
		return -1;
	}
	copy = scope_alloc(scope, strlen(name) + 1);
	if (!copy)
		return -1;
	operation->locals[operation->n_locals] = strcpy(copy, name);
	return (int)operation->n_locals++;
}

const char *scope_hint(struct scope *scope, struct names *names)
{
	names_hint(names, scope->lexer.token.text, scope->hint);
	names_done(names);
	return scope->hint;
}
