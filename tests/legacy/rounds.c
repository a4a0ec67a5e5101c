// SPDX-License-Identifier: MIT
/*
 * In each round the writers write so many numbers each, and the readers read as many results as
 * that makes: no more, so that a reader that waits at the end of a round waits for a result that
 * must come. All that differs from what was written is told at once.
 */
#include <string.h>

#include "flow.h"
#include "legacy.h"

#define ROUNDS_NUMBERS 10 /* of each writer: the results of 2 to 31 differ from each other */
#define ROUNDS_QUOTA   8

/* Steps of 1 to 4 out of 10: neither one nor two of them lead back. */
static uint32_t sequence_next(struct sequence *sequence, unsigned int writer)
{
	sequence->index += 1 + flow_random(&sequence->state) % 4;
	sequence->index %= ROUNDS_NUMBERS;
	return 2 + writer * ROUNDS_NUMBERS + sequence->index;
}

/* --- turns --- */

static void hand_out_numbers(void)
{
	unsigned int i;

	for (i = 0; i < FLOW_WRITERS; i++)
		flow->quotas[i] = flow->quota;
	pthread_cond_broadcast(&flow->turn);
}

/* Every other round has one reader only, who sees all results in the order of their writing. */
static void hand_out_tickets(void)
{
	unsigned int total = FLOW_WRITERS * flow->quota;

	flow->shared = flow->hold || flow->round % 2 == 0;
	if (flow->shared)
		flow->any_tickets = total;
	else
		flow->tickets[flow->round / 2 % FLOW_READERS] = total;
	flow->round_goal = flow->results + total;
	pthread_cond_broadcast(&flow->turn);
}

static void next_round(void)
{
	if (flow->ending) {
		flow->ended = true;
		pthread_cond_broadcast(&flow->turn);
		pthread_cond_broadcast(&flow->reached);
		return;
	}
	flow->round++;
	flow->quota = 1 + flow_random(&flow->random) % ROUNDS_QUOTA;
	flow->numbers += flow->quota;
	hand_out_tickets();
	if (flow->hold) {
		flow->held = true;
		pthread_cond_broadcast(&flow->reached);
	} else {
		hand_out_numbers();
	}
}

void rounds_begin(uint32_t seed)
{
	unsigned int i;

	flow->random = seed;
	for (i = 0; i < FLOW_WRITERS; i++) {
		flow->written[i].state = seed + i;
		flow->expected[i].next.state = seed + i;
	}
	flow->hold = true;
	next_round();
}

void rounds_go(void)
{
	pthread_mutex_lock(&flow->lock);
	flow->hold = false;
	if (flow->held)
		hand_out_numbers();
	flow->held = false;
	pthread_mutex_unlock(&flow->lock);
}

bool rounds_take_number(unsigned int writer, uint32_t *ret_number)
{
	bool mine;

	pthread_mutex_lock(&flow->lock);
	while (!flow->quotas[writer] && !flow->ended)
		pthread_cond_wait(&flow->turn, &flow->lock);
	mine = flow->quotas[writer] > 0;
	if (mine)
		flow->quotas[writer]--;
	pthread_mutex_unlock(&flow->lock);
	if (mine)
		*ret_number = sequence_next(&flow->written[writer], writer);
	return mine;
}

bool rounds_take_ticket(unsigned int reader)
{
	unsigned int *tickets = &flow->tickets[reader];
	bool mine;

	pthread_mutex_lock(&flow->lock);
	while (!*tickets && !flow->any_tickets && !flow->ended)
		pthread_cond_wait(&flow->turn, &flow->lock);
	if (!*tickets && flow->any_tickets)
		tickets = &flow->any_tickets;
	mine = *tickets > 0;
	if (mine)
		--*tickets;
	pthread_mutex_unlock(&flow->lock);
	return mine;
}

/* --- the account --- */

/* The number whose factorial this is; 0: none that is written here. */
static uint32_t number_of(uint32_t value)
{
	uint32_t n;

	for (n = 2; n < 2 + FLOW_WRITERS * ROUNDS_NUMBERS; n++) {
		if (factorial(n) == value)
			return n;
	}
	return 0;
}

static bool take_passed(struct expected *expected, uint32_t number)
{
	unsigned int i;

	for (i = 0; i < expected->n_passed; i++) {
		if (expected->passed[i] == number) {
			expected->passed[i] = expected->passed[--expected->n_passed];
			return true;
		}
	}
	return false;
}

/* The writer's next number, or one that others, with results in hand, have let pass. */
static bool take_next(struct expected *expected, unsigned int writer, uint32_t number)
{
	unsigned int may_pass = flow->shared ? FLOW_READERS - 1 : 0;
	struct expected after = *expected;
	uint32_t next;

	for (;;) {
		next = sequence_next(&after.next, writer);
		after.position++;
		if (next == number)
			break;
		if (after.n_passed == may_pass)
			return false;
		after.passed[after.n_passed++] = next;
	}
	*expected = after;
	return true;
}

static void check_round(const struct user *reader)
{
	unsigned int i;

	for (i = 0; i < FLOW_WRITERS; i++) {
		if (flow->expected[i].position != flow->numbers || flow->expected[i].n_passed)
			flow_wrong(reader,
				   "round %u ends at number %llu of writer %u, without %u of them, "
				   "and not at %llu",
				   flow->round, (unsigned long long)flow->expected[i].position, i,
				   flow->expected[i].n_passed, (unsigned long long)flow->numbers);
	}
}

void rounds_account(const struct user *reader, uint32_t value)
{
	uint32_t number = number_of(value);
	unsigned int writer = (number - 2) / ROUNDS_NUMBERS;
	struct expected *expected = &flow->expected[number ? writer : 0];

	pthread_mutex_lock(&flow->lock);
	if (!number || (!take_passed(expected, number) && !take_next(expected, writer, number)))
		flow_wrong(reader, "got %u, the factorial of %u, after number %llu of that writer",
			   value, number, (unsigned long long)expected->position);
	flow->results++;
	if (flow->results == flow->results_goal)
		pthread_cond_broadcast(&flow->reached);
	if (flow->results == flow->round_goal) {
		check_round(reader);
		next_round();
	}
	pthread_mutex_unlock(&flow->lock);
}
