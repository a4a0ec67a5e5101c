/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the daemon runs. A request wakes the daemon and its answer wakes the program: on one CPU
 * these are two context switches, across two each is a wake-up of a CPU that sleeps, which takes
 * ten times as long. So the daemon moves to the CPU that its program runs on.
 *
 * It looks there now and then, between requests; the longer nothing changes, the more rarely.
 * While programs on several CPUs are active there is no such CPU: then the kernel's scheduler is
 * left alone, for a while. Who asks hardly ever, such as a shell that looks whether the node is
 * there, is none of them.
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
	cpu_set_t allowed;		    /* as the daemon was started */
	int at;				    /* the CPU it has moved to; -1: any */
	uint32_t requests, interval;	    /* since the last look; until the next */
	uint32_t threads[AFFINITY_THREADS]; /* who has asked since */
	uint32_t asked[AFFINITY_THREADS];   /* and how often */
	unsigned n_threads, last;
	uint32_t others;      /* requests of further threads */
	uint64_t apart;	      /* ns; how long the scheduler is left alone */
	uint64_t apart_until; /* no move before this time, CLOCK_MONOTONIC ns */
	unsigned moves;
};

/* Applies the instance's Affinity=. What cannot be had is logged: it costs time, nothing else. */
void affinity_init(struct affinity *affinity, const struct instance *instance);
void affinity_look(struct affinity *affinity);
/* A thread that is not the one before. */
void affinity_note_another(struct affinity *affinity, uint32_t thread);

/* After a request of this thread was answered. */
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
