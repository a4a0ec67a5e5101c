/* SPDX-License-Identifier: MIT */
/*
 * What the parts of edu-legacy share: they find out one fact after the other about the node and
 * print each as a line "NAME: RESULT" that is the same in every run.
 */
#ifndef LEGACY_H
#define LEGACY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

extern const char *legacy_node;

/* facts.c: printing */

/* Print "NAME: RESULT"; NAME is printf-like, a fact's name is used once. */
__attribute__((format(printf, 2, 3))) void fact(const char *result, const char *name, ...);
/* The result of a system call: "4", or "-1 EAGAIN" with the errno of now. Valid until the next. */
const char *result(long long r);
/* The same with the value that the call gave: "4 value 120". By address, for it is read last. */
const char *result_value(long long r, const uint32_t *value);
/* "N of TOTAL" */
const char *result_count(unsigned int n, unsigned int total);
/* "REVENTS" of poll() and epoll, as names. */
const char *result_events(long long r, unsigned int events);
const char *yes_no(bool yes);
/* n! modulo 2^32 */
uint32_t factorial(uint32_t n);

/* node.c: the node, and calls in it that block */

/* Open the node, or end this process with a fact that says why not. */
int node_open(int flags);
/* Make the node idle: fetch what an earlier part has left in it. */
void node_settle(void);
/* Begin n! and wait until it is ready to be read. */
void node_make_ready(int fd, uint32_t n);
/* poll() of one file: its result, with the events that came. */
int node_poll(int fd, short events, int timeout, unsigned int *ret_events);
long node_write(int fd, uint32_t n);
long node_read(int fd, uint32_t *ret_value);

/* Whether TID of process PID is blocked in the system call now. */
bool is_in(pid_t pid, pid_t tid, long syscall);
/* Wait until TID of process PID is blocked in the system call, or has set *done. */
bool blocked_in(pid_t pid, pid_t tid, long syscall, const atomic_bool *done);

enum call_type {
	CALL_READ,
	CALL_WRITE,
	CALL_WAIT_IRQ,
	CALL_FACTORIAL
};

/* One call in a thread of its own; a part's stack owns it. */
struct call {
	enum call_type type;
	int fd;
	uint32_t value; /* in and out */
	long result;
	int error; /* errno, when result is -1 */
	pthread_t thread;
	atomic_int tid;
	atomic_bool done;
};

/* Start a call and return when it is blocked (true) or done (false). */
bool call_start(struct call *call, enum call_type type, int fd, uint32_t value);
/* Whether the call is still blocked, or blocked again. */
bool call_blocked(struct call *call);
/* Wait for the end of the call; returns its result, with errno. */
long call_finish(struct call *call);

/* The parts, each run in a process of its own. */
void part_open(void);
void part_ioctl(void);
void part_sizes(void);
void part_pointers(void);
void part_other_calls(void);
void part_nonblock(void);
void part_poll(void);
void part_epoll(void);
void part_signals(void);
void part_stop(void);
void part_sharing(void);
void part_interrupts(void);
void part_slow(void);
void part_crowd(void);
void part_reopen(void);

#endif
