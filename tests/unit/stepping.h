/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For tests that step a daemon, one instruction after another. */
#ifndef TESTS_STEPPING_H
#define TESTS_STEPPING_H

#include <sched.h>

/* Each step is two switches of tasks, which across two CPUs take several times as long. */
static inline void step_on_one_cpu(void)
{
	cpu_set_t one;
	int cpu = sched_getcpu();

	CPU_ZERO(&one);
	CPU_SET((size_t)(cpu < 0 ? 0 : cpu), &one);
	sched_setaffinity(0, sizeof(one), &one);
}

#endif
