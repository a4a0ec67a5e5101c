// SPDX-License-Identifier: GPL-2.0-or-later
// A daemon that is killed after any instruction: single steps up to there, then SIGKILL, then a
// successor. Each request is answered once, and what it did is done once.
//
// CUIO_KILLED_STRIDE=1 in the environment tries every instruction (some minutes), default 397.
#include "kernel.h"
#include "mailbox.h"
#include "stepping.h"
#include "suite.h"
#include <cuio/ioctl.h>
#include <errno.h>
#include <sys/ptrace.h>

/* --- the kill ----------------------------------------------------------------------------------
 */

static struct kernel *kernel;
static uint64_t file;
static uint32_t next_value = 1;

/* One instruction further; false: it sleeps, there is nothing more to do. */
static bool step(pid_t pid)
{
	int status;

	ck_assert_int_eq(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
	for (;;) {
		pid_t r = waitpid(pid, &status, WNOHANG);

		if (r == pid)
			break;
		ck_assert_int_eq(r, 0);
		if (kernel_sleeps(pid) && waitpid(pid, &status, WNOHANG) == 0)
			return false;
	}
	ck_assert(WIFSTOPPED(status));
	return true;
}

static void stop_daemon(void)
{
	int status;

	kernel_await_sleep(kernel->daemon);
	ck_assert_int_eq(ptrace(PTRACE_SEIZE, kernel->daemon, NULL, NULL), 0);
	ck_assert_int_eq(ptrace(PTRACE_INTERRUPT, kernel->daemon, NULL, NULL), 0);
	ck_assert_int_eq(waitpid(kernel->daemon, &status, 0), kernel->daemon);
}

/* The daemon was stopped; it lives for so many instructions more. False: it needed fewer. */
static bool kill_after(unsigned long instructions)
{
	bool busy = true;

	for (unsigned long i = 0; i < instructions && busy; i++)
		busy = step(kernel->daemon);
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	return busy;
}

/* Every answer and wake-up that is there or still comes, until the daemon sleeps. */
static unsigned answers[4096];
static int errors[4096];
static uint32_t values[4096];
static unsigned wakes;

static void receive_all(void)
{
	kernel_await_sleep(kernel->daemon);
	while (kernel_has_answer(kernel, 0)) {
		struct iovec parts[] = { { &kernel->header, sizeof(kernel->header) },
					 { kernel->payload, sizeof(kernel->payload) } };
		unsigned index;

		ck_assert_int_ge(readv(kernel->channel, parts, 2), (ssize_t)sizeof(kernel->header));
		index = kernel->header.unique / 2 % 4096;
		if (kernel->header.unique == 0) {
			wakes++;
		} else if (!answers[index]++) { /* a second one gets ENOENT from a real kernel */
			errors[index] = kernel->header.error;
			memcpy(&values[index], kernel->payload, sizeof(uint32_t));
		}
	}
}

static bool answered(uint64_t unique)
{
	return answers[unique / 2 % 4096] != 0;
}

static int error_of(uint64_t unique)
{
	ck_assert_msg(answered(unique), "no answer to request %lu", (unsigned long)unique);
	return errors[unique / 2 % 4096];
}

static uint32_t value_of(uint64_t unique)
{
	ck_assert_int_eq(error_of(unique), 0);
	return values[unique / 2 % 4096];
}

static uint64_t fresh(uint64_t unique)
{
	answers[unique / 2 % 4096] = 0;
	return unique;
}

static uint64_t send_read(uint32_t flags)
{
	return fresh(kernel_send_read(kernel, file, 4, O_RDWR | flags));
}

static uint64_t send_write(uint32_t value)
{
	return fresh(kernel_send_write(kernel, file, &value, 4, O_RDWR));
}

static void expect_empty(void)
{
	uint64_t unique = send_read(O_NONBLOCK);

	receive_all();
	ck_assert_int_eq(error_of(unique), -EAGAIN);
}

static uint32_t open_files(void)
{
	uint64_t control = fresh(kernel_send_open(kernel, O_ACCMODE)), unique;
	struct cuio_info info;

	receive_all();
	ck_assert_int_eq(error_of(control), 0);
	control = ((struct fuse_open_out *)(void *)kernel->payload)->fh;
	unique = fresh(kernel_send_ioctl(kernel, control, CUIO_IOCTL_INFO, NULL, 0, sizeof(info)));
	receive_all();
	ck_assert_int_eq(error_of(unique), 0);
	memcpy(&info, kernel->payload + sizeof(struct fuse_ioctl_out), sizeof(info));
	fresh(kernel_send_release(kernel, control));
	receive_all();
	return info.open_files - 1;
}

/* --- what is under way when it is killed; `step` counts as many trials as it takes -------------
 */

static unsigned long stride(void)
{
	const char *text = getenv("CUIO_KILLED_STRIDE");
	unsigned long value = text ? strtoul(text, NULL, 10) : 0;

	return value ? value : 397;
}

#define EACH_KILL(instructions)                                                                    \
	for (unsigned long instructions = 0, busy = 1, by = stride(); busy; instructions += by)

static void setup(void)
{
	kernel = kernel_new(&mailbox);
	file = kernel_open(kernel, O_RDWR);
}

static void setup_file(void)
{
	kernel = kernel_new_file(&mailbox);
	file = kernel_open(kernel, O_RDWR);
}

static void teardown(void)
{
	kernel_free(kernel);
}

START_TEST(a_read_that_begins_to_wait)
{
	EACH_KILL(instructions)
	{
		uint32_t value = next_value++;
		uint64_t read, write;

		stop_daemon();
		read = send_read(0);
		busy = kill_after(instructions);
		receive_all();
		ck_assert(!answered(read));
		write = send_write(value);
		receive_all();
		ck_assert_int_eq(error_of(write), 0);
		ck_assert_uint_eq(value_of(read), value);
		write = send_write(value + 1); /* nobody waits for it any more */
		receive_all();
		read = send_read(O_NONBLOCK);
		receive_all();
		ck_assert_uint_eq(value_of(read), value + 1);
	}
}
END_TEST

START_TEST(a_write_that_begins_to_wait)
{
	EACH_KILL(instructions)
	{
		uint32_t value = next_value++;
		uint64_t first, second, read;

		first = send_write(value);
		receive_all();
		ck_assert_int_eq(error_of(first), 0);
		stop_daemon();
		second = send_write(value + 1000000);
		busy = kill_after(instructions);
		for (uint32_t i = 0; i < 2; i++) {
			read = send_read(O_NONBLOCK);
			receive_all();
			ck_assert_uint_eq(value_of(read), value + i * 1000000);
		}
		ck_assert_int_eq(error_of(second), 0);
		expect_empty();
	}
}
END_TEST

START_TEST(a_write_that_others_wait_for)
{
	EACH_KILL(instructions)
	{
		uint32_t value = next_value++;
		uint64_t reads[2], write;
		unsigned first;

		reads[0] = send_read(0);
		reads[1] = send_read(0);
		receive_all();
		stop_daemon();
		write = send_write(value);
		busy = kill_after(instructions);
		receive_all();
		ck_assert_int_eq(error_of(write), 0);
		ck_assert_int_eq(answered(reads[0]) + answered(reads[1]), 1);
		first = answered(reads[0]) ? 0 : 1;
		ck_assert_uint_eq(value_of(reads[first]), value);
		write = send_write(value + 1);
		receive_all();
		ck_assert_uint_eq(value_of(reads[!first]), value + 1);
		expect_empty();
	}
}
END_TEST

START_TEST(a_signal_for_one_who_waits)
{
	EACH_KILL(instructions)
	{
		uint64_t read = send_read(0);

		receive_all();
		stop_daemon();
		kernel_send_interrupt(kernel, read);
		busy = kill_after(instructions);
		receive_all();
		ck_assert_int_eq(error_of(read), -EINTR);
		send_write(1);
		receive_all();
		read = send_read(O_NONBLOCK);
		receive_all();
		ck_assert_uint_eq(value_of(read), 1);
	}
}
END_TEST

START_TEST(a_poll_that_begins_to_sleep)
{
	EACH_KILL(instructions)
	{
		uint64_t poll;

		stop_daemon();
		poll = fresh(kernel_send_poll(kernel, file, 9, CUIO_READY_IN));
		busy = kill_after(instructions);
		receive_all();
		ck_assert_int_eq(error_of(poll), 0);
		if (wakes == 0) {
			send_write(1);
			receive_all();
			ck_assert_uint_gt(wakes, 0);
			send_read(0);
			receive_all();
		}
		wakes = 0;
	}
}
END_TEST

START_TEST(a_sleeper_that_is_woken)
{
	EACH_KILL(instructions)
	{
		fresh(kernel_send_poll(kernel, file, 9, CUIO_READY_IN));
		receive_all();
		wakes = 0;
		stop_daemon();
		send_write(1);
		busy = kill_after(instructions);
		receive_all();
		ck_assert_uint_gt(wakes, 0);
		send_read(0);
		receive_all();
	}
}
END_TEST

START_TEST(a_call_that_must_not_be_done_again)
{
	uint32_t before = 0;

	EACH_KILL(instructions)
	{
		uint64_t call;

		stop_daemon();
		call = fresh(kernel_send_ioctl(kernel, file, MAILBOX_COUNT, NULL, 0, 4));
		busy = kill_after(instructions);
		/* Once more while the successor starts: it must not forget whose fault the first
		 * was. */
		usleep((unsigned)(instructions % 7) * 300);
		kernel_kill_daemon(kernel);
		kernel_start_daemon(kernel, false);
		receive_all();
		if (error_of(call) == 0)
			before++;
		else
			ck_assert_int_eq(error_of(call), -EIO);
		call = fresh(kernel_send_ioctl(kernel, file, MAILBOX_COUNT, NULL, 0, 4));
		receive_all();
		ck_assert_int_eq(error_of(call), 0);
		memcpy(&values[0], kernel->payload + sizeof(struct fuse_ioctl_out), 4);
		ck_assert_uint_eq(values[0], ++before);
	}
}
END_TEST

START_TEST(an_open_and_a_close)
{
	uint32_t before = open_files();

	EACH_KILL(instructions)
	{
		uint64_t open, release;

		stop_daemon();
		open = fresh(kernel_send_open(kernel, O_RDWR));
		busy = kill_after(instructions);
		receive_all();
		ck_assert_int_eq(error_of(open), 0);
		ck_assert_uint_eq(open_files(), before + 1);
		stop_daemon();
		release = fresh(kernel_send_release(kernel, values[open / 2 % 4096]));
		busy |= kill_after(instructions);
		receive_all();
		ck_assert_int_eq(error_of(release), 0);
		ck_assert_uint_eq(open_files(), before);
	}
}
END_TEST

/* --- a node whose ioctl numbers say nothing ----------------------------------------------------
 */

static void setup_unrestricted(void)
{
	static struct cuio_driver unrestricted;

	unrestricted = mailbox;
	unrestricted.unrestricted = true;
	kernel = kernel_new(&unrestricted);
	file = kernel_open(kernel, O_RDWR);
}

START_TEST(an_ioctl_that_is_sent_for_its_argument)
{
	EACH_KILL(instructions)
	{
		const struct fuse_ioctl_out *out = (void *)kernel->payload;
		uint64_t call;

		stop_daemon();
		call = fresh(kernel_send_ioctl(kernel, file, MAILBOX_COUNT, NULL, 0, 0));
		busy = kill_after(instructions);
		receive_all();
		ck_assert_int_eq(error_of(call), 0);
		ck_assert_uint_eq(out->flags, FUSE_IOCTL_RETRY);
		ck_assert_uint_eq(out->out_iovs, 1);
	}
}
END_TEST

/* What is asked of a file's name and attributes leaves nothing behind, and nobody without an
 * answer. */
START_TEST(questions_about_a_file)
{
	EACH_KILL(instructions)
	{
		struct fuse_getattr_in attributes = { 0 };
		uint64_t lookup, getattr, read;

		stop_daemon();
		kernel->inode = 1;
		lookup = fresh(kernel_send(kernel, FUSE_LOOKUP, "cuio-unit-test", 15, NULL, 0));
		kernel->inode = KERNEL_FILE;
		getattr = fresh(kernel_send(kernel, FUSE_GETATTR, &attributes, sizeof(attributes),
					    NULL, 0));
		read = send_read(O_NONBLOCK);
		busy = kill_after(instructions);
		receive_all();
		ck_assert_uint_eq(value_of(lookup), KERNEL_FILE);
		ck_assert_int_eq(error_of(getattr), 0);
		ck_assert_int_eq(error_of(read), -EAGAIN);
	}
}
END_TEST

static TCase *cases_of(const char *name, void (*begin)(void))
{
	TCase *cases = tcase_create(name);

	tcase_add_checked_fixture(cases, begin, teardown);
	tcase_set_timeout(cases, 1200);
	tcase_add_test(cases, a_read_that_begins_to_wait);
	tcase_add_test(cases, a_write_that_begins_to_wait);
	tcase_add_test(cases, a_write_that_others_wait_for);
	tcase_add_test(cases, a_signal_for_one_who_waits);
	tcase_add_test(cases, a_poll_that_begins_to_sleep);
	tcase_add_test(cases, a_sleeper_that_is_woken);
	tcase_add_test(cases, a_call_that_must_not_be_done_again);
	tcase_add_test(cases, an_open_and_a_close);
	return cases;
}

int main(void)
{
	Suite *suite = suite_create("front: killed after any instruction of");
	TCase *of_file = cases_of("kills, a file", setup_file), *cases;

	tcase_add_test(of_file, questions_about_a_file);
	suite_add_tcase(suite, cases_of("kills", setup));
	suite_add_tcase(suite, of_file);
	cases = tcase_create("kills of an unrestricted node");
	tcase_add_checked_fixture(cases, setup_unrestricted, teardown);
	tcase_set_timeout(cases, 1200);
	tcase_add_test(cases, an_ioctl_that_is_sent_for_its_argument);
	suite_add_tcase(suite, cases);
	step_on_one_cpu();
	return suite_run(suite);
}
