// SPDX-License-Identifier: GPL-2.0-or-later
// One user cannot take all of what a card's users share: calls that wait, open files, and the
// memory of large calls.
#include "device/quota.h"
#include "front/request_store.h"
#include "kernel.h"
#include "mailbox.h"
#include "suite.h"
#include <cuio/ioctl.h>

#define WAITING_ONE  180U /* of one user, if nobody else is there */
#define OPENS_ONE    720U
#define CONTROL_ONE  90U
#define LARGE_ONE    12U
#define LARGE_SIZE   4096U
#define SOME_USER    1000U
#define ANOTHER_USER 1001U

static struct kernel *kernel;
static uint64_t file;

static void setup(void)
{
	kernel = kernel_new(&mailbox);
	file = kernel_open(kernel, O_RDWR);
}

static void teardown(void)
{
	kernel_free(kernel);
}

/* Whether a call of the user waits; if not, it is answered EBUSY. */
static bool waits(uint32_t uid, uint32_t size)
{
	static const uint8_t data[LARGE_SIZE];
	uint64_t unique;

	kernel->uid = uid;
	unique = size ? kernel_send_write(kernel, file, data, size, O_RDWR)
		      : kernel_send_read(kernel, file, 4, O_RDWR);
	/* What does not wait was answered before this: it is sent, and answered, after it. */
	kernel->uid = 0;
	kernel_send_ioctl(kernel, file, _IO('x', 1), NULL, 0, 0);
	kernel_receive(kernel);
	if (kernel->header.unique != unique)
		return true;
	ck_assert_int_eq(kernel->header.error, -EBUSY);
	kernel_receive(kernel);
	return false;
}

static uint32_t fill_waiting(uint32_t uid, uint32_t size)
{
	uint32_t n = 0;

	while (waits(uid, size))
		n++;
	return n;
}

static int try_open(uint32_t uid, uint32_t flags)
{
	kernel->uid = uid;
	return kernel_answer(kernel, kernel_send_open(kernel, flags));
}

static uint32_t fill_files(uint32_t uid, uint32_t flags)
{
	uint32_t n = 0;
	int error;

	while ((error = try_open(uid, flags)) == 0)
		n++;
	ck_assert_int_eq(error, -ENFILE);
	return n;
}

static void next_daemon(void)
{
	kernel_await_sleep(kernel->daemon);
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
}

START_TEST(a_share_is_three_quarters_of_what_others_leave)
{
	ck_assert(quota_allows(256, 179, 179, false));
	ck_assert(!quota_allows(256, 180, 180, false));
	ck_assert(quota_allows(256, 180, 0, false));
	ck_assert(quota_allows(256, 239, 2, false));
	ck_assert(!quota_allows(256, 239, 3, false));
	ck_assert(!quota_allows(256, 240, 0, false));
	ck_assert(quota_allows(256, 255, 255, true));
	ck_assert(!quota_allows(256, 256, 0, true));
	ck_assert(quota_is_plenty(256, 179));
	ck_assert(!quota_is_plenty(256, 180));
}
END_TEST

START_TEST(each_user_is_told_of_once)
{
	struct quota_told told = { 0 };

	ck_assert(quota_must_tell(&told, 7));
	ck_assert(!quota_must_tell(&told, 7));
	for (uint32_t i = 0; i < QUOTA_TOLD_MAX - 1; i++)
		ck_assert(quota_must_tell(&told, 100 + i));
	ck_assert(!quota_must_tell(&told, 99));
}
END_TEST

START_TEST(one_users_waiting_calls_leave_room_for_others)
{
	ck_assert_uint_eq(fill_waiting(SOME_USER, 0), WAITING_ONE);
	ck_assert_uint_eq(fill_waiting(ANOTHER_USER, 0), 45);
	next_daemon(); /* counts the same */
	ck_assert(!waits(SOME_USER, 0));
	ck_assert(!waits(ANOTHER_USER, 0));
	ck_assert(waits(SOME_USER + 2, 0));
	ck_assert_uint_eq(fill_waiting(0, 0), RECORD_WAITING - WAITING_ONE - 45 - 1);
}
END_TEST

START_TEST(so_do_his_large_ones)
{
	uint32_t value = 1;

	ck_assert_int_eq(kernel_answer(kernel, kernel_send_write(kernel, file, &value, 4, 0)), 0);
	ck_assert_uint_eq(fill_waiting(SOME_USER, LARGE_SIZE), LARGE_ONE);
	ck_assert(waits(SOME_USER, 4));
	next_daemon();
	ck_assert(!waits(SOME_USER, LARGE_SIZE));
	ck_assert_uint_eq(fill_waiting(ANOTHER_USER, LARGE_SIZE), 3);
	ck_assert_uint_eq(fill_waiting(0, LARGE_SIZE), 1);
}
END_TEST

START_TEST(one_users_files_leave_room_for_others)
{
	uint64_t one;

	ck_assert_uint_eq(fill_files(SOME_USER, O_RDWR), OPENS_ONE);
	next_daemon();
	ck_assert_int_eq(try_open(SOME_USER, O_RDWR), -ENFILE);
	ck_assert_int_eq(try_open(ANOTHER_USER, O_RDWR), 0);
	ck_assert_int_eq(try_open(0, O_RDWR), 0);
	one = 5; /* one of his */
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_eq(kernel_answer(kernel, kernel_send_release(kernel, one)), 0);
		one++;
	}
	ck_assert_int_eq(try_open(SOME_USER, O_RDWR), 0);
}
END_TEST

START_TEST(control_files_are_counted_apart)
{
	struct cuio_info info;
	uint64_t control, unique;
	uint8_t *data;

	fill_files(0, O_RDWR);
	fill_waiting(0, 0);
	ck_assert_uint_eq(fill_files(SOME_USER, O_ACCMODE), CONTROL_ONE);
	fill_files(ANOTHER_USER, O_ACCMODE);
	kernel->uid = 0;
	control = kernel_open(kernel, O_ACCMODE);
	unique = kernel_send_ioctl(kernel, control, CUIO_IOCTL_INFO, NULL, 0, sizeof(info));
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&info, data, sizeof(info));
	ck_assert_uint_eq(info.parked, RECORD_WAITING);
	ck_assert_uint_gt(info.open_files, RECORD_OPENS);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("front_quota");
	TCase *cases = tcase_create("quota");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, a_share_is_three_quarters_of_what_others_leave);
	tcase_add_test(cases, each_user_is_told_of_once);
	tcase_add_test(cases, one_users_waiting_calls_leave_room_for_others);
	tcase_add_test(cases, so_do_his_large_ones);
	tcase_add_test(cases, one_users_files_leave_room_for_others);
	tcase_add_test(cases, control_files_are_counted_apart);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
