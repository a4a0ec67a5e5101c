/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A back-end that wraps another one and injects faults. For tests: no instance file can select it.
 * The plan may be changed at any time.
 */
#ifndef HARDWARE_FAULT_H
#define HARDWARE_FAULT_H

#include "hardware/hardware.h"

struct fault_plan {
	unsigned lose_interrupts;    /* this many of the next interrupts are not reported; the line
					stays masked, so the next unmask reports one still pending */
	unsigned double_interrupts;  /* this many of the next interrupts are reported twice */
	unsigned ones_reads;	     /* this many of the next reads return all ones */
	uint64_t delay;		     /* nanoseconds that every access takes longer */
	bool gone;		     /* reads all ones, writes lost, interrupts -ENODEV */
	unsigned long reads, writes; /* counters, which tests may reset */
};

/* Takes ownership of `inner`, also on failure. */
int fault_wrap(struct hardware *inner, struct hardware **ret);
/* The plan of hardware that fault_wrap() made; zero at first. */
struct fault_plan *fault_plan(struct hardware *hardware);

#endif
