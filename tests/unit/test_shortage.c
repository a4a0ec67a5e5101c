// SPDX-License-Identifier: GPL-2.0-or-later
// What is short for a moment is tried again, a bounded number of times, with a growing delay.
#include "base/shortage.h"
#include "suite.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char folder[64];
static unsigned slept; /* ms */
static unsigned last;  /* ms */

/* Instead of the C library's. */
int usleep(useconds_t microseconds)
{
	last = microseconds / 1000;
	slept += last;
	return 0;
}

static void setup(void)
{
	strcpy(folder, "/tmp/cuio-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	setenv("RUNTIME_DIRECTORY", folder, 1);
	slept = last = 0;
}

static void teardown(void)
{
	shortage_over();
	ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(only_what_may_pass_is_a_shortage)
{
	const int passing[] = { -ENOMEM, -EMFILE, -ENFILE, -ENOSPC, -EAGAIN, -ETIMEDOUT };
	const int lasting[] = { 0, 1, ENOMEM, -EINVAL, -ENODEV, -EPERM, -ESTALE, -EBADMSG, -ELOOP };
	struct shortage shortage = { 0 };

	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		ck_assert(shortage_is(passing[i]));
	for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++) {
		ck_assert(!shortage_is(lasting[i]));
		ck_assert(!shortage_wait(&shortage, lasting[i], "test"));
		ck_assert(!shortage_again(lasting[i]));
	}
	ck_assert_uint_eq(slept, 0);
}
END_TEST

START_TEST(a_process_tries_again_and_gives_up)
{
	struct shortage shortage = { 0 };
	unsigned tries = 1;

	while (shortage_wait(&shortage, -ENOSPC, "test"))
		tries++;
	ck_assert_uint_eq(tries, 10);
	ck_assert_uint_eq(last, 3200);
	ck_assert_uint_eq(slept, 50 + 100 + 200 + 400 + 800 + 1600 + 3 * 3200);
}
END_TEST

START_TEST(processes_try_again_and_give_up)
{
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 9; i++)
			ck_assert(shortage_again(-ENFILE));
		ck_assert_uint_eq(last, 3200);
		ck_assert(!shortage_again(-ENFILE));
	}
}
END_TEST

START_TEST(one_that_is_ready_begins_the_count_anew)
{
	for (unsigned i = 0; i < 5; i++)
		ck_assert(shortage_again(-ENOMEM));
	ck_assert_uint_eq(last, 800);
	shortage_over();
	ck_assert(shortage_again(-ENOMEM));
	ck_assert_uint_eq(last, 50);
}
END_TEST

START_TEST(what_is_short_is_found_also_when_the_error_does_not_say_it)
{
	struct rlimit few = { 0 }, before;

	ck_assert_int_eq(shortage_look(), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	few.rlim_cur = 3;
	few.rlim_max = before.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	int found = shortage_look();
	bool again = shortage_again(-EINVAL);

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert_int_eq(found, -EMFILE);
	ck_assert(again);
}
END_TEST

START_TEST(outside_a_service_no_process_follows)
{
	unsetenv("RUNTIME_DIRECTORY");
	ck_assert(!shortage_again(-ENOMEM));
	setenv("RUNTIME_DIRECTORY", folder, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("shortage");
	TCase *cases = tcase_create("shortage");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, only_what_may_pass_is_a_shortage);
	tcase_add_test(cases, a_process_tries_again_and_gives_up);
	tcase_add_test(cases, processes_try_again_and_give_up);
	tcase_add_test(cases, one_that_is_ready_begins_the_count_anew);
	tcase_add_test(cases, what_is_short_is_found_also_when_the_error_does_not_say_it);
	tcase_add_test(cases, outside_a_service_no_process_follows);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
