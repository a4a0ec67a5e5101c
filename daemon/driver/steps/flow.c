/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks that need all steps of an operation: its end, and data that a wait would lose. */
#include "driver/steps/scope.h"
#include <errno.h>

static bool step_parks(const struct step *step)
{
	return step->kind == STEP_WAIT || step->kind == STEP_UNTIL || step->kind == STEP_SLEEP;
}

static bool step_leaves(const struct step *step)
{
	return (step->kind == STEP_RETURN || step->kind == STEP_FAIL) && !step->condition;
}

static bool flow_parks(const struct operation *operation, unsigned first, unsigned end)
{
	while (first < end && !step_parks(&operation->steps[first]))
		first++;
	return first < end;
}

/* Only the call that returns fills the caller's buffer: data set before a wait are lost. */
static void flow_check_data(struct program *program, const struct operation *operation)
{
	const struct step *loop = NULL;

	for (unsigned i = 0; i < operation->n_steps; i++) {
		const struct step *step = &operation->steps[i];

		if (step->kind == STEP_FOR)
			loop = step;
		else if (step->kind == STEP_END)
			loop = NULL;
		if ((step->kind != STEP_READ && step->kind != STEP_LET) ||
		    (step->kind == STEP_READ ? step->other : step->operand)->kind != OPERAND_DATA)
			continue;
		if (flow_parks(operation, i + 1, operation->n_steps) ||
		    (loop &&
		     flow_parks(operation, (unsigned)(loop - operation->steps), loop->jump))) {
			program_fault(
				program, step->line,
				"data set here is lost in a later wait, until or sleep, expected "
				"a variable");
			return;
		}
	}
}

static void flow_check_ends(struct program *program, const struct operation *operation)
{
	const char *returns = section_kinds[operation->kind].returns;
	const struct step *last =
		operation->n_steps ? &operation->steps[operation->n_steps - 1] : NULL;

	for (unsigned i = 0; i + 1 < operation->n_steps; i++) {
		const struct step *step = &operation->steps[i];

		if (step_leaves(step) && operation->steps[i + 1].kind != STEP_END) {
			program_fault(program, operation->steps[i + 1].line,
				      "this step is never reached: the one before always leaves");
			return;
		}
	}
	if (!returns)
		return;
	if (!last && operation_has_file(operation))
		program_fault(program, operation->line,
			      "no steps, expected at least \"Step=return N\"");
	else if (!last || !step_leaves(last) || !(last->value || last->kind == STEP_FAIL))
		program_fault(program, last ? last->line : operation->line,
			      "the last step must be return (%s) or fail, without if", returns);
}

void check_flow(struct program *program, struct operation *operation)
{
	flow_check_ends(program, operation);
	if (operation->kind == KIND_READ)
		flow_check_data(program, operation);
	if (operation->parks && operation->sets_argument &&
	    operation->shape.size > PROGRAM_SAVED_MAX)
		program_fault(program, operation->line,
			      "arg is larger than 256 bytes: it cannot be set in an operation that "
			      "waits");
}
