/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A second process that raises an interrupt once the first one, and whoever serves it, sleep, and
 * sleeps itself. So on one CPU what is measured from raiser_raised_at() on is all that is done
 * until the first process goes on.
 */
#ifndef BENCH_RAISER_H
#define BENCH_RAISER_H

#include <stdint.h>
#include <sys/types.h>

/* Nanoseconds; in a guest under icount, instructions. */
uint64_t clock_now(void);

/* `daemon` serves the caller, 0: nobody does. */
void raiser_start(void (*raise)(void), pid_t daemon);
/* One interrupt, please, when all sleep. */
void raiser_arm(void);
uint64_t raiser_raised_at(void);
void raiser_stop(void);

#endif
