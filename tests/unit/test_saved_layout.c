// SPDX-License-Identifier: GPL-2.0-or-later
// Saved memory that a daemon of layout 1 left when it was killed (layout-1.txt): the newer one goes
// on with it.
#include "base/checksum.h"
#include "image.h"
#include "leftover.h"
#include "suite.h"

#define LAYOUT_1 "tests/unit/layout-1.txt"

/* As it was when the image was made. */
static const struct leftover then = {
	.control = 0,
	.file = 1,
	.sleeping = 2,
	.small_write = 12,
	.large_write = 14,
};
#define LAST_UNIQUE_THEN 18
#define HOLDER_THEN	 0x1078 /* of the device's record */
#define TRANSACTION_THEN 0x14000

static struct kernel *kernel;
static struct image image;

static void setup(void)
{
	kernel = kernel_new(&mailbox);
	kernel_kill_daemon(kernel);
	image_load(&image, LAYOUT_1);
	kernel->unique = LAST_UNIQUE_THEN;
	kernel->answered[LAST_UNIQUE_THEN / 2] = true;
}

static void teardown(void)
{
	image_done(&image);
	kernel_free(kernel);
}

static void go_on(void)
{
	close(kernel->saved);
	kernel->saved = image_memory(&image);
	kernel_start_daemon(kernel, false);
}

START_TEST(who_waited_is_answered)
{
	go_on();
	leftover_check(kernel, &then);
}
END_TEST

START_TEST(a_commit_that_was_cut_short_is_finished)
{
	uint32_t *phase = image_at(&image, TRANSACTION_THEN);

	ck_assert_uint_eq(*phase, PHASE_IDLE);
	*phase = PHASE_COMMITTED;
	go_on();
	leftover_check(kernel, &then);
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
	uint32_t *lock_owner = image_at(&image, HOLDER_THEN);

	ck_assert_uint_eq(*lock_owner, SLOT_NONE);
	*lock_owner = 7777;
	go_on();
	ck_assert(kernel_is_refused(kernel));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("saved memory of layout 1");
	TCase *tests = tcase_create("layout 1");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, who_waited_is_answered);
	tcase_add_test(tests, a_commit_that_was_cut_short_is_finished);
	tcase_add_test(tests, what_cannot_be_is_refused);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
