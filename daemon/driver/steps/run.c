/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The runner. A request's state says which step it stands at and keeps the operation's variables,
 * so that a parked request goes on at its wait and nothing before that is done twice.
 */
#include "driver/steps/run.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define UNTIL_SPINS	 64U		   /* reads in one call before the timer takes over */
#define UNTIL_FIRST_WAIT UINT64_C(20000)   /* ns; doubled each time */
#define UNTIL_LAST_WAIT	 UINT64_C(1000000) /* ns */

/* Outcomes of a step besides -errno. */
enum {
	RUN_NEXT = 0,
	RUN_LEAVE = 1, /* the result is in run->result */
};

/* Where a request goes on; in request_state(), followed by a copy of an argument that is set. */
struct progress {
	uint32_t fingerprint; /* of the operation; 0: not begun */
	uint16_t step;
	uint8_t begun; /* the step's condition held and its deadline is set */
	uint8_t polls; /* of an until, in earlier calls */
	uint64_t deadline;
	uint64_t locals[PROGRAM_LOCALS_MAX];
	uint8_t argument[];
};

static size_t saved_argument(const struct operation *operation)
{
	return operation->parks && operation->sets_argument ? operation->size : 0;
}

size_t run_state_size(const struct operation *operation)
{
	return sizeof(struct progress) + saved_argument(operation);
}

/* --- steps that move values --- */

static int step_read(struct run *run, const struct step *step)
{
	struct span from, to;
	int r = target_prepare(run, step->target, &from);

	if (!r)
		r = place_prepare(run, step->place, &to);
	if (!r && from.length != to.length)
		r = -EINVAL;
	for (uint64_t i = 0; !r && i < from.length; i++) {
		uint64_t value = 0;

		r = target_get(run, step->target, from.first + i, &value);
		if (!r)
			place_set(run, step->place, to.first + i, value);
	}
	return r;
}

static int step_write(struct run *run, const struct step *step)
{
	struct span to, from = { 0 };
	uint64_t value = 0;
	int r = target_prepare(run, step->target, &to);

	if (!r && step->place)
		r = place_prepare(run, step->place, &from);
	else if (!r)
		r = evaluate(run, step->value, &value);
	if (!r && step->place && from.length != to.length)
		r = -EINVAL;
	for (uint64_t i = 0; !r && i < to.length; i++) {
		if (step->place)
			value = place_get(run, step->place, from.first + i);
		r = target_set(run, step->target, to.first + i, value);
	}
	return r;
}

static int step_let(struct run *run, const struct step *step)
{
	struct span to;
	uint64_t value;
	int r = evaluate(run, step->value, &value);

	if (!r)
		r = place_prepare(run, step->place, &to);
	if (!r)
		place_set(run, step->place, to.first, value);
	return r;
}

/* --- steps that leave --- */

static int64_t result_max(const struct run *run)
{
	enum operation_kind kind = run->operation->kind;

	return kind == KIND_READ || kind == KIND_WRITE ? (int64_t)run->count : INT_MAX;
}

static int step_leave(struct run *run, const struct step *step)
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

static int step_timed_out(struct run *run, const struct step *step)
{
	return step->otherwise ? step_leave(run, step->otherwise) : -ETIMEDOUT;
}

/* --- steps that take time --- */

static uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void clock_sleep(uint64_t ns)
{
	struct timespec time = { .tv_sec = (time_t)(ns / 1000000000),
				 .tv_nsec = (long)(ns % 1000000000) };

	while (nanosleep(&time, &time) < 0 && errno == EINTR)
		;
}

static uint64_t until_interval(unsigned polls)
{
	return polls < 6 ? UNTIL_FIRST_WAIT << polls : UNTIL_LAST_WAIT;
}

/* Start, Resume and Stop have no request to park, and nobody else to serve: they really wait. */
static int until_blocking(struct run *run, const struct step *step)
{
	uint64_t deadline = clock_now() + step->time;

	if (deadline > run->give_up)
		deadline = run->give_up;
	for (unsigned polls = 0;; polls++) {
		bool late = clock_now() >= deadline;
		uint64_t value;
		int r;

		run->accesses = 0;
		r = evaluate(run, step->value, &value);
		if (r)
			return r;
		if (value)
			return RUN_NEXT;
		if (late)
			return step_timed_out(run, step);
		clock_sleep(until_interval(polls));
	}
}

static int sleep_blocking(struct run *run, const struct step *step)
{
	if (clock_now() + step->time > run->give_up)
		return -ETIMEDOUT;
	clock_sleep(step->time);
	return RUN_NEXT;
}

/* Sets the deadline when the step is reached, not when it is asked again. */
static void step_begin(struct run *run, const struct step *step, struct progress *progress)
{
	if (!progress->begun) {
		progress->begun = 1;
		progress->polls = 0;
		progress->deadline = step->time ? device_now(run->device) + step->time : 0;
	}
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return b && b < a ? b : a;
}

static int step_until(struct run *run, const struct step *step, struct progress *progress)
{
	uint64_t now = device_now(run->device);

	step_begin(run, step, progress);
	for (unsigned i = 0; i < UNTIL_SPINS; i++) {
		uint64_t value;
		int r = evaluate(run, step->value, &value);

		if (r)
			return r;
		if (value)
			return RUN_NEXT;
	}
	if (now >= progress->deadline)
		return step_timed_out(run, step);
	request_hold(run->request);
	request_deadline(run->request,
			 earlier(now + until_interval(progress->polls), progress->deadline));
	if (progress->polls < UINT8_MAX)
		progress->polls++;
	return -EAGAIN;
}

static int step_wait(struct run *run, const struct step *step, struct progress *progress)
{
	uint64_t now = device_now(run->device);
	uint64_t value;
	int r = evaluate(run, step->value, &value);

	if (r)
		return r;
	if (value)
		return RUN_NEXT;
	step_begin(run, step, progress);
	if (progress->deadline && now >= progress->deadline)
		return step_timed_out(run, step);
	if (step->every)
		request_deadline(run->request, earlier(now + step->every, progress->deadline));
	else if (progress->deadline)
		request_deadline(run->request, progress->deadline);
	return -EAGAIN;
}

static int step_sleep(struct run *run, const struct step *step, struct progress *progress)
{
	step_begin(run, step, progress);
	if (device_now(run->device) >= progress->deadline)
		return RUN_NEXT;
	request_hold(run->request);
	request_deadline(run->request, progress->deadline);
	return -EAGAIN;
}

/* --- loops --- */

static int step_for(struct run *run, const struct step *step, struct progress *progress)
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

static int step_end(struct run *run, const struct step *step, struct progress *progress)
{
	const struct step *loop = &run->operation->steps[step->jump];

	if (++run->locals[loop->slot] < run->locals[loop->slot + 1])
		progress->step = (uint16_t)step->jump;
	return RUN_NEXT;
}

/* --- the whole --- */

static int run_step(struct run *run, const struct step *step, struct progress *progress)
{
	switch (step->kind) {
	case STEP_READ:
		return step_read(run, step);
	case STEP_WRITE:
		return step_write(run, step);
	case STEP_LET:
		return step_let(run, step);
	case STEP_UNTIL:
		return run->request ? step_until(run, step, progress) : until_blocking(run, step);
	case STEP_WAIT:
		return step_wait(run, step, progress);
	case STEP_SLEEP:
		return run->request ? step_sleep(run, step, progress) : sleep_blocking(run, step);
	case STEP_ARM:
		device_timer(run->device, step->slot,
			     step->time ? device_now(run->device) + step->time : 0);
		return RUN_NEXT;
	case STEP_FOR:
		return step_for(run, step, progress);
	case STEP_END:
		return step_end(run, step, progress);
	case STEP_RETURN:
	case STEP_FAIL:
		return step_leave(run, step);
	}
	return -EINVAL;
}

/* RUN_NEXT at the end of the steps, RUN_LEAVE, or -errno. */
static int run_steps(struct run *run, struct progress *progress)
{
	while (progress->step < run->operation->n_steps) {
		const struct step *step = &run->operation->steps[progress->step];
		uint64_t holds = 1;
		int r = 0;

		/* A condition is asked once, when the step is reached. */
		if (step->condition && !progress->begun)
			r = evaluate(run, step->condition, &holds);
		if (!r && holds)
			r = run_step(run, step, progress);
		if (r)
			return r;
		progress->begun = 0;
		progress->step++;
	}
	return RUN_NEXT;
}

/* Takes a parked request up again; -EIO if its steps have changed since and may not be redone. */
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

int64_t run_operation(struct run *run, uint64_t cause)
{
	const struct operation *operation = run->operation;
	struct progress fresh = { 0 }, *progress = &fresh;
	int r = 0;

	run->device_state = device_state(run->device);
	run->file_state = run->file ? file_state(run->file) : NULL;
	if (run->request && operation->parks) {
		progress = request_state(run->request);
		r = run_resume(run, progress);
	} else if (operation->kind == KIND_START || operation->kind == KIND_RESUME ||
		   operation->kind == KIND_STOP) {
		run->give_up = clock_now() + PROGRAM_HOLD_MAX;
	}
	run->locals = progress->locals;
	if (operation->kind == KIND_INTERRUPT)
		run->locals[0] = cause;
	if (!r)
		r = run_steps(run, progress);
	if (r == -EAGAIN && saved_argument(operation))
		memcpy(progress->argument, run->argument, run->argument_size);
	return r == RUN_LEAVE ? run->result : r;
}
