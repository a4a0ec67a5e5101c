/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of CPUs, as taskset(1) and systemd write them: "0,2-5". */
#ifndef BASE_CPUS_H
#define BASE_CPUS_H

#include <sched.h>
#include <stdint.h>

/* -EINVAL: not such a list, or a number of CPU_SETSIZE or more. */
int cpus_parse(const char *text, cpu_set_t *ret);
/* Returns the CPU that a thread runs on, or ran on last; -errno (-ENOENT: it does not exist). */
int cpus_of_thread(uint32_t thread);

#endif
