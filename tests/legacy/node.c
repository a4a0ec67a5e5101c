// SPDX-License-Identifier: MIT
/* The node as edu-legacy uses it, and how it sees that a call is blocked: in /proc, never by time.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cuio/edu.h>

#include "legacy.h"

int node_open(int flags)
{
	int fd = open(legacy_node, flags);

	if (fd < 0) {
		fact(result(fd), "cannot open the node");
		exit(1);
	}
	return fd;
}

int node_poll(int fd, short events, int timeout, unsigned int *ret_events)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	int r = poll(&pfd, 1, timeout);

	*ret_events = (unsigned short)pfd.revents;
	return r;
}

long node_write(int fd, uint32_t n)
{
	return write(fd, &n, sizeof(n));
}

long node_read(int fd, uint32_t *ret_value)
{
	return read(fd, ret_value, sizeof(*ret_value));
}

void node_settle(void)
{
	int fd = node_open(O_RDWR | O_NONBLOCK);
	unsigned int events;
	uint32_t value;

	while (node_poll(fd, POLLIN | POLLOUT, -1, &events) == 1 && (events & POLLIN))
		node_read(fd, &value);
	close(fd);
}

void node_make_ready(int fd, uint32_t n)
{
	unsigned int events;

	if (node_write(fd, n) != sizeof(n) || node_poll(fd, POLLIN, -1, &events) != 1) {
		fact(result(-1), "cannot make a result ready");
		exit(1);
	}
}

/* The first line of /proc/PID/task/TID/NAME, or nothing. */
static void node_proc(pid_t pid, pid_t tid, const char *name, char text[static 256])
{
	char path[64];
	FILE *file;

	text[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", (int)pid, (int)tid, name);
	file = fopen(path, "re");
	if (!file)
		return;
	if (!fgets(text, 256, file))
		text[0] = '\0';
	fclose(file);
}

/* "syscall" begins with the number of the call, or with "running". */
static bool node_in_syscall(pid_t pid, pid_t tid, long syscall)
{
	char text[256];
	char *end;

	node_proc(pid, tid, "syscall", text);
	return strtol(text, &end, 10) == syscall && end != text;
}

/* In "stat" the state follows the name, which stands in parentheses. */
static bool node_sleeps(pid_t pid, pid_t tid)
{
	char text[256];
	const char *end;

	node_proc(pid, tid, "stat", text);
	end = strrchr(text, ')');
	return end && !strncmp(end, ") S", 3);
}

/*
 * A thread that has just been woken shows the call that it slept in until it runs, but no longer
 * that it sleeps.
 */
bool is_in(pid_t pid, pid_t tid, long syscall)
{
	return node_in_syscall(pid, tid, syscall) && node_sleeps(pid, tid) &&
	       node_in_syscall(pid, tid, syscall);
}

bool blocked_in(pid_t pid, pid_t tid, long syscall, const atomic_bool *done)
{
	while (!done || !atomic_load(done)) {
		if (is_in(pid, tid, syscall))
			return true;
		usleep(1000);
	}
	return false;
}

static void *call_run(void *data)
{
	struct call *call = data;

	atomic_store(&call->tid, (int)gettid());
	switch (call->type) {
	case CALL_READ:
		call->result = node_read(call->fd, &call->value);
		break;
	case CALL_WRITE:
		call->result = node_write(call->fd, call->value);
		break;
	case CALL_WAIT_IRQ:
		call->result = ioctl(call->fd, EDU_IOCTL_WAIT_IRQ, &call->value);
		break;
	case CALL_FACTORIAL:
		call->result = ioctl(call->fd, EDU_IOCTL_FACTORIAL, &call->value);
		break;
	}
	call->error = errno;
	atomic_store(&call->done, true);
	return NULL;
}

bool call_start(struct call *call, enum call_type type, int fd, uint32_t value)
{
	*call = (struct call){ .type = type, .fd = fd, .value = value };
	errno = pthread_create(&call->thread, NULL, call_run, call);
	if (errno) {
		fact(result(-1), "cannot start a thread");
		exit(1);
	}
	while (!atomic_load(&call->tid))
		usleep(100);
	return call_blocked(call);
}

bool call_blocked(struct call *call)
{
	static const long numbers[] = {
		[CALL_READ] = SYS_read,
		[CALL_WRITE] = SYS_write,
		[CALL_WAIT_IRQ] = SYS_ioctl,
		[CALL_FACTORIAL] = SYS_ioctl,
	};

	return blocked_in(getpid(), atomic_load(&call->tid), numbers[call->type], &call->done);
}

long call_finish(struct call *call)
{
	pthread_join(call->thread, NULL);
	errno = call->error;
	return call->result;
}
