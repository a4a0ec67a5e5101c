/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs an operation's steps, from the start or from the wait of a parked request. */
#ifndef STEPS_RUN_H
#define STEPS_RUN_H

#include "driver/steps/program.h"

/* One call into the driver. */
struct run {
	const struct program *program;
	const struct operation *operation;
	struct cuio_device *device;
	struct cuio_file *file;	      /* NULL if the section has none */
	struct cuio_request *request; /* likewise */
	void *argument;		      /* of an ioctl */
	const struct cuio_driver_member *members;
	size_t argument_size;
	uint8_t *data; /* of read() and write() */
	size_t count;
	size_t filled; /* bytes of a read's data from the start that this call has set */

	/* Set by the runner: */
	uint8_t *device_state;
	uint64_t *locals;
	unsigned accesses; /* register accesses of this call */
	uint64_t give_up;  /* Start, Resume, Stop: time limit, CLOCK_MONOTONIC ns */
	int64_t result;
	unsigned line; /* of the step that failed */
};

/* The bytes of cuio_request_state() that an operation needs. */
size_t run_state_size(const struct operation *operation);

/* Returns the operation's result, 0 or more, or -errno, or cuio_not_yet after the calls that the
 * core requires. `given` is the cause of an interrupt or the timeout of a watchdog. */
int64_t run_operation(struct run *run, uint64_t given);
/* The same without file and request; 0 if `operation` is NULL. An error is set as the device's. */
int64_t run_plain(struct cuio_device *device, const struct operation *operation, uint64_t given);

/* evaluate.c: 0 or -errno */
int evaluate_node(struct run *run, const struct node *node, uint64_t *ret);

/* Most expressions are a number or the count. */
static inline int evaluate(struct run *run, const struct node *node, uint64_t *ret)
{
	if (node->kind == NODE_NUMBER)
		*ret = node->number;
	else if (node->kind == NODE_COUNT)
		*ret = run->count;
	else
		return evaluate_node(run, node, ret);
	return 0;
}

/* run_operand.c: evaluates and checks indices once, before the first access. */
struct span {
	uint64_t first, length; /* elements */
};
int run_check(struct run *run, const struct operand *operand, struct span *ret);

/* Most operands have no index. */
static inline int run_prepare(struct run *run, const struct operand *operand, struct span *ret)
{
	*ret = (struct span){ .first = 0, .length = 1 };
	return operand->checked ? run_check(run, operand, ret) : 0;
}

/* Access an element that was checked. */
int run_get(struct run *run, const struct operand *operand, uint64_t element, uint64_t *ret);
int run_set(struct run *run, const struct operand *operand, uint64_t element, uint64_t value);
/* The same for an operand that is not a register. */
uint64_t run_get_value(struct run *run, const struct operand *operand, uint64_t element);
/* Zeroes the bytes of a read's data before `end` that no step has set: they are those of an earlier
 * call. */
void run_zero(struct run *run, size_t end);

static inline void run_fill(struct run *run, size_t end)
{
	if (end > run->filled)
		run_zero(run, end);
}

/* Results of a step besides -errno. */
enum {
	RUN_NEXT = 0,
	RUN_LEAVE = 1, /* the result is in run->result */
};

/* A request's progress, in cuio_request_state(), followed by a copy of an argument that is set. */
struct progress {
	uint32_t fingerprint; /* of the operation; 0: not begun */
	uint16_t step;
	uint8_t begun; /* the condition was true and the deadline is set */
	uint8_t polls; /* waits of an until in earlier calls */
	uint64_t deadline;
	uint64_t locals[PROGRAM_LOCALS_MAX];
	uint8_t argument[];
};

/* Runs return and fail, also after a timeout. */
int run_leave(struct run *run, const struct step *step);

/* run_wait.c: steps that take time. RUN_NEXT, RUN_LEAVE, -errno, or cuio_not_yet, which parks the
 * request. */
int run_hold(struct run *run, const struct step *step, struct progress *progress);
int run_wait(struct run *run, const struct step *step, struct progress *progress);
/* Limits the total time that the steps of Start, Resume or Stop may wait. */
void run_limit_waits(struct run *run);

#endif
