// SPDX-License-Identifier: GPL-2.0-or-later
// Moves the daemon to the program's CPU.
#include "front/affinity.h"
#include "base/alarm.h"
#include "base/cpus.h"
#include "base/log.h"
#include <errno.h>
#include <string.h>

#define INTERVAL_MIN 64U /* requests between two checks; a check costs as much as five */
#define INTERVAL_MAX 4096U
#define SHARE	     16U	   /* threads with fewer than 1/SHARE of the requests are ignored */
#define APART_MIN    NS_PER_SECOND /* ns without a move after programs on several CPUs */
#define APART_MAX    (64 * NS_PER_SECOND)

static void move_to(struct affinity *affinity, int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	if (cpu >= 0)
		CPU_SET((size_t)cpu, &one);
	if (sched_setaffinity(0, sizeof(one), cpu < 0 ? &affinity->allowed : &one) < 0) {
		log_warning("cannot choose a CPU: %s; Affinity=none would not try",
			    strerror(errno));
		affinity->follows = false;
	}
	affinity->at = cpu;
	affinity->moves++;
}

void affinity_note_another(struct affinity *affinity, uint32_t thread)
{
	unsigned i = 0;

	while (i < affinity->n_threads && affinity->threads[i] != thread)
		i++;
	if (i == AFFINITY_THREADS) {
		affinity->others++;
		return;
	}
	if (i == affinity->n_threads) {
		affinity->threads[i] = thread;
		affinity->asked[i] = 0;
		affinity->n_threads++;
	}
	affinity->asked[i]++;
	affinity->last = i;
}

static bool counts(const struct affinity *affinity, uint32_t asked)
{
	return asked >= affinity->interval / SHARE;
}

/* Returns the CPU of all threads with enough requests since the last check; -1: they run on
 * several; -ENOENT: they have exited, or the daemon may not run on their CPU. */
static int common_cpu(const struct affinity *affinity)
{
	int common = -ENOENT;

	if (counts(affinity, affinity->others))
		return -1;
	for (unsigned i = 0; i < affinity->n_threads; i++) {
		int cpu;

		if (!counts(affinity, affinity->asked[i]))
			continue;
		cpu = cpus_of_thread(affinity->threads[i]);
		if (cpu < 0 || !CPU_ISSET((size_t)cpu, &affinity->allowed))
			continue;
		if (common >= 0 && cpu != common)
			return -1;
		common = cpu;
	}
	return common;
}

static void stay_apart(struct affinity *affinity)
{
	affinity->apart_until = alarm_now() + affinity->apart;
	if (affinity->at < 0)
		return;
	move_to(affinity, -1);
	/* The last move was wrong: wait longer before the next one. */
	if (affinity->apart < APART_MAX)
		affinity->apart *= 2;
}

void affinity_look(struct affinity *affinity)
{
	int cpu = common_cpu(affinity), before = affinity->at;

	if (cpu == -1)
		stay_apart(affinity);
	else if (cpu >= 0 && cpu != affinity->at && alarm_now() >= affinity->apart_until)
		move_to(affinity, cpu);
	if (affinity->at != before)
		affinity->interval = INTERVAL_MIN;
	else if (affinity->interval < INTERVAL_MAX)
		affinity->interval *= 2;
	else if (affinity->at >= 0)
		affinity->apart = APART_MIN; /* the move was right */
	affinity->requests = 0;
	affinity->n_threads = 0;
	affinity->others = 0;
}

static void fix(const cpu_set_t *cpus)
{
	if (sched_setaffinity(0, sizeof(*cpus), cpus) < 0)
		log_warning("Affinity=: cannot run on these CPUs: %s", strerror(errno));
}

void affinity_init(struct affinity *affinity, const struct instance *instance)
{
	*affinity = (struct affinity){ .at = -1, .interval = INTERVAL_MIN, .apart = APART_MIN };
	if (instance->affinity == INSTANCE_AFFINITY_LIST)
		fix(&instance->cpus);
	if (instance->affinity != INSTANCE_AFFINITY_FOLLOW ||
	    sched_getaffinity(0, sizeof(affinity->allowed), &affinity->allowed) < 0)
		return;
	/* With one CPU there is no choice. */
	affinity->follows = CPU_COUNT(&affinity->allowed) > 1;
}
