// SPDX-License-Identifier: MIT
/*
 * Programs that use one edu node at the same time: three writers, three readers, a sleeper in
 * epoll, and others that open it, call ioctls, wait for interrupts and are killed. They know the
 * node and its header only, and hold every result against what it must be.
 *
 *	edu-flow [NODE [SEED]]
 *
 * It is asked by lines on its input, and answers each by one line; at the end of the input it ends.
 * Lines that begin with "#" say what was wrong, as it happens.
 *
 *	go		let the numbers flow: "flowing"
 *	hold		begin a round with the readers alone: "held N", when they all wait;
 *			N: results until then
 *	results N	wait for N more results: "results", and how many there were
 *	calls N		wait for N more calls to come back: "calls", and how many did
 *	counts		"NAME=VALUE ...": what was counted
 *	users		"NAME/PID/CALLS/DOING ...": each user, and the call it is in
 *	end		all come to their end: "ended"
 *
 * When an answer takes too long, there is a line "stuck " with what "users" says, and it waits on.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cuio/edu.h>

#include "flow.h"
#include "legacy.h"

#define WRONG_LINES 20 /* more of them tell nothing more */
#define PATIENCE    90 /* seconds */

const char *legacy_node = "/dev/edu";
struct flow *flow;

uint32_t flow_random(uint32_t *state)
{
	*state = *state * 1103515245 + 12345;
	return *state >> 8;
}

bool flow_is_ending(void)
{
	return __atomic_load_n(&flow->ending, __ATOMIC_RELAXED);
}

void flow_wrong(const struct user *user, const char *format, ...)
{
	char text[256];
	va_list ap;

	if (__atomic_add_fetch(&flow->errors, 1, __ATOMIC_RELAXED) > WRONG_LINES)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	dprintf(STDOUT_FILENO, "# %s: %s\n", user->name, text);
}

bool flow_came_back(struct user *user, long long r, long long expected)
{
	if (r != expected) {
		flow_wrong(user, "%s returned %s", user->doing, result(r));
		usleep(10000);
		return false;
	}
	user->calls++;
	pthread_mutex_lock(&flow->lock);
	if (++flow->calls == flow->calls_goal)
		pthread_cond_broadcast(&flow->reached);
	pthread_mutex_unlock(&flow->lock);
	return true;
}

/* --- begin and end --- */

static const struct {
	const char *name;
	void (*run)(struct user *user);
	unsigned int count;
} kinds[] = {
	{ "writer", user_writer, FLOW_WRITERS },
	{ "reader", user_reader, FLOW_READERS },
	{ "sleeper", user_sleeper, 1 },
	{ "opener", user_opener, 1 },
	{ "caller", user_caller, 1 },
	{ "waiter", user_waiter, 1 },
	{ "mortal", user_mortal, 1 },
};

static void make_flow(uint32_t seed)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;

	flow = mmap(NULL, sizeof(*flow), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (flow == MAP_FAILED)
		exit(1);
	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&flow->lock, &mutex);
	pthread_condattr_init(&cond);
	pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&flow->turn, &cond);
	pthread_cond_init(&flow->reached, &cond);
	rounds_begin(seed);
}

static void start_user(struct user *user)
{
	user->pid = fork();
	if (user->pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	user->pid = getpid();
	user->run(user);
	user->doing = "nothing";
	_exit(0);
}

static void start_users(uint32_t seed)
{
	struct user *user = flow->users;
	unsigned int i;
	size_t kind;

	for (kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
		for (i = 0; i < kinds[kind].count; i++, user++) {
			snprintf(user->name, sizeof(user->name), "%s%u", kinds[kind].name, i);
			user->run = kinds[kind].run;
			user->index = i;
			user->random = seed + (uint32_t)(user - flow->users) * 7919;
			user->doing = "begin";
			start_user(user);
		}
	}
}

static bool await_end(struct user *user, int options)
{
	int status = 0;

	if (!user->ended && waitpid(user->pid, &status, options) == user->pid) {
		user->ended = true;
		if (status)
			flow_wrong(user, "ended with status %#x", (unsigned int)status);
	}
	return user->ended;
}

/* Who waits for an interrupt shows nobody whether he waits already: raise until he has heard. */
static void end_waiter(struct user *user, int fd)
{
	while (!await_end(user, WNOHANG)) {
		ioctl(fd, EDU_IOCTL_RAISE_IRQ, (unsigned long)FLOW_IRQ);
		usleep(10000);
	}
}

/* Nobody else reads any more: the result stays until the sleeper has seen it. */
static void end_sleeper(struct user *user, int fd)
{
	uint32_t value = 0;

	flow_came_back(user, node_write(fd, 5), 4);
	await_end(user, 0);
	flow_came_back(user, node_read(fd, &value), 4);
	if (value != 120)
		flow_wrong(user, "the last result is %u, not 120", value);
}

static void end_users(void)
{
	int fd = node_open(O_RDWR);
	struct user *user;

	pthread_mutex_lock(&flow->lock);
	flow->ending = true;
	while (!flow->ended)
		pthread_cond_wait(&flow->reached, &flow->lock);
	pthread_mutex_unlock(&flow->lock);
	for (user = flow->users; user < flow->users + FLOW_USERS; user++) {
		if (user->run == user_waiter)
			end_waiter(user, fd);
		else if (user->run != user_sleeper)
			await_end(user, 0);
	}
	for (user = flow->users; user < flow->users + FLOW_USERS; user++) {
		if (user->run == user_sleeper)
			end_sleeper(user, fd);
	}
	close(fd);
}

/* --- what it is asked --- */

static uint64_t await(const uint64_t *count, uint64_t *goal, uint64_t more)
{
	uint64_t reached;

	pthread_mutex_lock(&flow->lock);
	*goal = *count + more;
	while (*count < *goal)
		pthread_cond_wait(&flow->reached, &flow->lock);
	reached = *count;
	pthread_mutex_unlock(&flow->lock);
	return reached;
}

/* Each of the readers asleep, in a call of its own style. */
static void hold(void)
{
	struct user *user;

	pthread_mutex_lock(&flow->lock);
	flow->hold = true;
	while (!flow->held)
		pthread_cond_wait(&flow->reached, &flow->lock);
	pthread_mutex_unlock(&flow->lock);
	for (user = flow->users; user < flow->users + FLOW_USERS; user++) {
		while (user->run == user_reader && !is_in(user->pid, user->pid, SYS_read) &&
		       !is_in(user->pid, user->pid, SYS_poll) &&
		       !is_in(user->pid, user->pid, SYS_epoll_wait))
			usleep(1000);
	}
	printf("held %" PRIu64 "\n", flow->results);
}

static void print_users(const char *first)
{
	const struct user *user;
	char text[2048];
	size_t n = 0;

	for (user = flow->users; user < flow->users + FLOW_USERS; user++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s/%d/%" PRIu64 "/%s",
				      n ? " " : "", user->name, (int)user->pid, user->calls,
				      user->ended ? "ended" : user->doing);
	dprintf(STDOUT_FILENO, "%s%s\n", first, text);
}

static void tell_stuck(int signal)
{
	(void)signal;
	print_users("stuck ");
}

static bool answer(const char *question, uint64_t number)
{
	if (!strcmp(question, "go")) {
		rounds_go();
		printf("flowing\n");
	} else if (!strcmp(question, "hold")) {
		hold();
	} else if (!strcmp(question, "results")) {
		printf("results %" PRIu64 "\n", await(&flow->results, &flow->results_goal, number));
	} else if (!strcmp(question, "calls")) {
		printf("calls %" PRIu64 "\n", await(&flow->calls, &flow->calls_goal, number));
	} else if (!strcmp(question, "counts")) {
		printf("results=%" PRIu64 " calls=%" PRIu64 " errors=%" PRIu64 " edges=%" PRIu64
		       " deaths=%" PRIu64 " rounds=%u\n",
		       flow->results, flow->calls, flow->errors, flow->edges, flow->deaths,
		       flow->round);
	} else if (!strcmp(question, "users")) {
		print_users("");
	} else if (!strcmp(question, "end")) {
		end_users();
		printf("ended\n");
		return false;
	} else {
		printf("there is no %s\n", question);
	}
	return true;
}

int main(int argc, char **argv)
{
	uint32_t seed = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 0) : 1;
	char line[64], question[16];
	uint64_t number;
	bool more = true;

	if (argc > 1 && argv[1][0] == '-') {
		fprintf(stderr, "usage: edu-flow [NODE [SEED]]\n");
		return 2;
	}
	if (argc > 1)
		legacy_node = argv[1];
	make_flow(seed);
	start_users(seed);
	signal(SIGALRM, tell_stuck);
	while (more && fgets(line, sizeof(line), stdin)) {
		number = 1;
		alarm(PATIENCE);
		if (sscanf(line, "%15s %" SCNu64, question, &number) > 0)
			more = answer(question, number);
		alarm(0);
		fflush(stdout);
	}
	return more || flow->errors ? 1 : 0;
}
