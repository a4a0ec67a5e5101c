/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Restricts a process before it runs a plug-in's constructors to read its tables. It gives up root,
 * descriptors, unlimited memory and CPU time, and all system calls except those that the loader
 * needs. Needs neither privileges nor namespaces, which a service may not create.
 */
#include "driver/plugin/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define NOBODY	   65534 /* the kernel's overflow user and group, which owns nothing */
#define MEMORY	   (512UL << 20)
#define LIBRARY_FD 3
#define ANSWER_FD  4

/* --- system calls ----------------------------------------------------------------------------- */

/* System calls of the loader, of malloc(3), and of constructors that read their environment. The
 * files that they reach are readable by all users. */
static const int allowed[] = {
	SCMP_SYS(_llseek),
	SCMP_SYS(access),
	SCMP_SYS(arch_prctl),
	SCMP_SYS(brk),
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(close),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(fstatat64),
	SCMP_SYS(futex),
	SCMP_SYS(futex_time64),
	SCMP_SYS(getcwd),
	SCMP_SYS(getegid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getpid),
	SCMP_SYS(getrandom),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(lseek),
	SCMP_SYS(lstat),
	SCMP_SYS(madvise),
	SCMP_SYS(membarrier),
	SCMP_SYS(mmap),
	SCMP_SYS(mmap2),
	SCMP_SYS(mprotect),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(nanosleep),
	SCMP_SYS(newfstatat),
	SCMP_SYS(pread64),
	SCMP_SYS(read),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(rseq),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(stat),
	SCMP_SYS(statx),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
	SCMP_SYS(write),
};

static int allow(scmp_filter_ctx filter, int call, unsigned n,
		 const struct scmp_arg_cmp *conditions)
{
	int r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, n, conditions);

	/* A call that this machine does not have. */
	return r == -EDOM ? 0 : r;
}

static int allow_if(scmp_filter_ctx filter, int call, struct scmp_arg_cmp condition)
{
	return allow(filter, call, 1, &condition);
}

static int add_rules(scmp_filter_ctx filter)
{
	const scmp_datum_t changes = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
	int r = 0;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]) && r >= 0; i++)
		r = allow(filter, allowed[i], 0, NULL);
	if (r >= 0)
		r = allow_if(filter, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, changes, 0));
	if (r >= 0)
		r = allow_if(filter, SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, changes, 0));
	/* For abort(3), which sends a signal to its own process. */
	if (r >= 0)
		r = allow_if(filter, SCMP_SYS(tgkill),
			     SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
	return r;
}

static int limit_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int r;

	if (!filter)
		return -ENOMEM;
	r = add_rules(filter);
	if (r >= 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r;
}

/* --- other limits ----------------------------------------------------------------------------- */

static int leave_descriptors(int *library, int *answer)
{
	int from = fcntl(*library, F_DUPFD, ANSWER_FD + 1);
	int to = fcntl(*answer, F_DUPFD, ANSWER_FD + 1);
	int null = open("/dev/null", O_RDWR);

	if (from < 0 || to < 0 || null < 0)
		return -errno;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(null, fd) < 0)
			return -errno;
	if (dup2(from, LIBRARY_FD) < 0 || dup2(to, ANSWER_FD) < 0)
		return -errno;
	*library = LIBRARY_FD;
	*answer = ANSWER_FD;
	return close_range(ANSWER_FD + 1, ~0U, 0) < 0 ? -errno : 0;
}

static int leave_root(void)
{
	if (geteuid() != 0 && getuid() != 0)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return -errno;
	return getuid() == 0 || geteuid() == 0 ? -EPERM : 0;
}

static int limit_resources(void)
{
	const struct {
		__rlimit_resource_t resource;
		rlim_t soft, hard;
	} limits[] = {
		{ RLIMIT_CPU, SANDBOX_CPU, SANDBOX_CPU + 1 },
		{ RLIMIT_CORE, 0, 0 },
		{ RLIMIT_FSIZE, 0, 0 },
		{ RLIMIT_NOFILE, 64, 64 },
#ifndef __SANITIZE_ADDRESS__ /* its shadow memory is larger */
		{ RLIMIT_AS, MEMORY, MEMORY },
#endif
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit;

		if (getrlimit(limits[i].resource, &limit) < 0)
			return -errno;
		/* Lower limits are kept. */
		if (limit.rlim_max > limits[i].hard)
			limit.rlim_max = limits[i].hard;
		limit.rlim_cur = limits[i].soft < limit.rlim_max ? limits[i].soft : limit.rlim_max;
		if (setrlimit(limits[i].resource, &limit) < 0)
			return -errno;
	}
	return 0;
}

static int leave_privileges(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
		return -errno;
	return 0;
}

int sandbox_enter(int *library, int *answer, const char **ret_what)
{
	int r = leave_descriptors(library, answer);

	*ret_what = "descriptors";
	if (r >= 0) {
		*ret_what = "giving up root";
		r = leave_root();
	}
	if (r >= 0) {
		*ret_what = "limits";
		r = limit_resources();
	}
	if (r >= 0) {
		*ret_what = "privileges";
		r = leave_privileges();
	}
	if (r >= 0) {
		*ret_what = "system calls";
		r = limit_calls();
	}
	return r;
}
