/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [Watchdog], and the checks for sections with Class=watchdog. */
#include "base/checksum.h"
#include "driver/steps/scope.h"
#include <errno.h>
#include <string.h>

#define IDENTITY_MAX	(sizeof(((struct watchdog_info *)0)->identity) - 1)
#define TIMEOUT_MAX	31536000U /* s; a year */
#define TIMEOUT_DEFAULT 30U
#define SECOND_MAX	UINT64_C(10000000000) /* ns */

/* The class's state follows the state of the steps. */
int program_place_watchdog(struct program *program)
{
	static const uint32_t version = WATCHDOG_STATE_VERSION;
	size_t offset = (program->device_size + 7) / 8 * 8;

	if (!program->is_watchdog)
		return 0;
	if (offset + sizeof(struct watchdog) > CUIO_DEVICE_STATE_MAX)
		return program_fault(program, program->class_line,
				     "no room for the watchdog beside %zu bytes of state, of %u",
				     program->device_size, CUIO_DEVICE_STATE_MAX);
	program->chip.state_offset = offset;
	program->device_size = offset + sizeof(struct watchdog);
	program->state_fingerprint =
		checksum(program->state_fingerprint, &version, sizeof(version));
	return 0;
}

static int read_seconds(struct program *program, struct section *section, const char *key,
			uint64_t *ret)
{
	struct entry *entry = program_entry(program, section, key);
	unsigned long long number = *ret;
	int r = entry ? value_number(program->description->document, entry, 1, TIMEOUT_MAX,
				     program->report, &number)
		      : 0;

	*ret = number;
	return r;
}

static int read_limits(struct program *program, struct section *section)
{
	struct cuio_driver_option *timeout = &program->options[WATCHDOG_TIMEOUT];
	uint64_t min = 1, max = 0;

	if (read_seconds(program, section, "MinTimeout", &min) < 0 ||
	    read_seconds(program, section, "MaxTimeout", &max) < 0)
		return -EINVAL;
	if (max < min)
		return program_fault(
			program, section->line,
			max ? "MinTimeout= is more than MaxTimeout=, expected less"
			    : "no MaxTimeout=, expected the longest timeout in seconds");
	if (min != max && !document_find(program->description->document, "Watchdog", "SetTimeout"))
		return program_fault(program, section->line,
				     "MaxTimeout= is not MinTimeout=, but no [Watchdog SetTimeout] "
				     "could set anything between");
	timeout->min = min;
	timeout->max = max;
	timeout->default_value = TIMEOUT_DEFAULT < min	 ? min
				 : TIMEOUT_DEFAULT > max ? max
							 : TIMEOUT_DEFAULT;
	return 0;
}

static int read_second(struct program *program, const struct entry *entry)
{
	struct scope scope = scope_of(program, entry);
	const struct token *token = &scope.lexer.token;

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
	struct section *section = program_section(program, "Watchdog", NULL);
	struct entry *entry;
	int r = 0;

	memcpy(program->options, options, sizeof(options));
	program->chip.identity = program->description->title;
	if (!section)
		return program_fault(program, program->class_line,
				     "Class=watchdog without [Watchdog], expected its MaxTimeout=");
	entry = program_entry(program, section, "Identity");
	if (entry)
		program->chip.identity = entry->value;
	if (entry && strlen(entry->value) > IDENTITY_MAX)
		r = program_fault(program, entry->line,
				  "Identity=%s, expected %zu characters at most", entry->value,
				  IDENTITY_MAX);
	r |= read_limits(program, section);
	entry = program_entry(program, section, "Second");
	if (entry)
		r |= read_second(program, entry);
	return r | program_unused(program, section, "Identity, MinTimeout, MaxTimeout, Second");
}

static int refuse_unknown(struct program *program)
{
	struct section *section = NULL;
	int r = 0;

	while ((section = program_next(program, "Watchdog", section))) {
		enum operation_kind kind = KIND_WATCHDOG_START;
		struct names names = { 0 };
		char hint[NAMES_HINT_SIZE];

		while (kind < KIND_SINGLE && strcmp(section_kinds[kind].name, section->name) != 0)
			names_add(&names, section_kinds[kind++].name);
		if (kind == KIND_SINGLE && *section->name) {
			r = program_fault(program, section->line,
					  "unknown section [Watchdog %s], %s", section->name,
					  names_hint(&names, section->name, hint));
			section_leave(section);
		}
		names_done(&names);
	}
	return r;
}

/* Refuses sections for what the class implements. */
static int refuse_others(struct program *program)
{
	static const char *const kinds[] = { "Open", "Release", "Read", "Write", "Poll", "Ioctl" };
	int r = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct section *section = NULL;

		while ((section = program_next(program, kinds[i], section)))
			r = program_fault(program, section->line,
					  "[%s] with Class=watchdog, which has its own: expected "
					  "[Watchdog Start] and the like",
					  kinds[i]);
	}
	return r;
}

/* Refuses all [Watchdog] sections without Class=watchdog. */
static int refuse_all(struct program *program)
{
	struct section *section = NULL;
	int r = 0;

	while ((section = program_next(program, "Watchdog", section))) {
		r = program_fault(program, section->line,
				  "[Watchdog%s%s] without Class=watchdog in [Device]",
				  *section->name ? " " : "", section->name);
		section_leave(section);
	}
	return r;
}

int program_read_watchdog(struct program *program)
{
	const struct constant *constant = program_constant(program, "timeout");
	int r;

	if (!program->is_watchdog)
		return refuse_all(program);
	r = read_settings(program);
	for (enum operation_kind kind = KIND_WATCHDOG_START; kind < KIND_SINGLE; kind++)
		r |= program_read_operation(program, kind);
	r |= refuse_unknown(program);
	r |= refuse_others(program);
	if (constant)
		r = program_fault(program, constant->line,
				  "constant timeout: in [Watchdog ...] that is the timeout in "
				  "seconds, expected another name");
	return r;
}
