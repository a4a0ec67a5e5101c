/* SPDX-License-Identifier: MIT */
/*
 * Batches of register accesses (cuio/ioctl.h), put together step by step:
 *
 *	struct cuio_batch_buffer batch;
 *	int status;
 *
 *	cuio_batch_clear(&batch);
 *	cuio_batch_write(&batch, CONTROL, 0, 1, ~0ULL);
 *	cuio_batch_until(&batch, STATUS, 0, 0, BUSY, 1000);
 *	status = cuio_batch_read(&batch, STATUS, 0);
 *	if (cuio_batch_run(node, &batch) == 0)
 *		printf("%llu\n", (unsigned long long)cuio_batch_value(&batch, status));
 *
 * Registers are named by their index, which CUIO_IOCTL_REGISTER lists. `node` is a control file: a
 * node opened with access mode 3. Nothing is allocated. A batch may be run repeatedly; its values
 * are those of the last run.
 */
#ifndef CUIO_BATCH_H
#define CUIO_BATCH_H

#include <cuio/ioctl.h>
#include <errno.h>
#include <sys/ioctl.h>

struct cuio_batch_buffer {
	struct cuio_batch head;
	struct cuio_step steps[CUIO_BATCH_STEPS_MAX];
};

/* Steps behind the last one are ignored, so they need not be cleared. */
static inline void cuio_batch_clear(struct cuio_batch_buffer *batch)
{
	batch->head.n_steps = 0;
	batch->head.stopped = 0;
	batch->head.error = 0;
	batch->head.reserved = 0;
}

/* Appends a step; its index, or -1 when the batch is full. */
static inline int cuio_batch_add(struct cuio_batch_buffer *batch, const struct cuio_step *step)
{
	if (batch->head.n_steps >= CUIO_BATCH_STEPS_MAX)
		return -1;
	batch->steps[batch->head.n_steps] = *step;
	return (int)batch->head.n_steps++;
}

static inline int cuio_batch_read(struct cuio_batch_buffer *batch, __u32 register_index,
				  __u32 element)
{
	const struct cuio_step step = {
		CUIO_STEP_READ, register_index, element, 0, 0, ~0ULL,
	};

	return cuio_batch_add(batch, &step);
}

/* Changes the bits of `mask` (~0ULL: the whole register). */
static inline int cuio_batch_write(struct cuio_batch_buffer *batch, __u32 register_index,
				   __u32 element, __u64 value, __u64 mask)
{
	const struct cuio_step step = {
		CUIO_STEP_WRITE, register_index, element, 0, value, mask,
	};

	return cuio_batch_add(batch, &step);
}

/* Waits until the bits of `mask` are those of `value`, at most `timeout` microseconds. */
static inline int cuio_batch_until(struct cuio_batch_buffer *batch, __u32 register_index,
				   __u32 element, __u64 value, __u64 mask, __u32 timeout)
{
	const struct cuio_step step = {
		CUIO_STEP_UNTIL, register_index, element, timeout, value, mask,
	};

	return cuio_batch_add(batch, &step);
}

/* 0: every step was done. Else -1 and errno: the ioctl's own error, or that of the step
 * head.stopped. May block as long as the timeouts of its UNTIL steps. */
static inline int cuio_batch_run(int node, struct cuio_batch_buffer *batch)
{
	int done = ioctl(node, CUIO_IOCTL_BATCH(batch->head.n_steps), batch);

	if (done < 0)
		return -1;
	if ((__u32)done == batch->head.n_steps)
		return 0;
	errno = -batch->head.error;
	return -1;
}

/* The value that a READ or UNTIL step read in the last run. */
static inline __u64 cuio_batch_value(const struct cuio_batch_buffer *batch, int step)
{
	return batch->steps[step].value;
}

#endif
