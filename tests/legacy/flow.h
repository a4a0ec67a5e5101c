/* SPDX-License-Identifier: MIT */
/*
 * What the users of edu-flow share: memory in which they take turns, and in which each result that
 * comes out of the node is held against what was written into it.
 */
#ifndef FLOW_H
#define FLOW_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define FLOW_WRITERS 3
#define FLOW_READERS 3
#define FLOW_OTHERS  5
#define FLOW_USERS   (FLOW_WRITERS + FLOW_READERS + FLOW_OTHERS)

/* An interrupt that nobody but these programs raises. */
#define FLOW_IRQ 0x100

/*
 * What one writer writes: numbers of his own, of which any three in a row differ, for ever and
 * without a period that a loss could hide in.
 */
struct sequence {
	uint32_t state;
	unsigned int index;
};

/* How far one writer's results have come. Readers who pass each other report a later one first. */
struct expected {
	struct sequence next;
	uint64_t position;
	unsigned int n_passed;
	uint32_t passed[FLOW_READERS];
};

/* One process that uses the node. */
struct user {
	char name[16];
	void (*run)(struct user *user);
	unsigned int index; /* among its kind */
	uint32_t random;
	pid_t pid;
	const char *doing;
	uint64_t calls; /* that have come back as they should */
	bool ended;
};

struct flow {
	pthread_mutex_t lock;
	pthread_cond_t turn;	/* somebody may go on */
	pthread_cond_t reached; /* the number of calls or results that was asked for */

	uint32_t random;
	unsigned int round;
	unsigned int quota;		    /* what each writer writes in this round */
	unsigned int quotas[FLOW_WRITERS];  /* what is left of it */
	unsigned int tickets[FLOW_READERS]; /* what each reader may read, if not as below */
	unsigned int any_tickets;	    /* what whoever comes first may read */
	bool shared;			    /* any_tickets were handed out */
	bool hold;			    /* the next round begins with the readers alone */
	bool held;			    /* it has begun, nothing is written */
	bool ending, ended;		    /* after this round there is none; it is over */

	struct sequence written[FLOW_WRITERS];
	struct expected expected[FLOW_WRITERS];
	uint64_t numbers;    /* of each writer, at the end of this round */
	uint64_t round_goal; /* results at the end of this round */
	uint64_t results, calls, errors, edges, deaths;
	uint64_t results_goal, calls_goal;

	struct user users[FLOW_USERS];
};

extern struct flow *flow;

/* rounds.c: who may write and read how much, and whether what is read is what was written */

void rounds_begin(uint32_t seed);
/* Wait until it is WRITER's turn, and say what to write; false at the end. */
bool rounds_take_number(unsigned int writer, uint32_t *ret_number);
/* Wait until READER may take a result; false at the end. */
bool rounds_take_ticket(unsigned int reader);
/* One result has come out of the node. */
void rounds_account(const struct user *reader, uint32_t value);
/* Go on after a hold. */
void rounds_go(void);

/* users.c: one function a kind, each run in a process of its own */

void user_writer(struct user *user);
void user_reader(struct user *user);
void user_sleeper(struct user *user);
void user_opener(struct user *user);
void user_caller(struct user *user);
void user_waiter(struct user *user);
void user_mortal(struct user *user);

/* edu-flow.c */

/* Note that a call came back; false, and a word about it, if not with what was EXPECTED. */
bool flow_came_back(struct user *user, long long r, long long expected);
/* Something is wrong that is not the result of a call. */
__attribute__((format(printf, 2, 3))) void flow_wrong(const struct user *user, const char *format,
						      ...);
uint32_t flow_random(uint32_t *state);
/* Whether users that are in no round shall end. */
bool flow_is_ending(void);

#endif
