/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that was stopped in a system call (ptrace(2)): the call starts again, unless a signal
 * with a handler came, too. Without that a program would see EINTR from calls that the kernel does
 * not start again by itself: those on files of FUSE, and epoll_wait(2).
 */
#ifndef HELPER_RESTART_CALL_H
#define HELPER_RESTART_CALL_H

#include <sys/types.h>

/* Does nothing for other calls, and on machines whose registers are not known here. */
void restart_call(pid_t thread);

#endif
