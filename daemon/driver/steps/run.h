/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs an operation's steps, from the start or from the wait where its request was parked. */
#ifndef STEPS_RUN_H
#define STEPS_RUN_H

#include "driver/steps/program.h"

/* One call into the driver. */
struct run {
	const struct program *program;
	const struct operation *operation;
	struct cuio_device *device;
	struct cuio_file *file;	      /* NULL where the section has none */
	struct cuio_request *request; /* the same */
	void *argument;		      /* of an ioctl */
	const struct cuio_driver_member *members;
	size_t argument_size;
	uint8_t *data; /* of read() and write() */
	size_t count;

	/* The runner's own: */
	uint8_t *device_state;
	uint64_t *locals;
	unsigned accesses; /* registers touched in this call */
	uint64_t give_up;  /* Start, Resume, Stop: CLOCK_MONOTONIC ns when they have lasted too long
			    */
	int64_t result;
	unsigned line; /* of the step that ended it with an error */
};

/* Bytes of cuio_request_state() that an operation needs. */
size_t run_state_size(const struct operation *operation);

/* What the operation returns: 0 or more, or -errno; cuio_not_yet with all that the core wants.
 * `given` is the cause of an interrupt, the timeout of a watchdog. */
int64_t run_operation(struct run *run, uint64_t given);

/* evaluate.c: 0 or -errno */
int evaluate(struct run *run, const struct node *node, uint64_t *ret);

/* run_operand.c: indices are evaluated and checked once, before the first access. */
struct span {
	uint64_t first, length; /* elements */
};
int run_check(struct run *run, const struct operand *operand, struct span *ret);

/* Most have no index. */
static inline int run_prepare(struct run *run, const struct operand *operand, struct span *ret)
{
	*ret = (struct span){ .first = 0, .length = 1 };
	return operand->checked ? run_check(run, operand, ret) : 0;
}

/* Of an element that was checked. */
int run_get(struct run *run, const struct operand *operand, uint64_t element, uint64_t *ret);
int run_set(struct run *run, const struct operand *operand, uint64_t element, uint64_t value);
/* The same of one that is no register. */
uint64_t run_get_value(struct run *run, const struct operand *operand, uint64_t element);

#endif
