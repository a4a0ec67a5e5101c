/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiles the sections with steps to operations, and [Poll] with its expressions. */
#include "base/checksum.h"
#include "driver/steps/scope.h"
#include <errno.h>
#include <string.h>

#define WATCHDOG(NAME) .title = "Watchdog " NAME, .name = NAME, .keys = "Step", .given = "timeout"

const struct section_kind section_kinds[] = {
	[KIND_START] = { "Start", .keys = "Step", .holds = true },
	[KIND_RESUME] = { "Resume", .keys = "Step", .holds = true },
	[KIND_RESET] = { "Reset", .keys = "Step", .holds = true },
	[KIND_STOP] = { "Stop", .keys = "Step", .holds = true },
	[KIND_OPEN] = { "Open", .keys = "Step, Restartable", .has_file = true },
	[KIND_RELEASE] = { "Release", .keys = "Step, Restartable", .has_file = true },
	[KIND_READ] = { "Read", .keys = "Step, Restartable", .has_file = true, .holds = true,
			.parks = true, .returns = "the bytes moved" },
	[KIND_WRITE] = { "Write", .keys = "Step, Restartable", .has_file = true, .holds = true,
			 .parks = true, .returns = "the bytes moved" },
	[KIND_INTERRUPT] = { "Interrupt", .keys = "Cause, Step", .given = "cause" },
	[KIND_WATCHDOG_START] = { WATCHDOG("Start"), .required = true },
	[KIND_WATCHDOG_STOP] = { WATCHDOG("Stop") },
	[KIND_WATCHDOG_PING] = { WATCHDOG("Ping"), .required = true },
	[KIND_WATCHDOG_SET_TIMEOUT] = { WATCHDOG("SetTimeout") },
	[KIND_WATCHDOG_TIME_LEFT] = { WATCHDOG("TimeLeft"), .returns = "the seconds left" },
	[KIND_WATCHDOG_STATUS] = { WATCHDOG("Status"), .returns = "bits of WDIOF_..." },
	[KIND_WATCHDOG_RUNNING] = { WATCHDOG("Running"), .returns = "whether it counts" },
	[KIND_IOCTL] = { "Ioctl", .keys = "Number, Arg, Step, Restartable", .has_file = true,
			 .holds = true, .parks = true },
	[KIND_TIMER] = { "Timer", .keys = "Step" },
	[KIND_POLL] = { "Poll", .keys = "In, Out, Err, Pri, Hup", .has_file = true },
	[KIND_CONST] = { .title = "Const" },
};

/* A checksum of an operation's text. It identifies requests that another version has parked. */
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

/* Whether a repetition has no effect: there are only reads without side effects. State changes of a
 * crashed call are not committed. */
static bool operation_is_harmless(const struct operation *operation)
{
	for (unsigned i = 0; i < operation->n_steps; i++) {
		const struct step *step = &operation->steps[i];

		if (step->kind == STEP_WRITE ||
		    (step->kind == STEP_READ && step->operand->reg->side_effect))
			return false;
	}
	return true;
}

static bool sets_device_state(const struct step *step)
{
	const struct operand *target = step->kind == STEP_READ ? step->other : step->operand;

	return (step->kind == STEP_READ || step->kind == STEP_LET) &&
	       target->kind == OPERAND_DEVICE;
}

/* Whether other programs cannot notice it. */
static bool operation_only_looks(const struct operation *operation)
{
	for (unsigned i = 0; i < operation->n_steps; i++)
		if (operation->steps[i].kind == STEP_ARM || sets_device_state(&operation->steps[i]))
			return false;
	return operation_is_harmless(operation);
}

static int read_restartable(struct program *program, struct section *section,
			    struct operation *operation)
{
	struct entry *entry = program_entry(program, section, "Restartable");

	operation->restartable = operation_is_harmless(operation);
	operation->looks = operation_only_looks(operation);
	return entry ? value_bool(program->description->document, entry, program->report,
				  &operation->restartable)
		     : 0;
}

static int read_lines(struct program *program, struct section *section, struct operation *operation)
{
	struct scope scope = { .program = program, .operation = operation };
	struct entry *entry = NULL;
	int r = 0;

	while ((entry = section_next(section, "Step", entry))) {
		struct step *step = &operation->steps[operation->n_steps];

		/* Each further finding would cost the search for a similar name. */
		if (report_is_full(program->report))
			return -EINVAL;
		scope_line(&scope, entry);
		if (parse_step(&scope, step)) {
			operation->n_steps++;
			continue;
		}
		if (step->kind == STEP_FOR)
			scope.stray_ends++;
		*step = (struct step){ 0 };
		scope.incomplete = true;
		r = -EINVAL;
	}
	if (!r && scope.loop)
		program_fault(program, operation->steps[scope.loop_step].line, "for without end");
	return r;
}

static int read_steps(struct program *program, struct section *section, struct operation *operation)
{
	struct entry *entry = NULL;
	size_t n = 0;
	int r;

	if (report_is_full(program->report))
		return -EINVAL;
	if (!operation->line)
		operation->line = section->line;
	while ((entry = section_next(section, "Step", entry)))
		n++;
	if (n > PROGRAM_STEPS_MAX) {
		r = program_fault(program, section->line,
				  "%zu steps, expected %u at most: this wants a driver in C", n,
				  PROGRAM_STEPS_MAX);
	} else {
		operation->steps = arena_alloc(&program->arena, n * sizeof(*operation->steps));
		if (!operation->steps)
			return -ENOMEM;
		r = read_lines(program, section, operation);
	}
	operation->fingerprint = operation_fingerprint(section);
	if (!r) {
		check_flow(program, operation);
		r = read_restartable(program, section, operation);
	} else {
		section_next(section, "Restartable", NULL);
	}
	return r | program_unused(program, section, section_kinds[operation->kind].keys);
}

static struct operation *operation_new(struct program *program, enum operation_kind kind)
{
	struct operation *operation = arena_alloc(&program->arena, sizeof(*operation));

	if (!operation)
		return NULL;
	operation->kind = kind;
	if (section_kinds[kind].given)
		operation->locals[operation->n_locals++] = section_kinds[kind].given;
	return operation;
}

int program_read_operation(struct program *program, enum operation_kind kind)
{
	const struct section_kind *known = &section_kinds[kind];
	struct section *section =
		program_section(program, known->name ? "Watchdog" : known->title, known->name);

	if (!section && known->required)
		return program_fault(program, program->class_line,
				     "Class=watchdog without [%s], expected its steps",
				     known->title);
	if (!section)
		return 0;
	program->operations[kind] = operation_new(program, kind);
	return program->operations[kind] ? read_steps(program, section, program->operations[kind])
					 : -ENOMEM;
}

/* Collects names only, so that steps may name timers that follow; the steps are compiled later. */
static int collect(struct program *program, enum operation_kind kind, unsigned max,
		   struct operation ***ret, size_t *ret_n)
{
	const char *title = section_kinds[kind].title;
	struct section *section = NULL;
	int r = 0;

	*ret = arena_alloc(&program->arena, max * sizeof(**ret));
	while (*ret && (section = program_next(program, title, section))) {
		struct operation *operation;

		if (*ret_n == max)
			return program_fault(program, section->line, "more than %u of [%s NAME]",
					     max, title);
		operation = operation_new(program, kind);
		if (!operation)
			return -ENOMEM;
		operation->name = section->name;
		operation->line = section->line;
		if (!name_is_word(section->name))
			r = program_fault(program, section->line,
					  "bad name in [%s %s], expected [%s NAME] of letters, "
					  "digits and '_'",
					  title, section->name, title);
		(*ret)[(*ret_n)++] = operation;
	}
	return *ret ? r : -ENOMEM;
}

int program_collect_operations(struct program *program)
{
	return collect(program, KIND_TIMER, CUIO_TIMERS_MAX, &program->timers, &program->n_timers) |
	       collect(program, KIND_IOCTL, PROGRAM_IOCTLS_MAX, &program->ioctls,
		       &program->n_ioctls);
}

int program_read_operations(struct program *program)
{
	struct section *section = NULL;
	int r = 0;

	for (enum operation_kind kind = KIND_START; kind <= KIND_INTERRUPT; kind++)
		r |= program_read_operation(program, kind);
	for (size_t i = 0;
	     i < program->n_ioctls && (section = program_next(program, "Ioctl", section)); i++) {
		if (operation_read_number(program, section, program->ioctls[i]) < 0) {
			/* What the steps may do with arg is unknown: they are not checked. */
			section_leave(section);
			r = -EINVAL;
		} else {
			r |= read_steps(program, section, program->ioctls[i]);
		}
	}
	section = NULL;
	for (size_t i = 0;
	     i < program->n_timers && (section = program_next(program, "Timer", section)); i++)
		r |= read_steps(program, section, program->timers[i]);
	return r;
}

/* In and Out default to ready, the others to never, as in poll(2). */
int program_read_poll(struct program *program)
{
	static const char *const keys[POLL_LINES] = {
		[POLL_IN] = "In",   [POLL_OUT] = "Out", [POLL_ERR] = "Err",
		[POLL_PRI] = "Pri", [POLL_HUP] = "Hup",
	};
	struct section *section = program_section(program, "Poll", NULL);
	int r = 0;

	program->has_poll = section;
	for (unsigned i = 0; section && i < POLL_LINES; i++) {
		struct entry *entry = program_entry(program, section, keys[i]);
		struct scope scope = { .program = program,
				       .operation = &program->poll_scope,
				       .registers = true };

		if (!entry)
			continue;
		scope_line(&scope, entry);
		program->poll[i] = parse_expression(&scope);
		if (!program->poll[i] || !scope_expect_end(&scope))
			r = -EINVAL;
	}
	return section ? r | program_unused(program, section, section_kinds[KIND_POLL].keys) : 0;
}
