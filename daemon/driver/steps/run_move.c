/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps that move values: read, write and let. */
#include "driver/steps/run_internal.h"
#include <errno.h>

int run_move(struct run *run, const struct step *step)
{
	const struct operand *from = step->kind == STEP_READ ? step->operand : step->other;
	const struct operand *to = step->kind == STEP_READ ? step->other : step->operand;
	struct span first, second = { 0 };
	uint64_t value = 0;
	/* In the order of the line: the one that is wrong first says so. */
	int r = run_prepare(run, step->operand, &first);

	if (!r && step->other)
		r = run_prepare(run, step->other, &second);
	else if (!r)
		r = evaluate(run, step->value, &value);
	if (!r && step->other && first.length != second.length)
		r = -EINVAL;
	for (uint64_t i = 0; !r && i < first.length; i++) {
		if (from)
			r = run_get(run, from, (from == step->operand ? first : second).first + i,
				    &value);
		if (!r)
			r = run_set(run, to, (to == step->operand ? first : second).first + i,
				    value);
	}
	return r;
}
