// SPDX-License-Identifier: GPL-2.0-or-later
// What libfuse answers by itself, over a socketpair: it goes to the channel at any time but when a
// successor's session is told of its past.
#include "kernel.h"
#include "mailbox.h"
#include "suite.h"
#include <errno.h>

static struct kernel *kernel;

static void setup(void)
{
	kernel = kernel_new(&mailbox);
}

static void setup_file(void)
{
	kernel = kernel_new_file(&mailbox);
}

static void teardown(void)
{
	kernel_free(kernel);
}

/* The very next message, also one that the kernel would refuse. */
static struct fuse_out_header receive(void)
{
	struct fuse_out_header message[64] = { 0 };
	ssize_t n;

	ck_assert_msg(kernel_has_answer(kernel, KERNEL_PATIENCE), "no answer: the daemon hangs");
	n = read(kernel->channel, message, sizeof(message));
	ck_assert_int_ge(n, (ssize_t)sizeof(message[0]));
	ck_assert_uint_eq(message[0].len, (uint32_t)n);
	return message[0];
}

/* Not before it is done with its last request: that would be answered twice. */
static void restart(void)
{
	kernel_await_sleep(kernel->daemon);
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
}

static void check_refusal(void)
{
	uint64_t unique = kernel_send(kernel, FUSE_READLINK, "", 0, NULL, 0);
	struct fuse_out_header answer = receive();

	ck_assert_uint_eq(answer.unique, unique);
	ck_assert_int_eq(answer.error, -ENOSYS);
}

START_TEST(what_a_node_has_not_is_enosys)
{
	check_refusal();
	restart();
	check_refusal();
	restart();
	check_refusal();
}
END_TEST

START_TEST(a_first_request_is_answered_once)
{
	uint64_t unique;
	struct fuse_out_header answer;

	for (unsigned i = 0; i < 2; i++) {
		restart();
		unique = kernel_send_open(kernel, O_RDWR);
		answer = receive();
		ck_assert_uint_eq(answer.unique, unique);
		ck_assert_int_eq(answer.error, 0);
	}
}
END_TEST

static void check_early_signal(void)
{
	uint64_t late = kernel->unique + 100, unique;
	struct fuse_out_header answer;

	kernel_send_interrupt(kernel, late);
	unique = kernel_send_open(kernel, O_RDWR);
	answer = receive();
	ck_assert_uint_eq(answer.unique, late | 1);
	ck_assert_int_eq(answer.error, -EAGAIN);
	ck_assert_uint_eq(receive().unique, unique);
}

START_TEST(a_signal_before_its_request_is_sent_back)
{
	check_early_signal();
	restart();
	check_early_signal();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("front_session");
	TCase *node = tcase_create("node"), *file = tcase_create("file");

	tcase_add_checked_fixture(node, setup, teardown);
	tcase_add_test(node, what_a_node_has_not_is_enosys);
	tcase_add_test(node, a_first_request_is_answered_once);
	tcase_add_test(node, a_signal_before_its_request_is_sent_back);
	suite_add_tcase(suite, node);
	tcase_add_checked_fixture(file, setup_file, teardown);
	tcase_add_test(file, a_first_request_is_answered_once);
	tcase_add_test(file, a_signal_before_its_request_is_sent_back);
	suite_add_tcase(suite, file);
	return suite_run(suite);
}
