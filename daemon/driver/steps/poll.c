/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [Poll]: an expression for each way in which a file can be ready. */
#include "driver/steps/scope.h"
#include <errno.h>

/* [Poll] lines that are left out: ready for In and Out, never for the others, as in poll(2). */
int program_read_poll(struct program *program)
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
		scope_line(&scope, entry);
		program->poll[i] = parse_expression(&scope);
		if (!program->poll[i] || !scope_expect_end(&scope))
			r = -EINVAL;
	}
	if (section_unused(document, section, "In, Out, Err, Pri, Hup", program->report) < 0)
		r = -EINVAL;
	return r;
}
