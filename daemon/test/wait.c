// SPDX-License-Identifier: GPL-2.0-or-later
// Waiting: runs the event loop for interrupts and timers until a condition is true.
#include "test/internal.h"
#include <errno.h>
#include <string.h>

#define LOOK_EVERY UINT64_C(200000) /* ns */

static int look(struct alarm *alarm)
{
	struct cuio_test *test = container_of(alarm, struct cuio_test, alarm);

	test->own_access++;
	test->is_met = test->met(test, test->context);
	test->own_access--;
	if (test->is_met || alarm_now() > test->until)
		loop_quit(test->loop);
	return 0;
}

static void run_loop(struct cuio_test *test, void *context)
{
	int r = alarm_init(&test->alarm, test->loop, look);

	(void)context;
	if (r >= 0)
		r = alarm_repeat(&test->alarm, LOOK_EVERY);
	if (r >= 0)
		r = loop_run(test->loop);
	if (r < 0)
		test_abort("the card's events: %s", strerror(-r));
	alarm_done(&test->alarm, test->loop);
}

bool test_wait(struct cuio_test *test, bool (*met)(struct cuio_test *test, void *context),
	       void *context, uint64_t until)
{
	test_need_device(test);
	if (test->guarded)
		test_abort("something waits inside of what cuio_test_until() asks");
	test->met = met;
	test->context = context;
	test->until = until;
	test->is_met = false;
	do {
		test_guard(test, run_loop, NULL);
		test_need_device(test);
	} while (test->jumped);
	return test->is_met;
}

bool cuio_test_until(struct cuio_test *test, bool (*met)(struct cuio_test *test, void *context),
		     void *context)
{
	return test_wait(test, met, context, alarm_now() + TEST_PATIENCE) || met(test, context);
}

struct pass {
	uint64_t until;
	unsigned looks;
};

/* Everything that was pending at the first check has been served at the second one. */
static bool has_passed(struct cuio_test *test, void *context)
{
	struct pass *pass = context;

	(void)test;
	return ++pass->looks >= 2 && alarm_now() >= pass->until;
}

void cuio_test_run(struct cuio_test *test, uint64_t nanoseconds)
{
	struct pass pass = { .until = alarm_now() + nanoseconds };

	test_wait(test, has_passed, &pass, pass.until + TEST_PATIENCE);
}

static bool is_taken(struct cuio_test *test, void *context)
{
	(void)context;
	return !sim_is_raised(test->hardware);
}

int cuio_test_interrupt(struct cuio_test *test)
{
	int r;

	test_need_device(test);
	r = sim_raise(test->hardware);
	if (r < 0)
		return r;
	return test_wait(test, is_taken, NULL, alarm_now() + TEST_PATIENCE) ? 0 : -ETIMEDOUT;
}

uint64_t cuio_test_now(void)
{
	return alarm_now();
}
