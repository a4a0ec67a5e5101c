/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The definition of struct cuio_test (cuio/test.h), for the files of this folder and this tree's
 * unit tests: the daemon's core, with this library in place of the kernel and the front.
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

#define TEST_PATIENCE (20 * NS_PER_SECOND) /* until a condition has failed */

/* A system call of a program, from its start until its result is taken. */
struct test_call {
	bool used, ended;
	bool no_wait;  /* -EAGAIN instead of waiting, for any operation */
	uint32_t slot; /* of its request */
	ssize_t result;
	uint8_t *in; /* copy of the data for the driver; NULL: none */
	void *to;    /* destination of a read's data */
	size_t to_size;
	struct argument_fetch fetch; /* destination of an ioctl's data */
};

struct test_window;

struct cuio_test {
	/* Created by the first start: */
	const struct cuio_driver *driver, *loaded;
	/* For tests of this tree without a driver: finds the driver that the description names. */
	int (*driver_load)(struct description *description, struct report *report,
			   const struct cuio_driver **ret);
	char *description_path, *description_text, *instance_text;
	struct sim_model model; /* set by the test; no name: none */
	struct instance *instance;
	struct fds *fds;
	struct hardware *hardware;
	struct test_window *windows; /* original windows, see crash.c; NULL: not replaced */

	/* Replaced by a start after a stop: */
	struct saved *saved;
	char *identity;

	uint64_t slept; /* ns, plus 1 */

	/* Replaced after a crash: */
	struct cuio_device *device;
	struct loop *loop;
	struct device_listener listener;
	struct report report;
	uint64_t unique;
	uint32_t uid;	 /* of the caller; default 0 */
	bool compat;	 /* ioctls come from a 32-bit caller */
	unsigned rounds; /* rounds that the last ioctl took */
	struct test_call calls[CUIO_TEST_CALLS_MAX];
	struct test_call *received; /* the call in the receive buffer */

	/* While waiting: */
	struct alarm alarm;
	bool (*met)(struct cuio_test *test, void *context);
	void *context;
	uint64_t until;
	bool is_met;

	/* For a crash inside a call: */
	unsigned crash_at;    /* accesses until the crash; 0: none */
	unsigned own_access;  /* the test itself accesses a register */
	bool guarded, jumped; /* inside test_guard(); a crash happened there */
	int start_result;     /* of the successor's start */
	jmp_buf jump;
};

/* Reports a mistake of the test and aborts. */
_Noreturn void test_abort(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* start.c: start and end of a process. The saved memory remains. */
/* The card loses its registers in a sleep of the machine, which the process does not know yet. */
void test_lose_power(struct cuio_test *test);
int test_start_process(struct cuio_test *test, bool fresh);
void test_end_process(struct cuio_test *test);
/* crash.c: calls `function`, in which the driver may crash as set by cuio_test_crash_at(). After a
 * crash the successor is started and has handled the interrupted call. */
void test_guard(struct cuio_test *test, void (*function)(struct cuio_test *test, void *context),
		void *context);
/* Aborts the test if the driver is not started. */
void test_need_device(const struct cuio_test *test);

/* call.c */
struct request_record *test_request(struct cuio_test *test, uint32_t operation, uint32_t file,
				    uint32_t flags);
/* Returns an unused call. */
struct test_call *test_call_new(struct cuio_test *test);
void test_call_set_in(struct test_call *call, const void *data, size_t size);
/* Assigns the request of test_request() to this call and serves it. */
void test_call_begin(struct cuio_test *test, struct test_call *call);
/* Ends a call with this error before it is served. */
void test_call_refuse(struct test_call *call, int error);
/* Waits until the call has ended, returns its result and frees the call. */
ssize_t test_call_finish(struct cuio_test *test, struct test_call *call);
/* Ends the call with this error unless it has ended. */
void test_call_cancel(struct cuio_test *test, struct test_call *call, int error);
void test_call_signal(struct cuio_test *test, struct test_call *call);
/* Copies an ioctl's argument as the kernel does. 0, or -errno, which is the ioctl's answer. */
int test_call_fetch(struct cuio_test *test, struct test_call *call, int file, uint32_t number,
		    void *argument);
/* After a warm start: repeats or fails the calls in which the predecessor crashed. */
void test_call_resume(struct cuio_test *test);
void test_call_listen(struct cuio_test *test);
/* Frees all calls without ending them. */
void test_call_drop_all(struct cuio_test *test);

/* wait.c: returns false if `met` was not true until CLOCK_MONOTONIC `until`, in ns. */
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
