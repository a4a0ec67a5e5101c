// SPDX-License-Identifier: MIT
/* Facts about signals that come to a program while the node keeps it waiting. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cuio/edu.h>

#include "legacy.h"

static atomic_int signals_handled;

static void signals_handler(int number)
{
	(void)number;
	atomic_fetch_add(&signals_handled, 1);
}

static void signals_catch(int flags)
{
	struct sigaction action = { .sa_handler = signals_handler, .sa_flags = flags };

	sigaction(SIGINT, &action, NULL);
}

/* Send SIGINT to the thread of a blocked call; true when the call blocks again afterwards. */
static bool signals_interrupt(struct call *call)
{
	int before = atomic_load(&signals_handled);

	pthread_kill(call->thread, SIGINT);
	/* Only from here on can "blocked" no longer mean "not yet interrupted". */
	while (atomic_load(&signals_handled) == before)
		usleep(100);
	return call_blocked(call);
}

/* Let a call that blocks again come to its end. */
static void signals_release(struct call *call, int fd)
{
	uint32_t value;

	switch (call->type) {
	case CALL_READ:
		node_write(fd, call->value);
		break;
	case CALL_WRITE:
	case CALL_FACTORIAL:
		node_read(fd, &value);
		break;
	case CALL_WAIT_IRQ:
		ioctl(fd, EDU_IOCTL_RAISE_IRQ, 0x100UL);
		break;
	}
}

static const struct signals_call {
	enum call_type type;
	const char *name;
} signals_calls[] = {
	{ CALL_READ, "read" },
	{ CALL_WRITE, "write" },
	{ CALL_WAIT_IRQ, "EDU_IOCTL_WAIT_IRQ" },
	{ CALL_FACTORIAL, "EDU_IOCTL_FACTORIAL" },
};

static void signals_in(const struct signals_call *what, int fd, const char *how)
{
	struct call call;
	uint32_t value = 0;
	bool again;

	node_settle();
	if (what->type == CALL_WRITE || what->type == CALL_FACTORIAL)
		node_make_ready(fd, 6);
	fact(yes_no(call_start(&call, what->type, fd, 5)), "%s, %s: blocks", how, what->name);
	again = signals_interrupt(&call);
	fact(yes_no(again), "%s, %s: goes on after SIGINT", how, what->name);
	if (again)
		signals_release(&call, fd);
	fact(result(call_finish(&call)), "%s, %s: result", how, what->name);
	if (what->type == CALL_WRITE && call.result == sizeof(value)) {
		fact(result_value(node_read(fd, &value), &value), "%s, %s: what it began", how,
		     what->name);
	}
	node_settle();
}

/* Signals the thread that is given as soon as it is blocked in poll(). */
static void *signals_poll_interrupt(void *data)
{
	pthread_t *poller = data;

	blocked_in(getpid(), getpid(), SYS_poll, NULL);
	pthread_kill(*poller, SIGINT);
	return NULL;
}

static void signals_poll(int fd)
{
	pthread_t self = pthread_self(), thread;
	unsigned int events;
	int r;

	signals_catch(SA_RESTART);
	if (pthread_create(&thread, NULL, signals_poll_interrupt, &self))
		abort();
	r = node_poll(fd, POLLIN, -1, &events);
	fact(result(r), "SIGINT with SA_RESTART, poll: result");
	pthread_join(thread, NULL);
}

void part_signals(void)
{
	int fd = node_open(O_RDWR);
	uint32_t value = 0;
	size_t i;

	for (i = 0; i < sizeof(signals_calls) / sizeof(signals_calls[0]); i++) {
		signals_catch(0);
		signals_in(&signals_calls[i], fd, "SIGINT");
	}
	for (i = 0; i < sizeof(signals_calls) / sizeof(signals_calls[0]); i++) {
		signals_catch(SA_RESTART);
		signals_in(&signals_calls[i], fd, "SIGINT with SA_RESTART");
	}
	signals_poll(fd);
	node_make_ready(fd, 9);
	fact(result_value(node_read(fd, &value), &value), "read after all the signals");
	close(fd);
}

/* A child that blocks in a call, and tells by its exit status what came of it. */
static pid_t stop_child(const struct signals_call *what, int fd)
{
	uint32_t value = 0;
	pid_t pid;
	long r;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	if (what->type == CALL_READ)
		r = node_read(fd, &value);
	else
		r = ioctl(fd, EDU_IOCTL_WAIT_IRQ, &value);
	_exit(r < 0 ? errno : 0);
}

/* Whether a child that was continued blocks in its call again; false: it has ended. */
static bool stop_goes_on(pid_t pid, long number)
{
	siginfo_t info;

	/* Once the child says so itself, it is out of the call that was interrupted. */
	waitid(P_PID, (id_t)pid, &info, WEXITED | WCONTINUED | WNOWAIT);
	for (;;) {
		info.si_pid = 0;
		waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | WNOHANG);
		if (info.si_pid == pid)
			return false;
		if (is_in(pid, pid, number))
			return true;
		usleep(1000);
	}
}

static void stop_in(const struct signals_call *what, int fd)
{
	long number = what->type == CALL_READ ? SYS_read : SYS_ioctl;
	int status = 0;
	bool goes_on;
	pid_t pid;

	node_settle();
	pid = stop_child(what, fd);
	blocked_in(pid, pid, number, NULL);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	fact(yes_no(WIFSTOPPED(status)), "%s: stopped", what->name);
	kill(pid, SIGCONT);
	goes_on = stop_goes_on(pid, number);
	fact(yes_no(goes_on), "%s: goes on after SIGCONT", what->name);
	if (goes_on) {
		if (what->type == CALL_READ)
			node_write(fd, 4);
		else
			ioctl(fd, EDU_IOCTL_RAISE_IRQ, 0x100UL);
	}
	waitpid(pid, &status, 0);
	errno = WEXITSTATUS(status);
	fact(result(errno ? -1 : 0), "%s: result after SIGCONT", what->name);
	node_settle();
}

static void stop_kill(int fd)
{
	uint32_t value = 0;
	int status = 0;
	pid_t pid;

	pid = stop_child(&signals_calls[0], fd);
	blocked_in(pid, pid, SYS_read, NULL);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	fact(yes_no(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL), "blocked reader: killed");
	node_make_ready(fd, 7);
	fact(result_value(node_read(fd, &value), &value), "read after the kill");
}

void part_stop(void)
{
	int fd = node_open(O_RDWR);

	stop_in(&signals_calls[0], fd);
	stop_in(&signals_calls[2], fd);
	stop_kill(fd);
	close(fd);
}
