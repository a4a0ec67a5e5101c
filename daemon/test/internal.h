/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of struct cuio_test (cuio/test.h), for the files of this folder and this tree's own
 * unit tests: the core as the daemon runs it, with this in the place of the kernel and the front.
 */
#ifndef TEST_INTERNAL_H
#define TEST_INTERNAL_H

#include "base/alarm.h"
#include "device/argument.h"
#include "device/device.h"
#include "device/layout.h"
#include "hardware/hardware.h"
#include "hardware/sim.h"
#include "regmap/regmap.h"
#include <cuio/test.h>
#include <setjmp.h>

#define TEST_PATIENCE (20 * NS_PER_SECOND) /* after which what is waited for will not come */

/* One system call of a program, from its begin to its finish. */
struct test_call {
	bool used, ended;
	bool no_wait;  /* "not yet" is an answer, -EAGAIN, whatever the operation is */
	uint32_t slot; /* where its request is */
	ssize_t result;
	uint8_t *in; /* what the driver is given, a copy; NULL: nothing */
	void *to;    /* where a read's data go */
	size_t to_size;
	struct argument_fetch fetch; /* where an ioctl's data go */
};

struct test_window;

struct cuio_test {
	/* What it is made of. */
	const struct cuio_driver *driver, *loaded;
	/* Of this tree's tests that give no driver: finds the description's. */
	int (*driver_load)(struct description *description, struct report *report,
			   const struct cuio_driver **ret);
	char *description_path, *description_text, *instance_text;
	struct sim_model model; /* the test's own; no name: none */
	struct instance *instance;
	struct fds *fds;
	struct hardware *hardware;
	struct test_window *windows; /* of the hardware, by crash.c; NULL: they are as they were */

	/* What a stop ends. */
	struct saved *saved;
	char *identity;

	/* What a crash ends. */
	struct cuio_device *device;
	struct loop *loop;
	struct device_listener listener;
	struct report report;
	uint64_t unique;
	uint32_t uid;	 /* of who calls; 0 */
	bool compat;	 /* ioctls are a 32-bit caller's */
	unsigned rounds; /* that the last ioctl took */
	struct test_call calls[CUIO_TEST_CALLS_MAX];
	struct test_call *received; /* whose request is in the receive buffer */

	/* Waiting. */
	struct alarm alarm;
	bool (*met)(struct cuio_test *test, void *context);
	void *context;
	uint64_t until;
	bool is_met;

	/* A crash inside a call. */
	unsigned crash_at;    /* accesses until then; 0: none */
	unsigned own_access;  /* the test itself is at a register */
	bool guarded, jumped; /* inside test_guard(); it crashed there */
	int start_result;     /* of the successor's start */
	jmp_buf jump;
};

/* A mistake of the test: says so and aborts. */
_Noreturn void test_abort(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* start.c: what goes up and down with a process. The saved memory stays. */
int test_start_process(struct cuio_test *test, bool fresh);
void test_end_process(struct cuio_test *test);
/* crash.c. Calls `function`, in which the driver may crash as cuio_test_crash_at() says; the
 * successor has started then, and has what was interrupted done. */
void test_guard(struct cuio_test *test, void (*function)(struct cuio_test *test, void *context),
		void *context);
/* Ends the process if the driver did not start: what follows would have no meaning. */
void test_need_device(const struct cuio_test *test);

/* call.c */
struct request_record *test_request(struct cuio_test *test, uint32_t operation, uint32_t file,
				    uint32_t flags);
/* A free one. */
struct test_call *test_call_new(struct cuio_test *test);
void test_call_set_in(struct test_call *call, const void *data, size_t size);
/* The request that test_request() made is this call's, and is served for the first time. */
void test_call_begin(struct cuio_test *test, struct test_call *call);
/* It has ended with this before it began. */
void test_call_refuse(struct test_call *call, int error);
/* Waits for its end, and gives its result. The call is free afterwards. */
ssize_t test_call_finish(struct cuio_test *test, struct test_call *call);
/* Ends it with this error, unless it has ended. */
void test_call_cancel(struct cuio_test *test, struct test_call *call, int error);
/* What the kernel does with an ioctl's argument; 0, or the error that is its answer already. */
int test_call_fetch(struct cuio_test *test, struct test_call *call, int file, uint32_t number,
		    void *argument);
/* After a start that is not fresh: what a predecessor was in is done again or given up. */
void test_call_resume(struct cuio_test *test);
void test_call_listen(struct cuio_test *test);
/* All of them are gone, as their process's programs see it. */
void test_call_drop_all(struct cuio_test *test);

/* wait.c: false if `met` was not true by CLOCK_MONOTONIC `until`. */
bool test_wait(struct cuio_test *test, bool (*met)(struct cuio_test *test, void *context),
	       void *context, uint64_t until);

static inline struct layout test_layout(const struct cuio_test *test)
{
	struct layout layout;

	layout_init(&layout, test->driver);
	layout_place(&layout, test->saved);
	return layout;
}

#endif
