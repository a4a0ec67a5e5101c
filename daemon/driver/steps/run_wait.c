/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps that take time: until, wait and sleep. They park the request if there is one. */
#include "driver/steps/run.h"
#include <errno.h>
#include <time.h>

#define UNTIL_SPINS	 64U		   /* reads per call before the request is parked */
#define UNTIL_FIRST_WAIT UINT64_C(20000)   /* ns; doubled for each wait */
#define UNTIL_LAST_WAIT	 UINT64_C(1000000) /* ns */

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

/* Evaluates the condition of a wait: RUN_NEXT if it is true, else cuio_not_yet. */
static int wait_ask(struct run *run, const struct step *step)
{
	uint64_t value;
	int r = evaluate(run, step->value, &value);

	return r ? r : value ? RUN_NEXT : cuio_not_yet;
}

static int run_timed_out(struct run *run, const struct step *step)
{
	return step->otherwise ? run_leave(run, step->otherwise) : -ETIMEDOUT;
}

void run_limit_waits(struct run *run)
{
	run->give_up = clock_now() + PROGRAM_HOLD_MAX;
}

/* Start, Resume and Stop have no request to park: they block. */
static int until_blocking(struct run *run, const struct step *step)
{
	uint64_t deadline = clock_now() + step->time;

	if (deadline > run->give_up)
		deadline = run->give_up;
	for (unsigned polls = 0;; polls++) {
		bool late = clock_now() >= deadline;
		int r;

		run->accesses = 0;
		r = wait_ask(run, step);
		if (r != cuio_not_yet)
			return r;
		if (late)
			return run_timed_out(run, step);
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

/* Sets the deadline when the step is reached, not when it is repeated. */
static void wait_begin(struct run *run, const struct step *step, struct progress *progress)
{
	if (!progress->begun) {
		progress->begun = 1;
		progress->polls = 0;
		progress->deadline = step->time ? cuio_device_now(run->device) + step->time : 0;
	}
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return b && b < a ? b : a;
}

/* Runs until, and sleep, which only ends by time. */
int run_hold(struct run *run, const struct step *step, struct progress *progress)
{
	bool sleeps = step->kind == STEP_SLEEP;
	uint64_t now;

	if (!run->request)
		return sleeps ? sleep_blocking(run, step) : until_blocking(run, step);
	now = cuio_device_now(run->device);
	wait_begin(run, step, progress);
	for (unsigned i = 0; !sleeps && i < UNTIL_SPINS; i++) {
		int r = wait_ask(run, step);

		if (r != cuio_not_yet)
			return r;
	}
	if (now >= progress->deadline)
		return sleeps ? RUN_NEXT : run_timed_out(run, step);
	cuio_request_lock_device(run->request);
	if (!sleeps)
		now += until_interval(progress->polls);
	cuio_request_set_deadline(run->request,
				  sleeps ? progress->deadline : earlier(now, progress->deadline));
	if (!sleeps && progress->polls < UINT8_MAX)
		progress->polls++;
	return cuio_not_yet;
}

int run_wait(struct run *run, const struct step *step, struct progress *progress)
{
	uint64_t now = step->time || step->every ? cuio_device_now(run->device) : 0;
	int r = wait_ask(run, step);

	if (r != cuio_not_yet)
		return r;
	wait_begin(run, step, progress);
	if (progress->deadline && now >= progress->deadline)
		return run_timed_out(run, step);
	if (step->every)
		cuio_request_set_deadline(run->request,
					  earlier(now + step->every, progress->deadline));
	else if (progress->deadline)
		cuio_request_set_deadline(run->request, progress->deadline);
	return cuio_not_yet;
}
