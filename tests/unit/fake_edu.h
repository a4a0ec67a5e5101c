/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An edu card whose computations end when the test says so. */
#ifndef FAKE_EDU_H
#define FAKE_EDU_H

#include "hardware/window.h"
#include <stdbool.h>

struct fake_edu {
	struct window window;
	uint32_t liveness, factorial, irq_status, irqfact;
	bool busy;
	uint32_t n;	     /* being computed */
	unsigned busy_reads; /* reads of status until the computation ends by itself; 0: never */
	unsigned accesses;
};

void fake_edu_init(struct fake_edu *edu);
/* The computation's end in its two halves, as the card has them. */
void fake_edu_finish(struct fake_edu *edu);
void fake_edu_raise(struct fake_edu *edu);

#endif
