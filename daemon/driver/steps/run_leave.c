/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps that end the call, and what they may return. */
#include "driver/steps/run_internal.h"
#include <errno.h>
#include <limits.h>

static int64_t result_max(const struct run *run)
{
	enum operation_kind kind = run->operation->kind;

	return kind == KIND_READ || kind == KIND_WRITE ? (int64_t)run->count : INT_MAX;
}

int run_leave(struct run *run, const struct step *step)
{
	uint64_t value = 0;
	int r;

	if (step->kind == STEP_FAIL)
		return step->error;
	r = step->value ? evaluate(run, step->value, &value) : 0;
	if (r)
		return r;
	if (value > (uint64_t)result_max(run))
		return -EINVAL;
	run->result = (int64_t)value;
	return RUN_LEAVE;
}

int run_timed_out(struct run *run, const struct step *step)
{
	return step->otherwise ? run_leave(run, step->otherwise) : -ETIMEDOUT;
}
