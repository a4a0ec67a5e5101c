// SPDX-License-Identifier: GPL-2.0-or-later
// The system calls of cuio/test.h.
#include "test/internal.h"
#include <errno.h>
#include <fcntl.h>

void cuio_test_set_caller(struct cuio_test *test, uint32_t uid, bool compat)
{
	test->uid = uid;
	test->compat = compat;
}

/* read(2) and write(2) use the flags of their open(2). */
static uint32_t file_flags(struct cuio_test *test, int file)
{
	struct layout layout;

	test_need_device(test);
	layout = test_layout(test);
	return file >= 0 && file < (int)RECORD_FILES ? layout_file(&layout, (uint32_t)file)->flags
						     : 0;
}

/* NULL: the node is a stream. */
static void set_position(struct request_record *record, const uint64_t *position)
{
	record->positioned = position != NULL;
	record->position = position ? *position : 0;
}

static struct test_call *begin_read(struct cuio_test *test, int file, void *data, size_t size,
				    const uint64_t *position)
{
	struct request_record *record =
		test_request(test, REQUEST_READ, (uint32_t)file, file_flags(test, file));
	struct test_call *call = test_call_new(test);

	if (size > CUIO_TRANSFER_MAX)
		test_abort("a read of more than CUIO_TRANSFER_MAX bytes comes in pieces");
	record->size = (uint32_t)size;
	set_position(record, position);
	call->to = data;
	call->to_size = size;
	test_call_begin(test, call);
	return call;
}

static struct test_call *begin_write(struct cuio_test *test, int file, const void *data,
				     size_t size, const uint64_t *position)
{
	struct request_record *record =
		test_request(test, REQUEST_WRITE, (uint32_t)file, file_flags(test, file));
	struct test_call *call = test_call_new(test);

	if (size > CUIO_TRANSFER_MAX)
		test_abort("a write of more than CUIO_TRANSFER_MAX bytes comes in pieces");
	record->in_size = (uint32_t)size;
	set_position(record, position);
	test_call_set_in(call, data, size);
	test_call_begin(test, call);
	return call;
}

static struct test_call *begin_ioctl(struct cuio_test *test, int file, uint32_t number,
				     void *argument)
{
	struct test_call *call = test_call_new(test);
	int r = test_call_fetch(test, call, file, number, argument);

	if (r == 0)
		test_call_begin(test, call);
	else
		test_call_refuse(call, r);
	return call;
}

int cuio_test_open(struct cuio_test *test, unsigned node, unsigned flags)
{
	struct test_call *call;

	test_request(test, REQUEST_OPEN, FILE_NONE, flags)->node = node;
	if (node >= test->instance->n_nodes)
		test_abort("the description has no node %u: it has %zu", node,
			   test->instance->n_nodes);
	call = test_call_new(test);
	test_call_begin(test, call);
	return (int)test_call_finish(test, call);
}

int cuio_test_close(struct cuio_test *test, int file)
{
	struct test_call *call;

	test_request(test, REQUEST_RELEASE, (uint32_t)file, 0);
	call = test_call_new(test);
	test_call_begin(test, call);
	return (int)test_call_finish(test, call);
}

ssize_t cuio_test_read(struct cuio_test *test, int file, void *data, size_t size)
{
	return test_call_finish(test, begin_read(test, file, data, size, NULL));
}

ssize_t cuio_test_write(struct cuio_test *test, int file, const void *data, size_t size)
{
	return test_call_finish(test, begin_write(test, file, data, size, NULL));
}

ssize_t cuio_test_pread(struct cuio_test *test, int file, void *data, size_t size,
			uint64_t position)
{
	return test_call_finish(test, begin_read(test, file, data, size, &position));
}

ssize_t cuio_test_pwrite(struct cuio_test *test, int file, const void *data, size_t size,
			 uint64_t position)
{
	return test_call_finish(test, begin_write(test, file, data, size, &position));
}

int cuio_test_ioctl(struct cuio_test *test, int file, uint32_t number, void *argument)
{
	return (int)test_call_finish(test, begin_ioctl(test, file, number, argument));
}

unsigned cuio_test_poll(struct cuio_test *test, int file)
{
	struct test_call *call;
	ssize_t result;

	test_request(test, REQUEST_POLL, (uint32_t)file, 0);
	call = test_call_new(test);
	test_call_begin(test, call);
	result = test_call_finish(test, call);
	return result < 0 ? CUIO_READY_ERR : (unsigned)result;
}

/* --- calls that wait while the test continues ------------------------------------------------- */

static int number_of(const struct cuio_test *test, const struct test_call *call)
{
	return (int)(call - test->calls);
}

static struct test_call *call_of(struct cuio_test *test, int number)
{
	if (number < 0 || number >= CUIO_TEST_CALLS_MAX || !test->calls[number].used)
		test_abort("there is no call %d: it was finished already", number);
	return &test->calls[number];
}

int cuio_test_begin_read(struct cuio_test *test, int file, void *data, size_t size)
{
	return number_of(test, begin_read(test, file, data, size, NULL));
}

int cuio_test_begin_write(struct cuio_test *test, int file, const void *data, size_t size)
{
	return number_of(test, begin_write(test, file, data, size, NULL));
}

int cuio_test_begin_ioctl(struct cuio_test *test, int file, uint32_t number, void *argument)
{
	return number_of(test, begin_ioctl(test, file, number, argument));
}

bool cuio_test_is_waiting(const struct cuio_test *test, int call)
{
	return !call_of((struct cuio_test *)test, call)->ended;
}

ssize_t cuio_test_finish(struct cuio_test *test, int call)
{
	return test_call_finish(test, call_of(test, call));
}

ssize_t cuio_test_cancel(struct cuio_test *test, int call)
{
	test_need_device(test);
	test_call_signal(test, call_of(test, call));
	return test_call_finish(test, call_of(test, call));
}
