// SPDX-License-Identifier: GPL-2.0-or-later
// What a serving process has given up, each attempt in a process of its own.
#include "confinement.h"
#include "suite.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int config, other;

static void setup(void)
{
	config = memfd_create("config", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	other = memfd_create("other", MFD_CLOEXEC);
	ck_assert_int_eq(ftruncate(config, 256), 0);
	/* As in sysfs, nothing is written behind the end. */
	ck_assert_int_eq(fcntl(config, F_ADD_SEALS, F_SEAL_GROW), 0);
}

static void teardown(void)
{
	close(config);
	close(other);
}

/* errno of `attempt` in a confined process; 0: it succeeded. */
static int confined(const struct confinement *confinement, long (*attempt)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (confinement_enter(confinement) < 0)
			_exit(255);
		_exit(attempt() < 0 ? errno : 0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_ne(WEXITSTATUS(status), 255);
	return WEXITSTATUS(status);
}

static uint64_t word;
static size_t size;
static off_t offset;

static long write_there(void)
{
	return pwrite(config, &word, size, offset);
}

/* The kernel takes only the lower half of a descriptor. */
static long write_there_by_alias(void)
{
	return syscall(SYS_pwrite64, (1UL << 32) + (unsigned long)config, &word, size, offset);
}

static long write_on(void)
{
	return write(config, &word, 2);
}

static long seek(void)
{
	return lseek(config, 0, SEEK_SET);
}

static long write_parts(void)
{
	return writev(config, &(struct iovec){ &word, 2 }, 1);
}

static long write_parts_there(void)
{
	return pwritev(config, &(struct iovec){ &word, 2 }, 1, 4);
}

static long read_there(void)
{
	return pread(config, &word, 4, 0x10);
}

static long write_other(void)
{
	return write(other, &word, 8) < 0 ? -1 : pwrite(other, &word, 8, 0x10);
}

static long copy(void)
{
	return dup(config);
}

static long copy_to(void)
{
	return dup2(config, 99);
}

static long copy_above(void)
{
	return fcntl(config, F_DUPFD_CLOEXEC, 3);
}

static long ask_flags(void)
{
	return fcntl(config, F_GETFD);
}

static long receive(void)
{
	int pair[2];
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0 || sendmsg(pair[0], &message, 0) < 0)
		return 0;
	return recvmsg(pair[1], &message, 0);
}

static long run_program(void)
{
	return execl("/bin/true", "true", NULL);
}

static long filter_more(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
}

START_TEST(nothing_runs_and_no_descriptor_is_copied)
{
	const struct confinement confinement = { .config = -1 };

	ck_assert_int_eq(confined(&confinement, run_program), EPERM);
	ck_assert_int_eq(confined(&confinement, copy), EPERM);
	ck_assert_int_eq(confined(&confinement, copy_to), EPERM);
	ck_assert_int_eq(confined(&confinement, copy_above), EPERM);
	ck_assert_int_eq(confined(&confinement, receive), EPERM);
	ck_assert_int_eq(confined(&confinement, filter_more), EPERM);
	ck_assert_int_eq(confined(&confinement, ask_flags), 0);
	ck_assert_int_eq(confined(&confinement, write_on), 0);
}
END_TEST

static bool may_write(bool window, size_t how_much, off_t where)
{
	const struct confinement confinement = { .config = config, .config_window = window };
	int there, alias;

	size = how_much;
	offset = where;
	there = confined(&confinement, write_there);
	alias = confined(&confinement, write_there_by_alias);
	ck_assert_int_eq(there, alias);
	ck_assert(there == 0 || there == EPERM);
	return there == 0;
}

START_TEST(of_the_configuration_space_only_the_command_is_written)
{
	const struct confinement confinement = { .config = config };

	ck_assert(may_write(false, 2, 4));
	for (int i = 0; i < 256; i += i < 8 ? 1 : 23)
		for (size_t n = 1; n <= 8; n *= 2)
			ck_assert_int_eq(may_write(false, n, i), n == 2 && i == 4);
	ck_assert_int_eq(confined(&confinement, write_on), EPERM);
	ck_assert_int_eq(confined(&confinement, write_parts), EPERM);
	ck_assert_int_eq(confined(&confinement, seek), EPERM);
	ck_assert_int_eq(confined(&confinement, write_parts_there), EPERM);
	ck_assert_int_eq(confined(&confinement, read_there), 0);
	ck_assert_int_eq(confined(&confinement, write_other), 0);
}
END_TEST

START_TEST(a_window_of_it_begins_behind_the_header)
{
	for (int i = 0; i < 64; i += i < 18 ? 1 : 9) {
		ck_assert_int_eq(may_write(true, 2, i), i == 4);
		ck_assert_int_eq(may_write(true, 4, i), i == 4);
	}
	ck_assert(may_write(true, 1, 64));
	ck_assert(may_write(true, 4, 64));
	ck_assert(may_write(true, 4, 252));
	ck_assert(!may_write(true, 8, 64));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("confinement");
	TCase *cases = tcase_create("confinement");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, nothing_runs_and_no_descriptor_is_copied);
	tcase_add_test(cases, of_the_configuration_space_only_the_command_is_written);
	tcase_add_test(cases, a_window_of_it_begins_behind_the_header);
	tcase_set_timeout(cases, 60);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
