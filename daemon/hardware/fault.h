/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hardware that misbehaves on purpose, around another back-end. For tests: no instance file reaches
 * it. Set the plan at any time.
 */
#ifndef HARDWARE_FAULT_H
#define HARDWARE_FAULT_H

#include "hardware/hardware.h"

struct fault_plan {
	unsigned lose_interrupts;    /* so many of the next interrupts are never told; the line
					stays masked, so the next unmask shows one still pending */
	unsigned double_interrupts;  /* so many of the next interrupts are told twice */
	unsigned ones_reads;	     /* so many of the next reads give all ones */
	uint64_t delay;		     /* nanoseconds that every access takes longer */
	bool gone;		     /* reads all ones, writes lost, interrupts -ENODEV */
	unsigned long reads, writes; /* counted, for tests to look at and reset */
};

/* Owns `inner` from now on, also on failure. */
int fault_wrap(struct hardware *inner, struct hardware **ret);
/* The plan of hardware that fault_wrap() made; zero at first. */
struct fault_plan *fault_plan(struct hardware *hardware);

#endif
