/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An alarm: the loop calls a function at an absolute time, once or periodically. */
#ifndef BASE_ALARM_H
#define BASE_ALARM_H

#include "base/loop.h"
#include <stdint.h>

#define NS_PER_SECOND UINT64_C(1000000000)
#define ALARM_NEVER   UINT64_MAX

struct alarm {
	struct loop_source source;
	uint64_t when; /* ALARM_NEVER: off */
	/* Returns 0, or a negative errno that ends loop_run(). */
	int (*ring)(struct alarm *alarm);
};

uint64_t alarm_now(void); /* CLOCK_MONOTONIC, nanoseconds */

/* The alarm is off at first. The loop must outlive it. 0 or -errno. */
int alarm_init(struct alarm *alarm, struct loop *loop, int (*ring)(struct alarm *alarm));
void alarm_done(struct alarm *alarm, struct loop *loop); /* accepts a zeroed alarm */

/* The alarm expires once at CLOCK_MONOTONIC `when`, in nanoseconds (ALARM_NEVER: off). An unchanged
 * time costs no system call. */
int alarm_set(struct alarm *alarm, uint64_t when);
/* The alarm expires every `interval` nanoseconds from now on. */
int alarm_repeat(struct alarm *alarm, uint64_t interval);

#endif
