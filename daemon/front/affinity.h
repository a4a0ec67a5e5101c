/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CPU that the daemon runs on. A request wakes the daemon, and its answer wakes the program: on
 * one CPU these are two context switches; on two CPUs each of them wakes an idle CPU, which takes
 * ten times as long. Therefore the daemon moves to the CPU of its program.
 *
 * It checks that CPU between requests, and less often while nothing changes. While programs on
 * several CPUs are active the choice is left to the kernel's scheduler for some time. Threads with
 * very few requests do not count, such as a shell that checks whether the node exists.
 */
#ifndef FRONT_AFFINITY_H
#define FRONT_AFFINITY_H

#include "config/instance.h"
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#define AFFINITY_THREADS 8U

struct affinity {
	bool follows;
	cpu_set_t allowed;		    /* when the daemon started */
	int at;				    /* the CPU it has moved to; -1: any */
	uint32_t requests, interval;	    /* since the last check; between two checks */
	uint32_t threads[AFFINITY_THREADS]; /* that sent requests since */
	uint32_t asked[AFFINITY_THREADS];   /* number of requests of each */
	unsigned n_threads, last;
	uint32_t others;      /* requests of threads that `threads` has no room for */
	uint64_t apart;	      /* ns for which the scheduler chooses */
	uint64_t apart_until; /* no move before this time, CLOCK_MONOTONIC ns */
	unsigned moves;
};

/* Applies the instance's Affinity=. Failures are only logged: they affect nothing but speed. */
void affinity_init(struct affinity *affinity, const struct instance *instance);
void affinity_look(struct affinity *affinity);
/* Counts a request of another thread than the last one. */
void affinity_note_another(struct affinity *affinity, uint32_t thread);

/* Must be called when a request of this thread was answered. */
static inline void affinity_note(struct affinity *affinity, uint32_t thread)
{
	if (!affinity->follows || thread == 0)
		return;
	if (affinity->n_threads > 0 && affinity->threads[affinity->last] == thread)
		affinity->asked[affinity->last]++;
	else
		affinity_note_another(affinity, thread);
	if (++affinity->requests >= affinity->interval)
		affinity_look(affinity);
}

#endif
