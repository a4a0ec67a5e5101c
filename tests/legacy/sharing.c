// SPDX-License-Identifier: MIT
/* Facts about who gets what: several files, threads and processes on one node. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cuio/edu.h>

#include "legacy.h"

/* Of two readers the first result goes to one, the second to the other. */
static void sharing_two_readers(int fd, int other)
{
	struct call calls[2];
	unsigned int first, second;

	fact(yes_no(call_start(&calls[0], CALL_READ, fd, 0)), "two readers: the first blocks");
	fact(yes_no(call_start(&calls[1], CALL_READ, other, 0)), "two readers: the second blocks");
	node_write(fd, 5);
	while (!atomic_load(&calls[0].done) && !atomic_load(&calls[1].done))
		usleep(1000);
	first = atomic_load(&calls[0].done) ? 0 : 1;
	second = 1 - first;
	call_finish(&calls[first]);
	fact(result_value(calls[first].result, &calls[first].value),
	     "two readers: the one that gets the result");
	fact(yes_no(call_blocked(&calls[second])), "two readers: the one that waits on");
	node_write(fd, 6);
	call_finish(&calls[second]);
	fact(result_value(calls[second].result, &calls[second].value),
	     "two readers: the next result");
}

/* Of two writers each waits until the result before is fetched. */
static void sharing_two_writers(int fd, int other)
{
	uint32_t a = 0, b = 0, c = 0;
	struct call calls[2];

	node_write(fd, 3);
	fact(yes_no(call_start(&calls[0], CALL_WRITE, fd, 4)), "two writers: the first blocks");
	fact(yes_no(call_start(&calls[1], CALL_WRITE, other, 4)), "two writers: the second blocks");
	fact(result_value(node_read(fd, &a), &a), "two writers: what was begun before");
	fact(result_value(node_read(fd, &b), &b), "two writers: one result");
	fact(result_value(node_read(fd, &c), &c), "two writers: the other result");
	fact(result(call_finish(&calls[0])), "two writers: the first");
	fact(result(call_finish(&calls[1])), "two writers: the second");
}

static void sharing_factorial_waits(int fd, int other)
{
	struct call call;
	uint32_t value = 0;

	node_make_ready(fd, 5);
	fact(yes_no(call_start(&call, CALL_FACTORIAL, other, 6)),
	     "EDU_IOCTL_FACTORIAL waits for a read");
	fact(result_value(node_read(fd, &value), &value), "the result it waited for");
	call_finish(&call);
	fact(result_value(call.result, &call.value), "its own result");
}

static void sharing_files(int fd)
{
	int other = node_open(O_RDWR), copy;
	uint32_t value = 0;

	node_write(fd, 8);
	fact(result_value(node_read(other, &value), &value), "read of another file's result");
	node_write(other, 9);
	fact(result(close(other)), "close with a computation begun");
	fact(result_value(node_read(fd, &value), &value), "read of a closed file's result");

	copy = dup(fd);
	node_write(copy, 10);
	fact(result(close(copy)), "close of a dup");
	fact(result_value(node_read(fd, &value), &value), "read after the close of a dup");
}

static void sharing_fork(int fd)
{
	uint32_t value = 0;
	int status = 0;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(node_write(fd, 11) == 4 ? 0 : 1);
	waitpid(pid, &status, 0);
	fact(result(WEXITSTATUS(status)), "write by a child");
	fact(result_value(node_read(fd, &value), &value), "read by its parent");

	node_write(fd, 5);
	pid = fork();
	if (!pid)
		_exit(node_read(fd, &value) == 4 ? (int)value : 1);
	waitpid(pid, &status, 0);
	fact(result(WEXITSTATUS(status)), "read by a child");
}

static void sharing_close(int fd)
{
	int closed = node_open(O_RDWR);
	struct call call;

	fact(yes_no(call_start(&call, CALL_READ, closed, 0)), "close under a reader: it blocks");
	fact(result(close(closed)), "close under a reader");
	fact(yes_no(call_blocked(&call)), "close under a reader: it waits on");
	node_write(fd, 12);
	call_finish(&call);
	fact(result_value(call.result, &call.value), "close under a reader: it gets the result");
}

void part_sharing(void)
{
	int fd = node_open(O_RDWR), other = node_open(O_RDWR);

	sharing_two_readers(fd, other);
	sharing_two_writers(fd, other);
	sharing_factorial_waits(fd, other);
	sharing_files(fd);
	sharing_fork(fd);
	sharing_close(fd);
	close(other);
	close(fd);
}

static void interrupts_raise(int fd)
{
	static const uint32_t bits[] = { 0x100, 0x2, 0x80000000, 0x12340 };
	struct call call;
	size_t i;

	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		fact(yes_no(call_start(&call, CALL_WAIT_IRQ, fd, 0)), "wait for %#x: blocks",
		     bits[i]);
		fact(result(ioctl(fd, EDU_IOCTL_RAISE_IRQ, (unsigned long)bits[i])), "raise %#x",
		     bits[i]);
		call_finish(&call);
		fact(result_value(call.result, &call.value), "wait for %#x", bits[i]);
	}
}

static void interrupts_many(int fd, int other)
{
	struct call calls[3];
	size_t i;

	for (i = 0; i < 3; i++)
		call_start(&calls[i], CALL_WAIT_IRQ, i == 1 ? other : fd, 0);
	ioctl(fd, EDU_IOCTL_RAISE_IRQ, 0x400UL);
	for (i = 0; i < 3; i++) {
		call_finish(&calls[i]);
		fact(result_value(calls[i].result, &calls[i].value), "three wait: number %zu", i);
	}
}

void part_interrupts(void)
{
	int fd = node_open(O_RDWR), other = node_open(O_RDWR);
	struct call call;
	uint32_t value = 0;

	interrupts_raise(fd);
	interrupts_many(fd, other);

	fact(yes_no(call_start(&call, CALL_WAIT_IRQ, other, 0)), "wait for a computation: blocks");
	node_write(fd, 6);
	call_finish(&call);
	fact(result_value(call.result, &call.value), "wait for a computation");
	fact(result_value(node_read(fd, &value), &value), "read after the wait");
	close(other);
	close(fd);
}

/* A computation of some seconds, which the ioctl does not wait for. */
void part_slow(void)
{
	int fd = node_open(O_RDWR | O_NONBLOCK);
	uint32_t value = 0xffffffff;
	unsigned int events;
	int r;

	fact(result(ioctl(fd, EDU_IOCTL_FACTORIAL, &value)), "factorial of 0xffffffff");
	fact(result(value == 0xffffffff), "its argument is unchanged");
	r = node_poll(fd, POLLIN | POLLOUT, 0, &events);
	fact(result_events(r, events), "poll after the time-out");
	fact(result(node_write(fd, 5)), "write after the time-out");
	fact(result(node_read(fd, &value)), "read after the time-out");
	r = node_poll(fd, POLLIN | POLLOUT, -1, &events);
	fact(result_events(r, events), "poll until the card is done");
	fact(result(node_write(fd, 5)), "write when the card is done");
	r = node_poll(fd, POLLIN, -1, &events);
	fact(result_value(node_read(fd, &value), &value), "read when the card is done");
	close(fd);
}
