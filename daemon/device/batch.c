// SPDX-License-Identifier: GPL-2.0-or-later
// Batches of register accesses. A batch that waits holds the device's lock, so at most one batch is
// in progress. The values that it has read so far are in a separate area of saved memory.
#include "base/alarm.h"
#include "device/internal.h"
#include "regmap/regmap.h"
#include <cuio/ioctl.h>
#include <errno.h>
#include <string.h>

#define LOOKS	  8U		    /* reads before other requests get a turn */
#define FIRST_NAP UINT64_C(20000)   /* ns until the next turn, at first */
#define LONG_NAP  UINT64_C(1000000) /* and at most */
#define NS_PER_US UINT64_C(1000)

/* A batch's progress, in its request's state. */
struct batch_state {
	uint32_t next;	   /* index of the next step */
	uint32_t naps;	   /* turns that its UNTIL step has waited */
	uint64_t deadline; /* of its UNTIL step, ns; 0: not begun */
};

static struct cuio_step *steps_of(struct cuio_batch *batch)
{
	return (struct cuio_step *)(void *)(batch + 1);
}

static struct cuio_access access_of(const struct cuio_step *step)
{
	return (struct cuio_access){
		.register_index = step->register_index,
		.element = step->element,
		.value = step->value,
		.mask = step->mask,
	};
}

static bool is_whole(const struct request_record *request, const struct cuio_batch *batch)
{
	return request->in_size >= sizeof(*batch) && batch->n_steps <= CUIO_BATCH_STEPS_MAX &&
	       request->in_size == sizeof(*batch) + batch->n_steps * sizeof(struct cuio_step) &&
	       request->out_size == request->in_size;
}

static ssize_t check_step(const struct cuio_device *device, const struct cuio_step *step)
{
	struct cuio_access access = access_of(step);
	const struct reg *reg = control_register(device, step->register_index);

	if (!reg)
		return -ENOENT;
	/* A mask of all 64 bits is valid for narrower registers, too. */
	access.mask &= reg_mask(reg);
	switch (step->kind) {
	case CUIO_STEP_READ:
		return control_check_read(device, &access);
	case CUIO_STEP_WRITE:
		return control_check_write(device, &access);
	case CUIO_STEP_UNTIL:
		if (step->timeout > CUIO_STEP_TIMEOUT_MAX || (step->value & ~step->mask))
			return -ERANGE;
		return control_check_read(device, &access);
	default:
		return -EINVAL;
	}
}

static ssize_t stop(struct cuio_batch *batch, uint32_t done, uint32_t at, ssize_t error)
{
	batch->stopped = at;
	batch->error = (int32_t)error;
	return done;
}

/* All steps are checked before the first one runs. */
static void read_step(struct cuio_device *device, struct cuio_step *step)
{
	const struct reg *reg = control_register(device, step->register_index);

	step->value = access_read(device, reg, step->element) & step->mask;
}

static void write_step(struct cuio_device *device, const struct cuio_step *step)
{
	struct cuio_access access = access_of(step);

	access.mask &= reg_mask(control_register(device, step->register_index));
	(void)control_write(device, &access);
}

/* 0: the value matches; cuio_not_yet: read again later; -ETIMEDOUT. */
static ssize_t until_step(struct cuio_device *device, struct batch_state *state,
			  struct cuio_step *step)
{
	const uint64_t wanted = step->value;
	unsigned looks = LOOKS;

	do {
		read_step(device, step);
		if (step->value == wanted) {
			state->naps = 0;
			state->deadline = 0;
			return 0;
		}
		if (step->timeout == 0)
			return -ETIMEDOUT;
	} while (--looks);
	if (state->deadline == 0)
		state->deadline = cuio_device_now(device) + step->timeout * NS_PER_US;
	if (cuio_device_now(device) >= state->deadline)
		return -ETIMEDOUT;
	step->value = wanted;
	return cuio_not_yet;
}

static uint64_t next_look(const struct cuio_device *device, const struct batch_state *state)
{
	uint64_t nap = state->naps < 6 ? FIRST_NAP << state->naps : LONG_NAP;
	uint64_t when = cuio_device_now(device) + nap;

	return when < state->deadline ? when : state->deadline;
}

/* Saves the batch and locks the device until the batch continues. */
static ssize_t nap(struct cuio_device *device, struct request_record *request,
		   struct batch_state *state, const struct cuio_step *steps)
{
	memcpy(device->layout.batch, steps, state->next * sizeof(*steps));
	request->deadline = next_look(device, state);
	state->naps++;
	cuio_request_lock_device(&device->request);
	return cuio_not_yet;
}

static ssize_t run_steps(struct cuio_device *device, struct request_record *request,
			 struct batch_state *state, struct cuio_batch *batch)
{
	struct cuio_step *steps = steps_of(batch);
	ssize_t r = 0;

	for (; r == 0 && state->next < batch->n_steps; state->next++) {
		struct cuio_step *step = &steps[state->next];

		if (step->kind == CUIO_STEP_READ)
			read_step(device, step);
		else if (step->kind == CUIO_STEP_WRITE)
			write_step(device, step);
		else
			r = until_step(device, state, step);
		if (r < 0)
			break;
	}
	if (r == cuio_not_yet)
		return nap(device, request, state, steps);
	return stop(batch, state->next, state->next, r);
}

static bool is_begun(const struct batch_state *state)
{
	return state->next || state->deadline;
}

ssize_t batch_run(struct cuio_device *device, struct request_record *request,
		  struct cuio_batch *batch)
{
	struct batch_state *state = cuio_request_state(&device->request);
	const struct cuio_step *steps = steps_of(batch);

	/* The state may be a forger's. */
	if (!is_whole(request, batch) || state->next > batch->n_steps)
		return -EINVAL;
	if (is_begun(state))
		memcpy(steps_of(batch), device->layout.batch, state->next * sizeof(*steps));
	for (uint32_t i = state->next; i < batch->n_steps; i++) {
		ssize_t r = check_step(device, &steps[i]);

		if (r < 0)
			return stop(batch, state->next, i, r);
	}
	return run_steps(device, request, state, batch);
}
