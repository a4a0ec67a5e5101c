/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the runner's files share: where a request stands, and the steps that run.c chooses from. */
#ifndef STEPS_RUN_INTERNAL_H
#define STEPS_RUN_INTERNAL_H

#include "driver/steps/run.h"

/* Outcomes of a step besides -errno. */
enum {
	RUN_NEXT = 0,
	RUN_LEAVE = 1, /* the result is in run->result */
};

/* Where a request goes on; in cuio_request_state(), followed by a copy of an argument that is set.
 */
struct progress {
	uint32_t fingerprint; /* of the operation; 0: not begun */
	uint16_t step;
	uint8_t begun; /* the step's condition held and its deadline is set */
	uint8_t polls; /* of an until, in earlier calls */
	uint64_t deadline;
	uint64_t locals[PROGRAM_LOCALS_MAX];
	uint8_t argument[];
};

/* Each returns RUN_NEXT, RUN_LEAVE or -errno. */

/* run_move.c: read, write and let */
int run_move(struct run *run, const struct step *step);

/* run_leave.c: return and fail, and the else of a step that took too long */
int run_leave(struct run *run, const struct step *step);
int run_timed_out(struct run *run, const struct step *step);

/* run_wait.c: steps that take time; cuio_not_yet parks the request */
int run_until(struct run *run, const struct step *step, struct progress *progress);
int run_wait(struct run *run, const struct step *step, struct progress *progress);
int run_sleep(struct run *run, const struct step *step, struct progress *progress);
/* From now on the steps of Start, Resume or Stop may wait, but not forever. */
void run_limit_waits(struct run *run);

#endif
