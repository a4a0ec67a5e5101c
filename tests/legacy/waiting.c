// SPDX-License-Identifier: MIT
/* Facts about waiting without blocking in the node: O_NONBLOCK, poll, select and epoll. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cuio/edu.h>

#include "legacy.h"

/* read and write in each state of the node; the file must not block. */
static void nonblock_states(int fd, const char *how)
{
	uint32_t value = 0;

	fact(result(node_read(fd, &value)), "%s: read, idle", how);
	fact(result(node_write(fd, 9)), "%s: write, idle", how);
	fact(result(node_write(fd, 10)), "%s: write, begun", how);
	node_poll(fd, POLLIN, -1, &value);
	fact(result(node_write(fd, 10)), "%s: write, ready", how);
	fact(result_value(node_read(fd, &value), &value), "%s: read, ready", how);
	fact(result(node_read(fd, &value)), "%s: read, idle again", how);
}

void part_nonblock(void)
{
	int fd = node_open(O_RDWR | O_NONBLOCK);
	int no = 0, yes = 1;
	struct call call;
	uint32_t value;

	nonblock_states(fd, "O_NONBLOCK at open");
	value = 5;
	fact(result_value(ioctl(fd, EDU_IOCTL_FACTORIAL, &value), &value),
	     "factorial with O_NONBLOCK");
	close(fd);

	fd = node_open(O_RDWR);
	fact(result(fcntl(fd, F_SETFL, O_NONBLOCK)), "F_SETFL O_NONBLOCK");
	nonblock_states(fd, "O_NONBLOCK set after open");

	fact(result(fcntl(fd, F_SETFL, 0)), "F_SETFL 0");
	fact(yes_no(call_start(&call, CALL_READ, fd, 0)), "read blocks after F_SETFL 0");
	node_write(fd, 6);
	call_finish(&call);
	fact(result_value(call.result, &call.value), "read after F_SETFL 0");

	fact(result(ioctl(fd, FIONBIO, &yes)), "FIONBIO 1");
	nonblock_states(fd, "O_NONBLOCK by FIONBIO");
	fact(result(ioctl(fd, FIONBIO, &no)), "FIONBIO 0");
	fact(yes_no(call_start(&call, CALL_READ, fd, 0)), "read blocks after FIONBIO 0");
	node_write(fd, 7);
	call_finish(&call);
	fact(result_value(call.result, &call.value), "read after FIONBIO 0");
	close(fd);
}

struct poller {
	int fd;
	atomic_int tid;
	atomic_bool done;
	unsigned int events;
	int result;
};

static void *poller_run(void *data)
{
	struct poller *poller = data;
	struct epoll_event event = { 0 };

	/* In epoll's wait, whose system call has one number for 64 and 32 bit. */
	atomic_store(&poller->tid, (int)gettid());
	poller->result = epoll_wait(poller->fd, &event, 1, -1);
	poller->events = event.events;
	atomic_store(&poller->done, true);
	return NULL;
}

static void poll_states(int fd, int other)
{
	short both = POLLIN | POLLOUT;
	unsigned int events;
	uint32_t value = 0;
	int r;

	r = node_poll(fd, both, 0, &events);
	fact(result_events(r, events), "poll, idle");
	r = node_poll(fd, POLLIN, 0, &events);
	fact(result_events(r, events), "poll for IN, idle");
	r = node_poll(fd, POLLIN, 50, &events);
	fact(result_events(r, events), "poll for IN with a time-out");
	r = node_poll(fd, POLLPRI, 0, &events);
	fact(result_events(r, events), "poll for PRI");
	r = node_poll(fd, 0, 0, &events);
	fact(result_events(r, events), "poll for nothing");

	node_write(fd, 5);
	r = node_poll(fd, POLLIN, -1, &events);
	fact(result_events(r, events), "poll for IN, begun");
	r = node_poll(fd, both, 0, &events);
	fact(result_events(r, events), "poll, ready");
	r = node_poll(other, both, 0, &events);
	fact(result_events(r, events), "poll of another file, ready");
	r = node_poll(fd, POLLOUT, 0, &events);
	fact(result_events(r, events), "poll for OUT, ready");
	fact(result_value(node_read(other, &value), &value), "read by the other file");
	r = node_poll(fd, both, -1, &events);
	fact(result_events(r, events), "poll, idle again");
}

static void poll_select(int fd)
{
	fd_set in, out, except;
	struct timeval now = { 0 };
	uint32_t value = 0;
	int r;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&except);
	FD_SET(fd, &in);
	FD_SET(fd, &out);
	FD_SET(fd, &except);
	r = select(fd + 1, &in, &out, &except, &now);
	fact(result(r), "select, idle");
	fact(yes_no(FD_ISSET(fd, &in)), "select, idle: may be read");
	fact(yes_no(FD_ISSET(fd, &out)), "select, idle: may be written");
	fact(yes_no(FD_ISSET(fd, &except)), "select, idle: exception");
	node_write(fd, 8);
	FD_SET(fd, &in);
	r = select(fd + 1, &in, NULL, NULL, NULL);
	fact(result(r), "select, begun");
	FD_SET(fd, &in);
	FD_SET(fd, &out);
	r = select(fd + 1, &in, &out, NULL, &now);
	fact(result(r), "select, ready");
	fact(yes_no(FD_ISSET(fd, &in)), "select, ready: may be read");
	fact(yes_no(FD_ISSET(fd, &out)), "select, ready: may be written");
	fact(result_value(node_read(fd, &value), &value), "read after select");
}

void part_poll(void)
{
	int fd = node_open(O_RDWR), other = node_open(O_RDWR);

	poll_states(fd, other);
	poll_select(fd);
	close(other);
	close(fd);
}

static int epoll_of(int fd, uint32_t events)
{
	struct epoll_event event = { .events = events };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	fact(result(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)), "EPOLL_CTL_ADD %#x", events);
	return epoll;
}

static void epoll_fact(int epoll, int timeout, const char *name)
{
	struct epoll_event event = { 0 };
	int r = epoll_wait(epoll, &event, 1, timeout);

	fact(result_events(r, event.events), "%s", name);
}

static void epoll_level(int fd)
{
	int epoll = epoll_of(fd, EPOLLIN | EPOLLOUT);
	uint32_t value = 0;

	epoll_fact(epoll, 0, "epoll, idle");
	epoll_fact(epoll, 0, "epoll, idle, asked again");
	node_make_ready(fd, 10);
	epoll_fact(epoll, 0, "epoll, ready");
	epoll_fact(epoll, 0, "epoll, ready, asked again");
	node_read(fd, &value);
	epoll_fact(epoll, 0, "epoll, fetched");
	close(epoll);
}

static void epoll_edge(int fd)
{
	int epoll = epoll_of(fd, EPOLLIN | EPOLLET);
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	unsigned int i, edges = 0, more = 0;
	uint32_t value = 0;

	epoll_fact(epoll, 0, "edge, idle");
	node_write(fd, 11);
	epoll_fact(epoll, -1, "edge, begun");
	epoll_fact(epoll, 0, "edge, ready, asked again");
	fact(result(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event)), "EPOLL_CTL_MOD");
	epoll_fact(epoll, 0, "edge, ready, after EPOLL_CTL_MOD");
	fact(result_value(node_read(fd, &value), &value), "read after the edge");
	epoll_fact(epoll, 0, "edge, fetched");

	for (i = 0; i < 100; i++) {
		node_write(fd, i);
		edges += epoll_wait(epoll, &event, 1, -1) == 1;
		more += epoll_wait(epoll, &event, 1, 0) != 0;
		node_read(fd, &value);
		more += epoll_wait(epoll, &event, 1, 0) != 0;
	}
	fact(result_count(edges, 100), "edges of 100 results");
	fact(result_count(more, 200), "edges that are none");
	close(epoll);

	epoll = epoll_of(fd, EPOLLIN | EPOLLONESHOT);
	node_make_ready(fd, 3);
	epoll_fact(epoll, 0, "oneshot, ready");
	epoll_fact(epoll, 0, "oneshot, asked again");
	node_read(fd, &value);
	close(epoll);

	epoll = epoll_of(fd, EPOLLOUT | EPOLLET);
	epoll_fact(epoll, 0, "edge of OUT, idle");
	node_make_ready(fd, 4);
	epoll_fact(epoll, 0, "edge of OUT, ready");
	node_read(fd, &value);
	epoll_fact(epoll, -1, "edge of OUT, fetched");
	close(epoll);
}

/* A thread that is already in epoll_wait() when the result comes. */
static void epoll_blocked(int fd)
{
	struct poller poller = { .fd = epoll_of(fd, EPOLLIN | EPOLLRDNORM) };
	uint32_t value = 0;
	pthread_t thread;
	bool blocked;

	if (pthread_create(&thread, NULL, poller_run, &poller))
		abort();
	while (!atomic_load(&poller.tid))
		usleep(100);
	blocked = blocked_in(getpid(), atomic_load(&poller.tid), SYS_epoll_wait, &poller.done);
	fact(yes_no(blocked), "epoll_wait blocks");
	node_write(fd, 12);
	pthread_join(thread, NULL);
	fact(result(poller.result), "epoll_wait, woken");
	fact(yes_no(poller.events & EPOLLIN), "epoll_wait, woken by IN");
	node_read(fd, &value);
	close(poller.fd);
}

void part_epoll(void)
{
	int fd = node_open(O_RDWR);

	epoll_level(fd);
	epoll_edge(fd);
	epoll_blocked(fd);
	close(fd);
}
