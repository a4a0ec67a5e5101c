/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A section with Step= lines, compiled to an operation. */
#include "driver/steps/operation.h"
#include "base/checksum.h"
#include "driver/steps/scope.h"
#include <errno.h>
#include <string.h>

/* Words of an operation's text, so that a request parked in another version is known as such. */
static uint32_t operation_fingerprint(const struct section *section)
{
	uint64_t sum = 1;

	for (size_t i = 0; i < section->n_entries; i++) {
		sum = checksum_text(sum, section->entries[i].key);
		sum = checksum_text(sum, section->entries[i].value);
	}
	sum ^= sum >> 32;
	return (uint32_t)sum ? (uint32_t)sum : 1;
}

/* Done again without harm: nothing but reads that change nothing. State is not committed by a call
 * that died. */
static bool operation_is_harmless(const struct operation *operation)
{
	for (unsigned i = 0; i < operation->n_steps; i++) {
		const struct step *step = &operation->steps[i];

		if (step->kind == STEP_WRITE ||
		    (step->kind == STEP_READ && step->target->reg->side_effect))
			return false;
	}
	return true;
}

static int read_restartable(struct program *program, struct section *section,
			    struct operation *operation)
{
	struct document *document = program->description->document;
	struct entry *entry = section_entry(document, section, "Restartable", program->report);

	operation->restartable = operation_is_harmless(operation);
	return entry ? value_bool(document, entry, program->report, &operation->restartable) : 0;
}

static size_t count_steps(struct section *section)
{
	struct entry *entry = NULL;
	size_t n = 0;

	while ((entry = section_next(section, "Step", entry)))
		n++;
	return n;
}

int operation_read_steps(struct program *program, struct section *section,
			 struct operation *operation, const char *keys)
{
	struct document *document = program->description->document;
	struct entry *entry = NULL;
	struct scope scope = { .program = program, .operation = operation };
	size_t n = count_steps(section);
	int r = 0;

	if (!operation->line)
		operation->line = section->line;
	if (n > PROGRAM_STEPS_MAX)
		r = report_add(program->report, document->path, section->line,
			       "%zu steps, expected %u at most: this wants a driver in C", n,
			       PROGRAM_STEPS_MAX);
	operation->steps = arena_alloc(&program->arena, n * sizeof(*operation->steps));
	if (!operation->steps)
		return -ENOMEM;
	while (n <= PROGRAM_STEPS_MAX && (entry = section_next(section, "Step", entry))) {
		scope_line(&scope, entry);
		if (parse_step(&scope, &operation->steps[operation->n_steps])) {
			operation->n_steps++;
			continue;
		}
		if (operation->steps[operation->n_steps].kind == STEP_FOR)
			scope.stray_ends++;
		operation->steps[operation->n_steps] = (struct step){ 0 };
		scope.incomplete = true;
		r = -EINVAL;
	}
	operation->fingerprint = operation_fingerprint(section);
	if (!r) {
		check_flow(program, operation);
		r = read_restartable(program, section, operation);
	} else {
		section_next(section, "Restartable", NULL);
	}
	if (section_unused(document, section, keys, program->report) < 0)
		r = -EINVAL;
	return r;
}

int operation_read(struct program *program, const char *kind_name, enum operation_kind kind,
		   struct operation **ret)
{
	struct section *section = document_section(program->description->document, kind_name, NULL);
	bool may_restart = kind == KIND_OPEN || kind == KIND_RELEASE || kind == KIND_READ ||
			   kind == KIND_WRITE;
	struct operation *operation;

	if (!section)
		return 0;
	operation = arena_alloc(&program->arena, sizeof(*operation));
	if (!operation)
		return -ENOMEM;
	operation->kind = kind;
	if (kind == KIND_INTERRUPT)
		operation->locals[operation->n_locals++] = "cause";
	*ret = operation;
	return operation_read_steps(program, section, operation,
				    kind == KIND_INTERRUPT ? "Cause, Step"
				    : may_restart	   ? "Step, Restartable"
							   : "Step");
}

/* Names first, so that steps may name timers below them; the steps come when all is known. */
int operation_collect(struct program *program, const char *kind_name, enum operation_kind kind,
		      struct operation ***ret, size_t *ret_n)
{
	struct document *document = program->description->document;
	struct section *section = NULL;
	int r = 0;

	*ret = arena_alloc(&program->arena, document->n_sections * sizeof(**ret));
	if (!*ret)
		return -ENOMEM;
	while ((section = document_next(document, kind_name, section))) {
		struct operation *operation = arena_alloc(&program->arena, sizeof(*operation));

		if (!operation)
			return -ENOMEM;
		operation->kind = kind;
		operation->name = section->name;
		operation->line = section->line;
		if (!name_is_word(section->name))
			r = report_add(program->report, document->path, section->line,
				       "bad name in [%s %s], expected [%s NAME] of letters, digits "
				       "and '_'",
				       kind_name, section->name, kind_name);
		(*ret)[(*ret_n)++] = operation;
	}
	return r;
}
