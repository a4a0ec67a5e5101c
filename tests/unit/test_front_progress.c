// SPDX-License-Identifier: GPL-2.0-or-later
// A write that waits for room in the middle: who does not wait on is told how much of it is done.
#include "kernel.h"
#include "suite.h"
#include <errno.h>

#define ROOM 8U

struct queue {
	uint32_t used;
};

struct progress {
	uint32_t done;
};

static ssize_t fill(struct cuio_file *file, struct cuio_request *request, const void *data,
		    size_t size)
{
	struct queue *queue = cuio_device_state(cuio_file_device(file));
	struct progress *progress = cuio_request_state(request);

	(void)data;
	while (progress->done < size && queue->used < ROOM) {
		queue->used++;
		progress->done++;
	}
	if (progress->done == size)
		return (ssize_t)size;
	cuio_request_set_progress(request, progress->done);
	return cuio_not_yet;
}

/* Takes what there is; 0 where there is nothing. */
static ssize_t drain(struct cuio_file *file, struct cuio_request *request, void *data, size_t size)
{
	struct queue *queue = cuio_device_state(cuio_file_device(file));
	size_t n = queue->used < size ? queue->used : size;

	(void)request;
	memset(data, 'x', n);
	queue->used -= (uint32_t)n;
	return (ssize_t)n;
}

static const struct cuio_driver driver = {
	.contract = CUIO_CONTRACT,
	.name = "queue",
	.device_state = sizeof(struct queue),
	.request_state = sizeof(struct progress),
	.restartable = CUIO_RESTART_WRITE,
	.read = drain,
	.write = fill,
};

static struct kernel *kernel;
static uint64_t file;

static void setup(void)
{
	kernel = kernel_new(&driver);
	file = kernel_open(kernel, O_RDWR);
}

static void teardown(void)
{
	kernel_free(kernel);
}

static uint32_t written(uint64_t unique)
{
	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	return ((struct fuse_write_out *)(void *)kernel->payload)->size;
}

static void read_some(uint32_t size)
{
	uint64_t unique = kernel_send_read(kernel, file, size, 0);

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	ck_assert_uint_eq(kernel->payload_size, size);
}

START_TEST(a_write_waits_until_all_of_it_is_done)
{
	uint64_t write = kernel_send_write(kernel, file, "0123456789", 10, 0);

	ck_assert(!kernel_has_answer(kernel, 50));
	read_some(5);
	ck_assert_uint_eq(written(write), 10);
	read_some(5);
}
END_TEST

START_TEST(a_signal_ends_it_with_what_is_done)
{
	uint64_t write = kernel_send_write(kernel, file, "0123456789", 10, 0);
	uint64_t second = kernel_send_write(kernel, file, "abc", 3, 0);

	kernel_send_interrupt(kernel, write);
	ck_assert_uint_eq(written(write), 8);
	kernel_send_interrupt(kernel, second);
	ck_assert_int_eq(kernel_answer(kernel, second), -EINTR);
}
END_TEST

START_TEST(also_after_a_crash)
{
	uint64_t write = kernel_send_write(kernel, file, "0123456789abcdefghij", 20, 0);

	kernel_await_sleep(kernel->daemon);
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	read_some(3);
	kernel_send_interrupt(kernel, write);
	ck_assert_uint_eq(written(write), 11);
}
END_TEST

START_TEST(nonblock_is_told_what_fits)
{
	uint64_t write = kernel_send_write(kernel, file, "0123456789", 10, O_NONBLOCK);

	ck_assert_uint_eq(written(write), 8);
	write = kernel_send_write(kernel, file, "0123456789", 10, O_NONBLOCK);
	ck_assert_int_eq(kernel_answer(kernel, write), -EAGAIN);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("front_progress");
	TCase *tcase = tcase_create("front_progress");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_write_waits_until_all_of_it_is_done);
	tcase_add_test(tcase, a_signal_ends_it_with_what_is_done);
	tcase_add_test(tcase, also_after_a_crash);
	tcase_add_test(tcase, nonblock_is_told_what_fits);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
