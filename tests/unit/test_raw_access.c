// SPDX-License-Identifier: GPL-2.0-or-later
// Who is root of the machine.
#include "base/raw_access.h"
#include "suite.h"
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(a_capability_is_a_bit_of_one_line)
{
	ck_assert(raw_access_capable("Name:\tx\nCapEff:\t0000000000020000\nCapBnd:\t0\n"));
	ck_assert(raw_access_capable("Name:\tx\nCapEff:\t000001ffffffffff\n"));
	ck_assert(!raw_access_capable("Name:\tx\nCapEff:\t000001fffffdffff\n"));
	/* Those that it may get are not those that it has. */
	ck_assert(!raw_access_capable("CapPrm:\t20000\nCapEff:\t0\nCapBnd:\t20000\n"));
	ck_assert(!raw_access_capable("Name:\tCapEff:\t20000\nCapPrm:\t0\n"));
	ck_assert(!raw_access_capable("Name:\tx\nCapEff:\t20000"));
	ck_assert(!raw_access_capable("Name:\tx\nCapEff:\t20000x\n"));
	ck_assert(!raw_access_capable(""));
}
END_TEST

START_TEST(the_initial_namespace_maps_all_in_one_line)
{
	ck_assert(raw_access_initial("         0          0 4294967295\n"));
	ck_assert(!raw_access_initial("         0          0          1\n"));
	ck_assert(!raw_access_initial("         0     100000      65536\n"));
	ck_assert(!raw_access_initial("         1          0 4294967295\n"));
	/* As systemd's PrivateUsers=full. */
	ck_assert(!raw_access_initial("         0          0          1\n"
				      "         1          1 4294967294\n"));
	ck_assert(!raw_access_initial("         0          0 4294967295\n"
				      "         1          1          1\n"));
	ck_assert(!raw_access_initial(""));
}
END_TEST

static void drop_capability(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		_exit(1);
	data[0].effective &= ~(1U << CAP_SYS_RAWIO);
	if (syscall(SYS_capset, &header, data) < 0)
		_exit(1);
}

static void enter_namespace(void)
{
	if (unshare(CLONE_NEWUSER) < 0)
		_exit(1);
}

static void stay(void)
{
}

/* Whether a child that has done this is root of the machine. */
static bool allowed_after(void (*change)(void))
{
	int told[2], status;
	bool allowed;
	char byte;
	pid_t child;

	ck_assert_int_eq(pipe(told), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		change();
		if (write(told[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(told[1]);
	/* Where it cannot be done there is nothing to tell. */
	allowed = read(told[0], &byte, 1) == 1 && raw_access_allowed((uint32_t)child);
	close(told[0]);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return allowed;
}

START_TEST(root_of_the_machine_is_told_from_others)
{
	ck_assert(!raw_access_allowed(0)); /* of another PID namespace */
	/* Tests may run as a user, or in a container. */
	if (!raw_access_allowed((uint32_t)getpid()) || raw_access_allowed(INT_MAX))
		return;
	ck_assert(allowed_after(stay));
	ck_assert(!allowed_after(drop_capability));
	ck_assert(!allowed_after(enter_namespace));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("raw_access");
	TCase *tc = tcase_create("raw_access");

	tcase_add_test(tc, a_capability_is_a_bit_of_one_line);
	tcase_add_test(tc, the_initial_namespace_maps_all_in_one_line);
	tcase_add_test(tc, root_of_the_machine_is_told_from_others);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
