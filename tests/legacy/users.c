// SPDX-License-Identifier: MIT
/* The programs of edu-flow. Each holds its files open from its begin to its end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cuio/edu.h>

#include "flow.h"
#include "legacy.h"

/* The ways to wait for one's turn at the node. */
enum style {
	STYLE_BLOCK,
	STYLE_POLL,
	STYLE_EPOLL,
	STYLES
};

struct files {
	int block, poll, edge; /* one open file for each style */
	int epoll;
};

static int epoll_of(int fd, uint32_t events)
{
	struct epoll_event event = { .events = events | EPOLLET };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
	return epoll;
}

static struct files open_all(uint32_t events)
{
	struct files files = {
		.block = node_open(O_RDWR),
		.poll = node_open(O_RDWR | O_NONBLOCK),
		.edge = node_open(O_RDWR | O_NONBLOCK),
	};

	files.epoll = epoll_of(files.edge, events);
	return files;
}

static enum style style_now(const struct user *user)
{
	return (flow->round / 2 + user->index) % STYLES;
}

/* A program does other things, too. */
static void think(struct user *user)
{
	if (flow_random(&user->random) % 8 == 0)
		usleep(flow_random(&user->random) % 2000);
}

static void check_events(struct user *user, unsigned int got, unsigned int wanted)
{
	if (got & ~wanted)
		flow_wrong(user, "%s gave the events %#x", user->doing, got);
}

static void wait_by_poll(struct user *user, int fd, short events)
{
	unsigned int got = 0;

	user->doing = "poll";
	flow_came_back(user, node_poll(fd, events, -1, &got), 1);
	check_events(user, got, (unsigned short)events);
}

static void wait_by_epoll(struct user *user, int epoll, uint32_t events)
{
	struct epoll_event event = { 0 };

	user->doing = "epoll_wait";
	flow_came_back(user, epoll_wait(epoll, &event, 1, -1), 1);
	check_events(user, event.events, events);
}

/* --- writers and readers --- */

static long transfer(struct user *user, bool writes, int fd, uint32_t *number)
{
	user->doing = writes ? "write" : "read";
	return writes ? node_write(fd, *number) : node_read(fd, number);
}

/* One number to the node or from it, by whatever way is in style. */
static bool move(struct user *user, const struct files *files, bool writes, uint32_t *number)
{
	const uint32_t events = writes ? EPOLLOUT : EPOLLIN;
	enum style style = style_now(user);
	int fd = style == STYLE_BLOCK  ? files->block
		 : style == STYLE_POLL ? files->poll
				       : files->edge;
	long r;

	for (;;) {
		if (style == STYLE_POLL)
			wait_by_poll(user, fd, (short)events);
		r = transfer(user, writes, fd, number);
		if (style == STYLE_BLOCK || r >= 0 || errno != EAGAIN)
			break;
		if (style == STYLE_EPOLL)
			wait_by_epoll(user, files->epoll, events);
	}
	return flow_came_back(user, r, sizeof(*number));
}

void user_writer(struct user *user)
{
	struct files files = open_all(EPOLLOUT);
	uint32_t number;

	while (rounds_take_number(user->index, &number)) {
		while (!move(user, &files, true, &number))
			;
		user->doing = "rest";
		think(user);
	}
}

void user_reader(struct user *user)
{
	struct files files = open_all(EPOLLIN);
	uint32_t value = 0;

	while (rounds_take_ticket(user->index)) {
		while (!move(user, &files, false, &value))
			;
		user->doing = "account";
		rounds_account(user, value);
		user->doing = "rest";
		think(user);
	}
}

/* --- those that look on --- */

/* Takes nothing, and is woken each time that a result comes, if it was asleep. */
void user_sleeper(struct user *user)
{
	int fd = node_open(O_RDWR), epoll = epoll_of(fd, EPOLLIN);

	while (!flow_is_ending()) {
		wait_by_epoll(user, epoll, EPOLLIN);
		__atomic_fetch_add(&flow->edges, 1, __ATOMIC_RELAXED);
	}
}

void user_opener(struct user *user)
{
	static const int flags[] = { O_RDWR, O_RDONLY, O_WRONLY, O_RDWR | O_NONBLOCK };
	unsigned int i;
	int fd;

	for (i = 0; !flow_is_ending(); i++) {
		user->doing = "open";
		fd = open(legacy_node, flags[i % 4]);
		if (!flow_came_back(user, fd < 0 ? -1 : 0, 0))
			continue;
		user->doing = "close";
		flow_came_back(user, close(fd), 0);
		think(user);
	}
}

/* One ioctl, whose result nobody else's doing can change. */
static void call(struct user *user, int fd, unsigned int which)
{
	uint32_t argument = flow_random(&user->random), value = argument, expected;

	switch (which) {
	case 0:
		user->doing = "EDU_IOCTL_LIVENESS";
		expected = ~argument;
		flow_came_back(user, ioctl(fd, EDU_IOCTL_LIVENESS, &value), 0);
		break;
	case 1:
		user->doing = "EDU_IOCTL_IDENT";
		expected = 0x010000ed;
		flow_came_back(user, ioctl(fd, EDU_IOCTL_IDENT, &value), 0);
		break;
	case 2:
		user->doing = "EDU_IOCTL_FACTORIAL";
		value = argument % 40;
		expected = factorial(value);
		flow_came_back(user, ioctl(fd, EDU_IOCTL_FACTORIAL, &value), 0);
		break;
	default:
		user->doing = "EDU_IOCTL_RAISE_IRQ";
		expected = value;
		flow_came_back(user, ioctl(fd, EDU_IOCTL_RAISE_IRQ, (unsigned long)FLOW_IRQ), 0);
		break;
	}
	if (value != expected)
		flow_wrong(user, "%s of %#x gave %#x, not %#x", user->doing, argument, value,
			   expected);
}

void user_caller(struct user *user)
{
	int fd = node_open(O_RDWR);
	unsigned int i;

	for (i = 0; !flow_is_ending(); i++) {
		call(user, fd, i % 4);
		think(user);
	}
}

void user_waiter(struct user *user)
{
	int fd = node_open(O_RDWR);
	uint32_t cause;

	while (!flow_is_ending()) {
		cause = 0;
		user->doing = "EDU_IOCTL_WAIT_IRQ";
		flow_came_back(user, ioctl(fd, EDU_IOCTL_WAIT_IRQ, &cause), 0);
		if (!cause || (cause & ~(uint32_t)(EDU_IRQ_FACTORIAL | FLOW_IRQ)))
			flow_wrong(user, "an interrupt with the cause %#x", cause);
	}
}

/* --- one that dies --- */

static void die_at_the_node(void)
{
	uint32_t cause;
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		fd = open(legacy_node, O_RDWR);
		ioctl(fd, EDU_IOCTL_WAIT_IRQ, &cause);
		close(fd);
	}
}

/* Its children are killed in whatever they do at the node, and must come to their end. */
void user_mortal(struct user *user)
{
	int status = 0;
	pid_t pid;

	while (!flow_is_ending()) {
		pid = fork();
		if (!pid)
			die_at_the_node();
		usleep(flow_random(&user->random) % 200000);
		kill(pid, SIGKILL);
		user->doing = "waitpid";
		if (flow_came_back(user, waitpid(pid, &status, 0), pid))
			__atomic_fetch_add(&flow->deaths, 1, __ATOMIC_RELAXED);
	}
}
