// SPDX-License-Identifier: GPL-2.0-or-later
// A process that crashes inside the driver: longjmp(3) leaves the call at a register access, and
// nothing of it is committed.
#include "hardware/backend.h"
#include "test/internal.h"
#include <stdlib.h>

/*
 * A copy of the back-end's window, and the test. The window's functions are replaced by ones that
 * count accesses and call the back-end's with the copy.
 */
struct test_window {
	struct window original;
	struct cuio_test *test;
};

static const struct window *begin_access(const struct window *window)
{
	const struct test_window *own = window->context;
	struct cuio_test *test = own->test;

	if (test->guarded && !test->own_access && test->crash_at && --test->crash_at == 0) {
		test->jumped = true;
		longjmp(test->jump, 1);
	}
	return &own->original;
}

static uint64_t counted_read(const struct window *window, uint64_t offset, unsigned width)
{
	return window_read(begin_access(window), offset, width);
}

static void counted_write(const struct window *window, uint64_t offset, unsigned width,
			  uint64_t value)
{
	window_write(begin_access(window), offset, width, value);
}

static const struct window_ops counted_ops = { .read = counted_read, .write = counted_write };

/* Replaces the windows at the first cuio_test_crash_at(), so that other tests use the unmodified
 * card. */
static void look_at_accesses(struct cuio_test *test)
{
	struct hardware *hardware = test->hardware;

	test->windows = calloc(hardware->n_windows, sizeof(*test->windows));
	if (!test->windows)
		test_abort("out of memory");
	for (size_t i = 0; i < hardware->n_windows; i++) {
		test->windows[i] = (struct test_window){ hardware->windows[i], test };
		hardware->windows[i].ops = &counted_ops;
		hardware->windows[i].context = &test->windows[i];
	}
}

void cuio_test_crash_at(struct cuio_test *test, unsigned access)
{
	test_need_device(test);
	if (!test->windows)
		look_at_accesses(test);
	test->crash_at = access;
}

void test_guard(struct cuio_test *test, void (*function)(struct cuio_test *test, void *context),
		void *context)
{
	/* A call from a condition of cuio_test_until() does not crash. */
	if (test->guarded) {
		function(test, context);
		return;
	}
	test->jumped = false;
	test->guarded = true;
	if (setjmp(test->jump) == 0)
		function(test, context);
	test->guarded = false;
	if (!test->jumped)
		return;
	test_end_process(test);
	test->start_result = test_start_process(test, false);
}
