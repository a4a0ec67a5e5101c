// SPDX-License-Identifier: GPL-2.0-or-later
// Batches of register accesses, over the channel, on a simulated edu.
#include "kernel.h"
#include "suite.h"
#include <cuio/batch.h>

static const char edu[] = "[Device]\nDescription=test\n"
			  "[Window w]\nBar=0\nSize=0x1000\n"
			  "[Simulator]\nModel=edu\n"
			  "[Register ident]\nOffset=0\nAccess=ro\n"
			  "[Register liveness]\nOffset=4\n"
			  "[Register factorial]\nOffset=8\n"
			  "[Register status]\nOffset=0x20\n"
			  "[Register raise]\nOffset=0x60\nAccess=wo\n";
enum {
	IDENT,
	LIVENESS,
	FACTORIAL,
	STATUS,
	RAISE
};

#define BUSY 1U

static const struct cuio_driver quiet = { .contract = CUIO_CONTRACT, .name = "quiet" };

static struct kernel *kernel;
static uint64_t control;
static struct cuio_batch_buffer batch;

static void setup(void)
{
	kernel = kernel_new_described(&quiet, edu);
	control = kernel_open(kernel, O_ACCMODE);
	cuio_batch_clear(&batch);
}

static void teardown(void)
{
	kernel_free(kernel);
}

static uint32_t batch_size(void)
{
	return (uint32_t)(sizeof(batch.head) + batch.head.n_steps * sizeof(batch.steps[0]));
}

static uint64_t send_batch(void)
{
	return kernel_send_ioctl(kernel, control, (uint32_t)CUIO_IOCTL_BATCH(batch.head.n_steps),
				 &batch, batch_size(), batch_size());
}

static int answer(uint64_t unique)
{
	uint8_t *data;
	int result = kernel_ioctl_answer(kernel, unique, &data);

	if (result >= 0)
		memcpy(&batch, data, batch_size());
	return result;
}

static int run(void)
{
	return answer(send_batch());
}

START_TEST(reads_and_writes_in_their_order)
{
	cuio_batch_read(&batch, IDENT, 0);
	cuio_batch_write(&batch, LIVENESS, 0, 0x12345678, ~0ULL);
	cuio_batch_read(&batch, LIVENESS, 0);
	cuio_batch_write(&batch, LIVENESS, 0, 0xff, 0xff);
	cuio_batch_read(&batch, LIVENESS, 0);
	ck_assert_int_eq(run(), 5);
	ck_assert_uint_eq(batch.head.stopped, 5);
	ck_assert_int_eq(batch.head.error, 0);
	ck_assert_uint_eq(cuio_batch_value(&batch, 0), 0x010000ed);
	ck_assert_uint_eq(cuio_batch_value(&batch, 2), 0xedcba987);
	/* The other bits are those that are read: the inverse of the first. */
	ck_assert_uint_eq(cuio_batch_value(&batch, 4), (uint32_t)~0xedcba9ffU);
}
END_TEST

START_TEST(until_waits_for_the_card)
{
	int result;

	cuio_batch_write(&batch, FACTORIAL, 0, 5, ~0ULL);
	cuio_batch_until(&batch, STATUS, 0, BUSY, BUSY, 0);
	cuio_batch_until(&batch, STATUS, 0, 0, BUSY, CUIO_STEP_TIMEOUT_MAX);
	result = cuio_batch_read(&batch, FACTORIAL, 0);
	ck_assert_int_eq(run(), 4);
	ck_assert_uint_eq(cuio_batch_value(&batch, 1), BUSY);
	ck_assert_uint_eq(cuio_batch_value(&batch, result), 120);
}
END_TEST

START_TEST(until_says_where_it_stopped)
{
	cuio_batch_read(&batch, IDENT, 0);
	cuio_batch_until(&batch, IDENT, 0, 1, 0xff, 2000);
	cuio_batch_write(&batch, LIVENESS, 0, 7, ~0ULL);
	ck_assert_int_eq(run(), 1);
	ck_assert_uint_eq(batch.head.stopped, 1);
	ck_assert_int_eq(batch.head.error, -ETIMEDOUT);
	ck_assert_uint_eq(cuio_batch_value(&batch, 0), 0x010000ed);
	ck_assert_uint_eq(cuio_batch_value(&batch, 1), 0xed);
	cuio_batch_clear(&batch);
	cuio_batch_read(&batch, LIVENESS, 0);
	ck_assert_int_eq(run(), 1);
	ck_assert_uint_eq(cuio_batch_value(&batch, 0), 0);
}
END_TEST

static void expect_refused(struct cuio_step step, int error)
{
	cuio_batch_clear(&batch);
	cuio_batch_write(&batch, LIVENESS, 0, 7, ~0ULL);
	cuio_batch_add(&batch, &step);
	ck_assert_int_eq(run(), 0);
	ck_assert_uint_eq(batch.head.stopped, 1);
	ck_assert_int_eq(batch.head.error, error);
}

START_TEST(bad_steps_change_nothing)
{
	expect_refused((struct cuio_step){ .kind = 9 }, -EINVAL);
	expect_refused((struct cuio_step){ CUIO_STEP_READ, 99, 0, 0, 0, ~0ULL }, -ENOENT);
	expect_refused((struct cuio_step){ CUIO_STEP_READ, LIVENESS, 1, 0, 0, ~0ULL }, -EINVAL);
	expect_refused((struct cuio_step){ CUIO_STEP_READ, RAISE, 0, 0, 0, ~0ULL }, -EACCES);
	expect_refused((struct cuio_step){ CUIO_STEP_WRITE, IDENT, 0, 0, 0, ~0ULL }, -EACCES);
	expect_refused((struct cuio_step){ CUIO_STEP_WRITE, LIVENESS, 0, 0, 1ULL << 32, ~0ULL },
		       -ERANGE);
	expect_refused((struct cuio_step){ CUIO_STEP_WRITE, RAISE, 0, 0, 1, 1 }, -EOPNOTSUPP);
	expect_refused((struct cuio_step){ CUIO_STEP_UNTIL, STATUS, 0, 0, 2, 1 }, -ERANGE);
	expect_refused((struct cuio_step){ CUIO_STEP_UNTIL, STATUS, 0, UINT32_MAX, 1, 1 }, -ERANGE);
	cuio_batch_clear(&batch);
	cuio_batch_read(&batch, LIVENESS, 0);
	ck_assert_int_eq(run(), 1);
	ck_assert_uint_eq(cuio_batch_value(&batch, 0), 0);
}
END_TEST

START_TEST(one_that_ends_in_no_step_is_only_checked)
{
	expect_refused((struct cuio_step){ .kind = CUIO_STEP_NONE }, -EINVAL);
	cuio_batch_clear(&batch);
	cuio_batch_read(&batch, LIVENESS, 0);
	ck_assert_int_eq(run(), 1);
	ck_assert_uint_eq(cuio_batch_value(&batch, 0), 0);
}
END_TEST

static int run_forged(uint32_t command, uint32_t size)
{
	uint8_t *data;

	return kernel_ioctl_answer(
		kernel, kernel_send_ioctl(kernel, control, command, &batch, size, size), &data);
}

START_TEST(counts_that_lie_are_refused)
{
	cuio_batch_read(&batch, IDENT, 0);
	batch.head.n_steps = 2;
	ck_assert_int_eq(run_forged((uint32_t)CUIO_IOCTL_BATCH(1), sizeof(batch.head) + 32),
			 -EINVAL);
	batch.head.n_steps = UINT32_MAX;
	ck_assert_int_eq(run_forged((uint32_t)CUIO_IOCTL_BATCH(1), sizeof(batch.head) + 32),
			 -EINVAL);
	ck_assert_int_eq(run_forged(_IOC(_IOC_READ | _IOC_WRITE, CUIO_IOCTL_TYPE,
					 CUIO_IOCTL_BATCH_NUMBER, 4),
				    4),
			 -EINVAL);
	batch.head.n_steps = 0;
	ck_assert_int_eq(run_forged((uint32_t)CUIO_IOCTL_BATCH(0), sizeof(batch.head)), 0);
}
END_TEST

/* The largest that fits into an ioctl. */
START_TEST(as_many_steps_as_fit)
{
	while (cuio_batch_read(&batch, IDENT, 0) >= 0)
		;
	ck_assert_uint_eq(batch.head.n_steps, CUIO_BATCH_STEPS_MAX);
	ck_assert_uint_le(batch_size(), 16383);
	ck_assert_int_eq(run(), CUIO_BATCH_STEPS_MAX);
	for (unsigned i = 0; i < CUIO_BATCH_STEPS_MAX; i++)
		ck_assert_uint_eq(cuio_batch_value(&batch, (int)i), 0x010000ed);
}
END_TEST

/* Requests are taken in their order: what was sent before waits by now. */
static void expect_waiting(void)
{
	struct cuio_info info;
	uint8_t *data;
	uint64_t unique =
		kernel_send_ioctl(kernel, control, CUIO_IOCTL_INFO, NULL, 0, sizeof(info));

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&info, data, sizeof(info));
	ck_assert_uint_eq(info.parked, 1);
}

/* Nobody comes between two steps, and what was read before a death is not lost by it. */
START_TEST(one_that_waits_outlives_the_daemon)
{
	uint64_t first, second;

	cuio_batch_read(&batch, IDENT, 0);
	cuio_batch_write(&batch, LIVENESS, 0, 0, ~0ULL);
	cuio_batch_until(&batch, IDENT, 0, 1, 0xff, 300000);
	first = send_batch();
	expect_waiting();
	second = kernel_send_ioctl(kernel, control, CUIO_IOCTL_WRITE,
				   &(struct cuio_access){ LIVENESS, 0, 1, UINT32_MAX },
				   sizeof(struct cuio_access), sizeof(struct cuio_access));
	kernel_await_sleep(kernel->daemon);
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	ck_assert_int_eq(answer(first), 2);
	ck_assert_int_eq(batch.head.error, -ETIMEDOUT);
	ck_assert_uint_eq(cuio_batch_value(&batch, 0), 0x010000ed);
	ck_assert_int_eq(kernel_answer(kernel, second), 0);
}
END_TEST

/* It is finished; who waits for the card is not. */
START_TEST(a_signal_does_not_end_it)
{
	uint64_t first, second;

	cuio_batch_until(&batch, IDENT, 0, 1, 0xff, 1000000);
	first = send_batch();
	expect_waiting();
	second = send_batch();
	kernel_send_interrupt(kernel, second);
	ck_assert_int_eq(answer(second), -EINTR);
	kernel_send_interrupt(kernel, first);
	ck_assert_int_eq(answer(first), 0);
	ck_assert_int_eq(batch.head.error, -ETIMEDOUT);
	cuio_batch_clear(&batch);
	cuio_batch_read(&batch, IDENT, 0);
	ck_assert_int_eq(run(), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("batch");
	TCase *cases = tcase_create("batch");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, reads_and_writes_in_their_order);
	tcase_add_test(cases, until_waits_for_the_card);
	tcase_add_test(cases, until_says_where_it_stopped);
	tcase_add_test(cases, bad_steps_change_nothing);
	tcase_add_test(cases, one_that_ends_in_no_step_is_only_checked);
	tcase_add_test(cases, counts_that_lie_are_refused);
	tcase_add_test(cases, as_many_steps_as_fit);
	tcase_add_test(cases, one_that_waits_outlives_the_daemon);
	tcase_add_test(cases, a_signal_does_not_end_it);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
