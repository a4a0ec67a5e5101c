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
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOBODY	      65534 /* the kernel's overflow user and group, which owns nothing */
#define MEMORY	      (512UL << 20)
#define LIBRARY_FD    3
#define ANSWER_FD     4
#define FILTER_MAX    160
#define LOW_WORD(arg) (offsetof(struct seccomp_data, args[arg]) + (IS_BIG_ENDIAN ? 4 : 0))
#define IS_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

#if defined(__x86_64__) && !defined(__ILP32__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define ARCHITECTURE AUDIT_ARCH_I386
#elif defined(__aarch64__) && !IS_BIG_ENDIAN
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__arm__) && !IS_BIG_ENDIAN
#define ARCHITECTURE AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && !IS_BIG_ENDIAN
#define ARCHITECTURE AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define ARCHITECTURE AUDIT_ARCH_S390X
#elif defined(__loongarch64)
#define ARCHITECTURE AUDIT_ARCH_LOONGARCH64
#endif

/* --- system calls ----------------------------------------------------------------------------- */

#ifdef ARCHITECTURE
/* System calls of the loader, of malloc(3), and of constructors that read their environment. The
 * files that they reach are readable by all users. */
static const int allowed[] = {
	__NR_read,
	__NR_pread64,
	__NR_write,
	__NR_close,
	__NR_lseek,
	__NR_mprotect,
	__NR_munmap,
	__NR_mremap,
	__NR_brk,
	__NR_madvise,
	__NR_futex,
	__NR_exit,
	__NR_exit_group,
	__NR_getpid,
	__NR_gettid,
	__NR_getuid,
	__NR_geteuid,
	__NR_getgid,
	__NR_getegid,
	__NR_getrandom,
	__NR_clock_gettime,
	__NR_clock_getres,
	__NR_nanosleep,
	__NR_clock_nanosleep,
	__NR_sched_yield,
	__NR_uname,
	__NR_sysinfo,
	__NR_readlinkat,
	__NR_faccessat,
	__NR_getcwd,
	__NR_rt_sigaction,
	__NR_sigaltstack,
	__NR_rt_sigprocmask,
	__NR_rt_sigreturn,
	__NR_statx,
	__NR_sched_getaffinity,
	__NR_membarrier,
#ifdef __NR_mmap
	__NR_mmap,
#endif
#ifdef __NR_mmap2
	__NR_mmap2,
#endif
#ifdef __NR_fstat
	__NR_fstat,
#endif
#ifdef __NR_newfstatat
	__NR_newfstatat,
#endif
#ifdef __NR_fstat64
	__NR_fstat64,
#endif
#ifdef __NR_fstatat64
	__NR_fstatat64,
#endif
#ifdef __NR__llseek
	__NR__llseek,
#endif
#ifdef __NR_stat
	__NR_stat,
	__NR_lstat,
#endif
#ifdef __NR_access
	__NR_access,
	__NR_readlink,
#endif
#ifdef __NR_faccessat2
	__NR_faccessat2,
#endif
#ifdef __NR_arch_prctl
	__NR_arch_prctl,
#endif
#ifdef __NR_clock_gettime64
	__NR_clock_gettime64,
#endif
#ifdef __NR_futex_time64
	__NR_futex_time64,
#endif
#ifdef __NR_rseq
	__NR_rseq,
#endif
};

struct filter {
	struct sock_filter code[FILTER_MAX];
	unsigned short n;
};

static void add(struct filter *filter, unsigned code, uint32_t k, unsigned if_true,
		unsigned if_false)
{
	filter->code[filter->n++] = (struct sock_filter){
		.code = (uint16_t)code, .jt = (uint8_t)if_true, .jf = (uint8_t)if_false, .k = k
	};
}

static void answer(struct filter *filter, uint32_t action)
{
	add(filter, BPF_RET | BPF_K, action, 0, 0);
}

/* Allows the call `number` if its argument has none of these bits. */
static void allow_without(struct filter *filter, int number, unsigned argument, uint32_t bits)
{
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4);
	add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)LOW_WORD(argument), 0, 0);
	add(filter, BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0);
	answer(filter, SECCOMP_RET_ALLOW);
	answer(filter, SECCOMP_RET_ERRNO | EPERM);
}

/* For abort(3), which sends a signal to its own process. */
static void allow_own_signal(struct filter *filter)
{
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, __NR_tgkill, 0, 4);
	add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)LOW_WORD(0), 0, 0);
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 0, 1);
	answer(filter, SECCOMP_RET_ALLOW);
	answer(filter, SECCOMP_RET_ERRNO | EPERM);
}

static int limit_calls(void)
{
	const uint32_t changes = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
	struct filter filter = { .n = 0 };
	struct sock_fprog program;

	add(&filter, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
	add(&filter, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
	answer(&filter, SECCOMP_RET_KILL_PROCESS);
	add(&filter, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		add(&filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)allowed[i], 0, 1);
		answer(&filter, SECCOMP_RET_ALLOW);
	}
	allow_without(&filter, __NR_openat, 2, changes);
#ifdef __NR_open
	allow_without(&filter, __NR_open, 1, changes);
#endif
	allow_own_signal(&filter);
	answer(&filter, SECCOMP_RET_ERRNO | EPERM);
	program = (struct sock_fprog){ .len = filter.n, .filter = filter.code };
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 ? -errno : 0;
}
#else
/* The architecture's number for seccomp is unknown here: only the other limits apply. */
static int limit_calls(void)
{
	return 0;
}
#endif

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
