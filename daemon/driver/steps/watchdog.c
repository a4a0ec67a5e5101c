/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [Watchdog], and the steps of [Watchdog Start] and the others: what Class=watchdog is made of. */
#include "base/checksum.h"
#include "driver/steps/operation.h"
#include "driver/steps/scope.h"
#include <errno.h>
#include <string.h>

#define IDENTITY_MAX	(sizeof(((struct watchdog_info *)0)->identity) - 1)
#define TIMEOUT_MAX	31536000U /* s: a year */
#define TIMEOUT_DEFAULT 30U
#define SECOND_MAX	UINT64_C(10000000000) /* ns */

/* The class's state follows that of the steps. */
int program_place_watchdog(struct program *program)
{
	static const uint32_t version = WATCHDOG_STATE_VERSION;
	size_t offset = (program->device_size + 7) / 8 * 8;

	if (!program->is_watchdog)
		return 0;
	if (offset + sizeof(struct watchdog) > CUIO_DEVICE_STATE_MAX)
		return report_add(program->report, program->description->document->path,
				  program->class_line,
				  "no room for the watchdog beside %zu bytes of state, of %u",
				  program->device_size, CUIO_DEVICE_STATE_MAX);
	program->chip.state_offset = offset;
	program->device_size = offset + sizeof(struct watchdog);
	program->state_fingerprint =
		checksum(program->state_fingerprint, &version, sizeof(version));
	return 0;
}

/* --- [Watchdog] --- */

static int read_seconds(struct program *program, struct section *section, const char *key,
			uint64_t *ret)
{
	struct document *document = program->description->document;
	struct entry *entry = section_entry(document, section, key, program->report);
	unsigned long long number;

	if (!entry)
		return 0;
	if (value_number(document, entry, 1, TIMEOUT_MAX, program->report, &number) < 0)
		return -EINVAL;
	*ret = number;
	return 0;
}

static int read_limits(struct program *program, struct section *section)
{
	struct document *document = program->description->document;
	struct cuio_driver_option *timeout = &program->options[WATCHDOG_TIMEOUT];
	uint64_t min = 1, max = 0;

	if (read_seconds(program, section, "MinTimeout", &min) < 0 ||
	    read_seconds(program, section, "MaxTimeout", &max) < 0)
		return -EINVAL;
	if (max < min)
		return report_add(program->report, document->path, section->line,
				  max ? "MinTimeout= is more than MaxTimeout=, expected less"
				      : "no MaxTimeout=, expected the longest timeout in seconds");
	if (min != max && !document_find(document, "Watchdog", "SetTimeout"))
		return report_add(program->report, document->path, section->line,
				  "MaxTimeout= is not MinTimeout=, but no [Watchdog SetTimeout] "
				  "could set anything between");
	timeout->min = min;
	timeout->max = max;
	timeout->default_value = TIMEOUT_DEFAULT;
	if (timeout->default_value < min)
		timeout->default_value = min;
	if (timeout->default_value > max)
		timeout->default_value = max;
	return 0;
}

static int read_second(struct program *program, struct section *section)
{
	struct document *document = program->description->document;
	struct entry *entry = section_entry(document, section, "Second", program->report);
	struct operation none = { .kind = KIND_CONST };
	struct scope scope = { .program = program, .operation = &none };
	const struct token *token = &scope.lexer.token;

	if (!entry)
		return 0;
	scope_line(&scope, entry);
	if (token->kind != TOKEN_TIME || !token->number || token->number > SECOND_MAX) {
		scope_expected(&scope, "what the card takes for a second, 1ns to 10s");
		return -EINVAL;
	}
	program->chip.second = token->number;
	lexer_next(&scope.lexer);
	return scope_expect_end(&scope) ? 0 : -EINVAL;
}

static int read_settings(struct program *program)
{
	static const struct cuio_driver_option options[] = { WATCHDOG_OPTIONS(1, 1, 1) };
	struct description *description = program->description;
	struct document *document = description->document;
	struct section *section = document_section(document, "Watchdog", NULL);
	struct entry *entry;
	int r;

	memcpy(program->options, options, sizeof(options));
	program->chip.identity = description->title;
	if (!section)
		return report_add(program->report, document->path, program->class_line,
				  "Class=watchdog without [Watchdog], expected its MaxTimeout=");
	entry = section_entry(document, section, "Identity", program->report);
	if (entry)
		program->chip.identity = entry->value;
	r = entry && strlen(entry->value) > IDENTITY_MAX
		    ? report_add(program->report, document->path, entry->line,
				 "Identity=%s, expected %zu characters at most", entry->value,
				 IDENTITY_MAX)
		    : 0;
	r |= read_limits(program, section);
	r |= read_second(program, section);
	r |= section_unused(document, section, "Identity, MinTimeout, MaxTimeout, Second",
			    program->report);
	return r;
}

/* --- sections with steps --- */

struct watchdog_section {
	const char *name, *title; /* "Start", and for messages "Watchdog Start" */
	struct operation **operation;
	bool required;
	const char *returns; /* NULL: nothing that anybody looks at */
};

static int check_return(struct program *program, const struct watchdog_section *known,
			const struct operation *operation)
{
	const struct step *last =
		operation->n_steps ? &operation->steps[operation->n_steps - 1] : NULL;

	if (!known->returns ||
	    (last && !last->condition &&
	     (last->kind == STEP_FAIL || (last->kind == STEP_RETURN && last->value))))
		return 0;
	return report_add(program->report, program->description->document->path,
			  last ? last->line : operation->line,
			  "the last step must be return (%s) or fail, without if", known->returns);
}

static int read_steps(struct program *program, const struct watchdog_section *known)
{
	struct document *document = program->description->document;
	struct section *section = document_section(document, "Watchdog", known->name);
	struct operation *operation;
	int r;

	if (!section)
		return known->required
			       ? report_add(program->report, document->path, program->class_line,
					    "Class=watchdog without [%s], expected its "
					    "steps",
					    known->title)
			       : 0;
	operation = arena_alloc(&program->arena, sizeof(*operation));
	if (!operation)
		return -ENOMEM;
	operation->kind = KIND_WATCHDOG;
	operation->name = known->title;
	operation->locals[operation->n_locals++] = "timeout";
	*known->operation = operation;
	r = operation_read_steps(program, section, operation, "Step");
	return r < 0 ? r : check_return(program, known, operation);
}

static void leave_entries(struct section *section)
{
	for (size_t i = 0; i < section->n_entries; i++)
		section->entries[i].used = true;
}

static int refuse_unknown(struct program *program, const struct watchdog_section *known, size_t n)
{
	struct document *document = program->description->document;
	struct section *section = NULL;
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];
	int r = 0;

	for (size_t i = 0; i < n; i++)
		names_add(&names, known[i].name);
	while ((section = document_next(document, "Watchdog", section))) {
		size_t i = 0;

		while (i < n && strcmp(known[i].name, section->name) != 0)
			i++;
		if (i < n || !*section->name)
			continue;
		r = report_add(program->report, document->path, section->line,
			       "unknown section [Watchdog %s], %s", section->name,
			       names_hint(&names, section->name, hint));
		leave_entries(section);
	}
	names_done(&names);
	return r;
}

/* What the class does by itself. */
static int refuse_others(struct program *program)
{
	static const char *const kinds[] = { "Open", "Release", "Read", "Write", "Poll", "Ioctl" };
	struct document *document = program->description->document;
	int r = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct section *section = NULL;

		while ((section = document_next(document, kinds[i], section)))
			r = report_add(program->report, document->path, section->line,
				       "[%s] with Class=watchdog, which has its own: expected "
				       "[Watchdog Start] and the like",
				       kinds[i]);
	}
	return r;
}

/* Without the class. */
static int refuse_all(struct program *program)
{
	struct document *document = program->description->document;
	struct section *section = NULL;
	int r = 0;

	while ((section = document_next(document, "Watchdog", section))) {
		r = report_add(program->report, document->path, section->line,
			       "[Watchdog%s%s] without Class=watchdog in [Device]",
			       *section->name ? " " : "", section->name);
		leave_entries(section);
	}
	return r;
}

int program_read_watchdog(struct program *program)
{
	const struct constant *constant = program_constant(program, "timeout");
	struct watchdog_steps *steps = &program->watchdog;
	const struct watchdog_section sections[] = {
		{ "Start", "Watchdog Start", &steps->start, true, NULL },
		{ "Stop", "Watchdog Stop", &steps->stop, false, NULL },
		{ "Ping", "Watchdog Ping", &steps->ping, true, NULL },
		{ "SetTimeout", "Watchdog SetTimeout", &steps->set_timeout, false, NULL },
		{ "TimeLeft", "Watchdog TimeLeft", &steps->time_left, false, "the seconds left" },
		{ "Status", "Watchdog Status", &steps->status, false, "bits of WDIOF_..." },
		{ "Running", "Watchdog Running", &steps->running, false, "whether it counts" },
	};
	const size_t n = sizeof(sections) / sizeof(*sections);
	int r;

	if (!program->is_watchdog)
		return refuse_all(program);
	r = read_settings(program);
	for (size_t i = 0; i < n; i++)
		r |= read_steps(program, &sections[i]);
	r |= refuse_unknown(program, sections, n);
	r |= refuse_others(program);
	if (constant)
		r = report_add(
			program->report, program->description->document->path, constant->line,
			"constant timeout: in [Watchdog ...] that is the timeout in seconds, "
			"expected another name");
	return r;
}
