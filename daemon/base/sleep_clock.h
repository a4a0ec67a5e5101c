/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the machine has slept (suspended or hibernated): CLOCK_BOOTTIME counts that time,
 * CLOCK_MONOTONIC does not. A process that did not run meanwhile finds out, too.
 */
#ifndef BASE_SLEEP_CLOCK_H
#define BASE_SLEEP_CLOCK_H

#include "base/loop.h"
#include <stdbool.h>
#include <stdint.h>

/* The time that the machine has slept since it was started, in ns, plus 1: 0 is "not known". */
uint64_t sleep_clock_read(void);
/* Whether it has slept between two readings. False if one of them is not known. */
bool sleep_clock_grew(uint64_t before, uint64_t now);

/* Tells when the machine wakes up, before requests that come after that. It may also tell without a
 * sleep: when the machine's time is set. */
struct sleep_watch {
	struct loop_source source;
	int (*woken)(struct sleep_watch *watch); /* as in loop_source */
};
int sleep_watch_start(struct sleep_watch *watch, struct loop *loop,
		      int (*woken)(struct sleep_watch *watch));
void sleep_watch_stop(struct sleep_watch *watch, struct loop *loop);

#endif
