/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs steps. A request's state holds the current step and the operation's variables, so that a
 * parked request continues at its wait and repeats nothing.
 */
#include "driver/steps/run.h"
#include <errno.h>
#include <limits.h>
#include <string.h>

static size_t saved_argument(const struct operation *operation)
{
	return operation->parks && operation->sets_argument ? operation->shape.size : 0;
}

size_t run_state_size(const struct operation *operation)
{
	return sizeof(struct progress) + saved_argument(operation);
}

static int run_move(struct run *run, const struct step *step)
{
	bool reads = step->kind == STEP_READ;
	const struct operand *from = reads ? step->operand : step->other;
	const struct operand *to = reads ? step->other : step->operand;
	struct span first, second = { 0 };
	const struct span *source = reads ? &first : &second, *target = reads ? &second : &first;
	uint64_t value = 0;
	/* In the order of the line: the error of the first operand is returned. */
	int r = run_prepare(run, step->operand, &first);

	if (!r && step->other)
		r = run_prepare(run, step->other, &second);
	else if (!r)
		r = evaluate(run, step->value, &value);
	if (!r && step->other && first.length != second.length)
		r = -EINVAL;
	for (uint64_t i = 0; !r && i < first.length; i++) {
		if (from)
			r = run_get(run, from, source->first + i, &value);
		if (!r)
			r = run_set(run, to, target->first + i, value);
	}
	return r;
}

int run_leave(struct run *run, const struct step *step)
{
	enum operation_kind kind = run->operation->kind;
	uint64_t max = kind == KIND_READ || kind == KIND_WRITE ? run->count : INT_MAX;
	uint64_t value = 0;
	int r = step->value ? evaluate(run, step->value, &value) : step->error;

	if (r)
		return r;
	if (value > max)
		return -EINVAL;
	run->result = (int64_t)value;
	return RUN_LEAVE;
}

static int run_for(struct run *run, const struct step *step, struct progress *progress)
{
	uint64_t rounds;
	int r = evaluate(run, step->value, &rounds);

	if (r)
		return r;
	if (rounds > step->limit)
		return -EINVAL;
	run->locals[step->slot] = 0;
	run->locals[step->slot + 1] = rounds;
	if (!rounds)
		progress->step = (uint16_t)step->jump;
	return RUN_NEXT;
}

static int run_end(struct run *run, const struct step *step, struct progress *progress)
{
	const struct step *loop = &run->operation->steps[step->jump];

	/* A request's saved variables may be a forger's. */
	if (++run->locals[loop->slot] < run->locals[loop->slot + 1] &&
	    run->locals[loop->slot] < loop->limit)
		progress->step = (uint16_t)step->jump;
	return RUN_NEXT;
}

static int run_step(struct run *run, const struct step *step, struct progress *progress)
{
	switch (step->kind) {
	case STEP_READ:
	case STEP_WRITE:
	case STEP_LET:
		return run_move(run, step);
	case STEP_UNTIL:
	case STEP_SLEEP:
		return run_hold(run, step, progress);
	case STEP_WAIT:
		return run_wait(run, step, progress);
	case STEP_ARM:
		cuio_device_set_timer(run->device, step->slot,
				      step->time ? cuio_device_now(run->device) + step->time : 0);
		return RUN_NEXT;
	case STEP_FOR:
		return run_for(run, step, progress);
	case STEP_END:
		return run_end(run, step, progress);
	case STEP_RETURN:
	case STEP_FAIL:
		return run_leave(run, step);
	}
	return -EINVAL;
}

/* Returns RUN_NEXT at the end of the steps, RUN_LEAVE, or -errno. */
static int run_steps(struct run *run, struct progress *progress)
{
	while (progress->step < run->operation->n_steps) {
		const struct step *step = &run->operation->steps[progress->step];
		uint64_t holds = 1;
		int r = 0;

		/* A condition is evaluated once, when the step is reached. */
		if (step->condition && !progress->begun)
			r = evaluate(run, step->condition, &holds);
		if (!r && holds)
			r = run_step(run, step, progress);
		if (r) {
			run->line = step->line;
			return r;
		}
		progress->begun = 0;
		progress->step++;
	}
	return RUN_NEXT;
}

/* Continues a parked request; -EIO if its steps have changed and must not be repeated. */
static int run_resume(struct run *run, struct progress *progress)
{
	const struct operation *operation = run->operation;

	if (progress->fingerprint == operation->fingerprint) {
		if (saved_argument(operation))
			memcpy(run->argument, progress->argument, run->argument_size);
		return 0;
	}
	if (progress->fingerprint && progress->step && !operation->restartable)
		return -EIO;
	memset(progress, 0, run_state_size(operation));
	progress->fingerprint = operation->fingerprint;
	return 0;
}

/* For an operation that never waits: initialises only what it uses. */
static void run_afresh(struct progress *progress, const struct operation *operation)
{
	progress->step = 0;
	progress->begun = progress->polls = 0;
	progress->deadline = 0;
	memset(progress->locals, 0, operation->n_locals * sizeof(progress->locals[0]));
}

int64_t run_operation(struct run *run, uint64_t given)
{
	const struct operation *operation = run->operation;
	struct progress fresh, *progress = &fresh;
	int r = 0;

	run->device_state = cuio_device_state(run->device);
	if (run->request && operation->parks) {
		progress = cuio_request_state(run->request);
		r = run_resume(run, progress);
	} else {
		run_afresh(&fresh, operation);
		if (operation->kind <= KIND_STOP)
			run_limit_waits(run);
	}
	run->locals = progress->locals;
	if (section_kinds[operation->kind].given)
		run->locals[0] = given;
	if (!r)
		r = run_steps(run, progress);
	if (r == cuio_not_yet && saved_argument(operation))
		memcpy(progress->argument, run->argument, run->argument_size);
	return r == RUN_LEAVE ? run->result : r;
}

int64_t run_plain(struct cuio_device *device, const struct operation *operation, uint64_t given)
{
	struct run run = {
		.program = cuio_device_context(device),
		.operation = operation,
		.device = device,
	};
	int64_t result = operation ? run_operation(&run, given) : 0;

	if (result < 0)
		cuio_device_set_error(device, "%s:%u: the step ended with: %s",
				      run.program->description->document->path, run.line,
				      strerror((int)-result));
	return result;
}
