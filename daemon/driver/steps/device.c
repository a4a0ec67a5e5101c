/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of the whole device: [Device], and Cause= of [Interrupt]. */
#include "driver/steps/scope.h"
#include <errno.h>

/* [Interrupt] Cause=REGISTER or REGISTER.FIELD */
int program_read_cause(struct program *program)
{
	struct section *section = program_section(program, "Interrupt", NULL);
	struct entry *entry = section ? program_entry(program, section, "Cause") : NULL;
	struct scope scope = { .program = program, .operation = &program->poll_scope };
	struct operand *operand;

	if (!entry)
		return 0;
	scope_line(&scope, entry);
	operand = parse_register(&scope, false);
	if (!operand || !scope_expect_end(&scope))
		return -EINVAL;
	if (operand->first || !operand->reg->read)
		return program_fault(program, entry->line,
				     "Cause=%s, expected a readable register without an index",
				     entry->value);
	if (operand->reg->side_effect)
		return program_fault(
			program, entry->line,
			"Cause=%s has a side effect when read, so an interrupt could be "
			"lost in a crash: read it in a step instead",
			entry->value);
	program->cause = operand;
	return 0;
}

/* Class=: the class implements the interface for programs, so other keys for it are refused. */
static int read_class(struct program *program, struct section *section)
{
	static const char *const classes[] = { "watchdog", NULL };
	struct document *document = program->description->document;
	struct entry *entry = program_entry(program, section, "Class");
	unsigned class;

	if (!entry)
		return 0;
	if (value_word(document, entry, classes, program->report, &class) < 0)
		return -EINVAL;
	program->is_watchdog = true;
	program->class_line = entry->line;
	return program_unused(program, section, "Description, Driver, Class, Match, RestoreDriver");
}

int program_read_device(struct program *program)
{
	static const char *const modes[] = { "restricted", "unrestricted", NULL };
	struct document *document = program->description->document;
	struct section *section = document_section(document, "Device", NULL);
	struct report *report = program->report;
	struct entry *entry;
	unsigned mode = 0;
	int r = read_class(program, section);

	if (r < 0 || program->is_watchdog)
		return r;
	entry = program_entry(program, section, "Exclusive");
	if (entry)
		r |= value_bool(document, entry, report, &program->driver.exclusive);
	entry = program_entry(program, section, "Ioctl");
	if (entry)
		r |= value_word(document, entry, modes, report, &mode);
	program->driver.unrestricted = mode == 1;
	entry = section_entry_renamed(document, section, "UnknownIoctlErrno", "Unknown", report);
	if (entry) {
		struct scope scope = scope_of(program, entry);

		program->driver.unknown_ioctl = parse_errno(&scope);
		if (!program->driver.unknown_ioctl || !scope_expect_end(&scope))
			r = -EINVAL;
	}
	return r | program_unused(program, section,
				  "Description, Driver, Class, Match, RestoreDriver, Exclusive, "
				  "UnknownIoctlErrno, Ioctl");
}
