/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All of a description that is steps, in the order in which its parts need each other. */
#include "driver/steps/program.h"
#include "driver/steps/operation.h"
#include "driver/steps/run.h"
#include "driver/steps/scope.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Steps of [Start] run before all is up; the others by name. */
static int read_sections(struct program *program)
{
	const struct {
		const char *name;
		enum operation_kind kind;
		struct operation **operation;
	} sections[] = {
		{ "Start", KIND_START, &program->start },
		{ "Resume", KIND_RESUME, &program->resume },
		{ "Stop", KIND_STOP, &program->stop },
		{ "Open", KIND_OPEN, &program->open },
		{ "Release", KIND_RELEASE, &program->release },
		{ "Read", KIND_READ, &program->read },
		{ "Write", KIND_WRITE, &program->write },
		{ "Interrupt", KIND_INTERRUPT, &program->interrupt },
	};
	int r = 0;

	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		r |= operation_read(program, sections[i].name, sections[i].kind,
				    sections[i].operation);
	return r;
}

static int read_ioctls(struct program *program)
{
	struct document *document = program->description->document;
	struct section *section = NULL;
	int r = 0;

	for (size_t i = 0; (section = document_next(document, "Ioctl", section)); i++) {
		if (operation_read_number(program, section, program->ioctls[i]) < 0) {
			/* What its steps may do with arg is not known: they would be blamed. */
			for (size_t j = 0; j < section->n_entries; j++)
				section->entries[j].used = true;
			r = -EINVAL;
			continue;
		}
		r |= operation_read_steps(program, section, program->ioctls[i],
					  "Number, Arg, Step, Restartable");
	}
	return r;
}

static int read_timers(struct program *program)
{
	struct document *document = program->description->document;
	struct section *section = NULL;
	int r = 0;

	if (program->n_timers > DRIVER_TIMERS_MAX)
		return report_add(program->report, document->path,
				  program->timers[DRIVER_TIMERS_MAX]->line, "more than %u timers",
				  DRIVER_TIMERS_MAX);
	for (size_t i = 0; (section = document_next(document, "Timer", section)); i++)
		r |= operation_read_steps(program, section, program->timers[i], "Step");
	return r;
}

/* [Poll] lines that are left out: ready for In and Out, never for the others, as in poll(2). */
static int read_poll(struct program *program)
{
	static const char *const keys[POLL_LINES] = {
		[POLL_IN] = "In",   [POLL_OUT] = "Out", [POLL_ERR] = "Err",
		[POLL_PRI] = "Pri", [POLL_HUP] = "Hup",
	};
	struct document *document = program->description->document;
	struct section *section = document_section(document, "Poll", NULL);
	int r = 0;

	program->poll_scope.kind = KIND_POLL;
	if (!section)
		return 0;
	program->has_poll = true;
	for (unsigned i = 0; i < POLL_LINES; i++) {
		struct entry *entry = section_entry(document, section, keys[i], program->report);
		struct scope scope = { .program = program,
				       .operation = &program->poll_scope,
				       .registers = true };

		if (!entry)
			continue;
		scope.line = entry->line;
		lexer_init(&scope.lexer, entry->value);
		program->poll[i] = parse_expression(&scope);
		if (!program->poll[i] || !scope_expect_end(&scope))
			r = -EINVAL;
	}
	if (section_unused(document, section, "In, Out, Err, Pri, Hup", program->report) < 0)
		r = -EINVAL;
	return r;
}

/* [Interrupt] Cause=REGISTER or REGISTER.FIELD */
static int read_cause(struct program *program)
{
	struct document *document = program->description->document;
	struct section *section = document_section(document, "Interrupt", NULL);
	struct entry *entry =
		section ? section_entry(document, section, "Cause", program->report) : NULL;
	struct operation none = { .kind = KIND_POLL };
	struct scope scope = { .program = program, .operation = &none };
	struct target *target;

	if (!entry)
		return 0;
	scope.line = entry->line;
	lexer_init(&scope.lexer, entry->value);
	target = parse_target(&scope, true, false);
	if (!target || !scope_expect_end(&scope))
		return -EINVAL;
	if (target->first || !target->reg->read)
		return report_add(program->report, document->path, entry->line,
				  "Cause=%s, expected a readable register without an index",
				  entry->value);
	if (target->reg->side_effect)
		return report_add(program->report, document->path, entry->line,
				  "Cause=%s has a side effect when read, so an interrupt could be "
				  "lost in a crash: read it in a step instead",
				  entry->value);
	program->cause = target->reg;
	program->cause_field = target->field;
	return 0;
}

static int read_device(struct program *program)
{
	static const char *const modes[] = { "restricted", "unrestricted", NULL };
	struct document *document = program->description->document;
	struct section *section = document_section(document, "Device", NULL);
	struct report *report = program->report;
	struct operation none = { .kind = KIND_CONST };
	struct scope scope = { .program = program, .operation = &none };
	struct entry *entry;
	unsigned mode = 0;
	int r = 0;

	entry = section_entry(document, section, "Exclusive", report);
	if (entry)
		r |= value_bool(document, entry, report, &program->driver.exclusive);
	entry = section_entry(document, section, "Ioctl", report);
	if (entry)
		r |= value_word(document, entry, modes, report, &mode);
	program->driver.unrestricted = mode == 1;
	entry = section_entry(document, section, "Unknown", report);
	if (entry) {
		scope.line = entry->line;
		lexer_init(&scope.lexer, entry->value);
		program->driver.unknown_ioctl = parse_errno(&scope);
		if (!program->driver.unknown_ioctl || !scope_expect_end(&scope))
			r = -EINVAL;
	}
	r |= section_unused(document, section,
			    "Description, Driver, Match, Exclusive, Unknown, Ioctl", report);
	return r;
}

static void request_size(struct program *program, const struct operation *operation)
{
	size_t size;

	if (!operation || !operation->parks)
		return;
	size = run_state_size(operation);
	if (size > program->request_size)
		program->request_size = size;
}

static int program_read(struct program *program)
{
	int r = 0;

	r |= read_device(program);
	r |= program_read_constants(program);
	r |= program_read_node_constants(program);
	r |= program_read_structures(program);
	r |= program_read_state(program);
	r |= operation_collect(program, "Timer", KIND_TIMER, &program->timers, &program->n_timers);
	r |= operation_collect(program, "Ioctl", KIND_IOCTL, &program->ioctls, &program->n_ioctls);
	if (!program->structures || !program->timers || !program->ioctls)
		return -ENOMEM;
	r |= read_cause(program);
	r |= read_sections(program);
	r |= read_ioctls(program);
	r |= read_timers(program);
	r |= read_poll(program);
	if (!r)
		r = program_check_numbers(program, program->driver.unrestricted);
	request_size(program, program->read);
	request_size(program, program->write);
	for (size_t i = 0; i < program->n_ioctls; i++)
		request_size(program, program->ioctls[i]);
	return r ? -EINVAL : 0;
}

int program_load(struct description *description, struct report *report, struct program **ret)
{
	struct program *program = calloc(1, sizeof(*program));
	unsigned before = report->count;
	int r;

	if (!program)
		return -ENOMEM;
	program->description = description;
	program->report = report;
	r = program_read(program);
	if (!r && report->count != before)
		r = -EINVAL;
	program->report = NULL;
	if (r < 0) {
		program_free(program);
		return r;
	}
	*ret = program;
	return 0;
}

void program_free(struct program *program)
{
	if (!program)
		return;
	arena_done(&program->arena);
	free(program);
}
