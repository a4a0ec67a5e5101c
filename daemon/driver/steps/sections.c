/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sections with steps: [Start] to [Interrupt], each [Ioctl] and each [Timer]. */
#include "driver/steps/operation.h"
#include "driver/steps/scope.h"
#include <errno.h>

/* Steps of [Start] run before all is up; the others by name. */
static int read_named(struct program *program)
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

	if (program->n_timers > CUIO_TIMERS_MAX)
		return report_add(program->report, document->path,
				  program->timers[CUIO_TIMERS_MAX]->line, "more than %u timers",
				  CUIO_TIMERS_MAX);
	for (size_t i = 0; (section = document_next(document, "Timer", section)); i++)
		r |= operation_read_steps(program, section, program->timers[i], "Step");
	return r;
}

int program_collect_operations(struct program *program)
{
	int r = operation_collect(program, "Timer", KIND_TIMER, &program->timers,
				  &program->n_timers);

	r |= operation_collect(program, "Ioctl", KIND_IOCTL, &program->ioctls, &program->n_ioctls);
	return r;
}

int program_read_operations(struct program *program)
{
	int r = read_named(program);

	r |= read_ioctls(program);
	r |= read_timers(program);
	return r;
}
