// SPDX-License-Identifier: GPL-2.0-or-later
// System calls of programs: passes requests to the device as the front does, one at a time, and
// parks
// those that wait.
#include "test/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request_record *test_request(struct cuio_test *test, uint32_t operation, uint32_t file,
				    uint32_t flags)
{
	struct request_record *record;

	test_need_device(test);
	record = device_request(test->device, 0);
	request_record_reset(record, test->unique += 2);
	record->operation = operation;
	record->file = file;
	record->flags = flags;
	record->uid = test->uid;
	record->compat = test->compat;
	return record;
}

struct test_call *test_call_new(struct cuio_test *test)
{
	for (unsigned i = 0; i < CUIO_TEST_CALLS_MAX; i++) {
		if (!test->calls[i].used) {
			test->calls[i] = (struct test_call){ .used = true };
			return &test->calls[i];
		}
	}
	test_abort("more than %d calls at a time", CUIO_TEST_CALLS_MAX);
}

static void make_room(struct test_call *call, size_t size)
{
	free(call->in);
	call->in = malloc(size + 1);
	if (!call->in)
		test_abort("out of memory");
}

void test_call_set_in(struct test_call *call, const void *data, size_t size)
{
	make_room(call, size);
	if (size)
		memcpy(call->in, data, size);
}

static void free_call(struct test_call *call)
{
	free(call->in);
	*call = (struct test_call){ 0 };
}

void test_call_drop_all(struct cuio_test *test)
{
	for (unsigned i = 0; i < CUIO_TEST_CALLS_MAX; i++)
		free_call(&test->calls[i]);
	test->received = NULL;
}

/* The slot of a waiting call. */
static uint32_t parked_slot(const struct cuio_test *test, const struct test_call *call)
{
	return slot_parked((uint32_t)(call - test->calls));
}

/* --- answers ---------------------------------------------------------------------------------- */

static void take_reply(struct test_call *call, const uint8_t *reply, size_t size)
{
	if (call->to)
		memcpy(call->to, reply, size < call->to_size ? size : call->to_size);
	for (size_t i = 0; call->result >= 0 && i < call->fetch.n_out; i++) {
		memcpy(call->fetch.out[i].iov_base, reply, call->fetch.out[i].iov_len);
		reply += call->fetch.out[i].iov_len;
	}
}

static void take_answer(struct cuio_test *test, struct test_call *call,
			const struct device_answer *answer)
{
	/* As a program sees it that has no SA_RESTART. */
	call->result = answer->result == DEVICE_REPEAT ? -EINTR : answer->result;
	take_reply(call, answer->data, answer->size);
	if (answer->request->operation == REQUEST_OPEN && call->result >= 0)
		call->result = (ssize_t)answer->request->file;
	call->ended = true;
	if (test->received == call)
		test->received = NULL;
	device_answered(test->device);
}

/* With O_NONBLOCK the call must not wait. Without a slot to park it the core answers EBUSY. */
static struct device_answer refuse_to_wait(struct cuio_test *test)
{
	struct device_answer answer = device_park(test->device, SLOT_NONE);

	if (answer.result == -EBUSY)
		answer.result = -EAGAIN;
	return answer;
}

static void serve(struct cuio_test *test, void *context)
{
	struct test_call *call = context;
	struct device_answer answer = device_call(test->device, call->slot, call->in);

	if (answer.waits && call->no_wait && !answer.locks &&
	    !device_is_locked_for(test->device, call->slot))
		answer = refuse_to_wait(test);
	if (!answer.waits) {
		take_answer(test, call, &answer);
		return;
	}
	call->slot = parked_slot(test, call);
	device_park(test->device, call->slot);
	if (test->received == call)
		test->received = NULL;
}

static void changed(struct device_listener *listener);

static void end(struct cuio_test *test, struct test_call *call, const struct device_answer *answer)
{
	if (answer->waits)
		return;
	take_answer(test, call, answer);
	changed(&test->listener);
}

void test_call_cancel(struct cuio_test *test, struct test_call *call, int error)
{
	struct device_answer answer;

	if (call->ended)
		return;
	answer = device_cancel(test->device, call->slot, error);
	end(test, call, &answer);
}

void test_call_signal(struct cuio_test *test, struct test_call *call)
{
	struct device_answer answer;

	if (call->ended)
		return;
	answer = device_signal(test->device, call->slot);
	end(test, call, &answer);
}

/* --- parked calls ----------------------------------------------------------------------------- */

static bool is_parked(const struct test_call *call)
{
	return call->used && !call->ended && slot_is_parked(call->slot);
}

/* The parked call whose turn it is; NULL: there is none, or a test of the core has parked a request
 * by itself and calls it by itself. */
static struct test_call *next_call(struct cuio_test *test)
{
	uint32_t slot = device_next_turn(test->device);
	uint32_t index = slot == SLOT_NONE ? CUIO_TEST_CALLS_MAX : slot_parked_index(slot);

	return index < CUIO_TEST_CALLS_MAX && is_parked(&test->calls[index]) ? &test->calls[index]
									     : NULL;
}

static void changed(struct device_listener *listener)
{
	struct cuio_test *test = container_of(listener, struct cuio_test, listener);
	struct test_call *call;

	while ((call = next_call(test)))
		serve(test, call);
}

void test_call_listen(struct cuio_test *test)
{
	test->listener.changed = changed;
	device_listen(test->device, &test->listener);
}

static void resume(struct cuio_test *test, struct test_call *call)
{
	if (device_crashes_inside(test->device, call->slot) == 0 && slot_is_parked(call->slot))
		return;
	if (device_is_poisoned(test->device, call->slot))
		test_call_cancel(test, call, -EIO);
	else if (!device_is_locked_for(test->device, call->slot))
		serve(test, call);
}

void test_call_resume(struct cuio_test *test)
{
	struct test_call *received = test->received;

	for (unsigned i = 0; i < CUIO_TEST_CALLS_MAX; i++)
		if (is_parked(&test->calls[i]))
			resume(test, &test->calls[i]);
	if (received && !received->ended)
		resume(test, received);
	/* Conditions may have become true while no process ran. */
	changed(&test->listener);
}

static void serve_received(struct cuio_test *test, void *context)
{
	serve(test, context);
	changed(&test->listener);
}

/* --- one call --------------------------------------------------------------------------------- */

void test_call_begin(struct cuio_test *test, struct test_call *call)
{
	call->slot = 0;
	test->received = call;
	test_guard(test, serve_received, call);
	if (!test->device && !call->ended)
		test_need_device(test);
}

void test_call_refuse(struct test_call *call, int error)
{
	call->ended = true;
	call->result = error;
}

static bool has_ended(struct cuio_test *test, void *context)
{
	const struct test_call *call = context;

	(void)test;
	return call->ended;
}

ssize_t test_call_finish(struct cuio_test *test, struct test_call *call)
{
	ssize_t result;

	if (!call->ended && !test_wait(test, has_ended, call, alarm_now() + TEST_PATIENCE)) {
		test_call_cancel(test, call, -EINTR);
		call->result = -ETIMEDOUT;
	}
	result = call->result;
	free_call(call);
	return result;
}

static void gather(struct test_call *call)
{
	size_t size = 0;

	make_room(call, call->fetch.in_size);
	for (size_t i = 0; i < call->fetch.n_in; i++) {
		memcpy(call->in + size, call->fetch.in[i].iov_base, call->fetch.in[i].iov_len);
		size += call->fetch.in[i].iov_len;
	}
}

/* An ioctl of an unrestricted driver starts without data, and device_fetch() names the parts that
 * are missing. For other drivers the number says which data there are. */
int test_call_fetch(struct cuio_test *test, struct test_call *call, int file, uint32_t number,
		    void *argument)
{
	for (test->rounds = 1;; test->rounds++) {
		struct request_record *record =
			test_request(test, REQUEST_IOCTL, (uint32_t)file, 0);
		int r;

		record->command = number;
		record->argument = (uintptr_t)argument;
		if (!device_fetches(test->device))
			argument_plan_encoded(record, &call->fetch);
		gather(call);
		record->in_size = (uint32_t)call->fetch.in_size;
		record->out_size = (uint32_t)call->fetch.out_size;
		if (!device_fetches(test->device))
			return 0;
		r = device_fetch(test->device, 0, call->in, &call->fetch);
		if (r <= 0)
			return r;
		if (test->rounds == 10)
			test_abort("ioctl 0x%x: pieces() asks for more and more", number);
	}
}
