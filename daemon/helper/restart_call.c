/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers of x86: programs of 64 and of 32 bits. */
#include "helper/restart_call.h"
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

#ifdef __x86_64__

#define RESTART_NO_HANDLER 514 /* the kernel's ERESTARTNOHAND */
#define SEGMENT_32	   0x23

/* Calls that did nothing when they return EINTR. close(2) is none: it has closed the file. */
static bool is_restartable(unsigned long long number, bool is_32)
{
	static const unsigned short calls[] = {
		SYS_read,	  SYS_write,  SYS_readv,      SYS_writev,      SYS_pread64,
		SYS_pwrite64,	  SYS_preadv, SYS_pwritev,    SYS_ioctl,       SYS_open,
		SYS_openat,	  SYS_fsync,  SYS_epoll_wait, SYS_epoll_pwait,
#ifdef SYS_epoll_pwait2
		SYS_epoll_pwait2,
#endif
	};
	/* The same, from arch/x86/entry/syscalls/syscall_32.tbl. */
	static const unsigned short calls_32[] = { 3,  4, 145, 146, 180, 181, 333, 334,
						   54, 5, 295, 118, 256, 319, 441 };
	const unsigned short *table = is_32 ? calls_32 : calls;
	size_t n = is_32 ? sizeof(calls_32) / sizeof(*calls_32) : sizeof(calls) / sizeof(*calls);

	for (size_t i = 0; i < n; i++)
		if (table[i] == number)
			return true;
	return false;
}

void restart_call(pid_t thread)
{
	struct user_regs_struct registers;

	if (ptrace(PTRACE_GETREGS, thread, NULL, &registers) < 0)
		return;
	if ((long)registers.orig_rax < 0 || (int)registers.rax != -EINTR ||
	    !is_restartable(registers.orig_rax, registers.cs == SEGMENT_32))
		return;
	ptrace(PTRACE_POKEUSER, thread, (void *)offsetof(struct user, regs.rax),
	       (void *)(long)-RESTART_NO_HANDLER);
}

#else

void restart_call(pid_t thread)
{
	(void)thread;
}

#endif
