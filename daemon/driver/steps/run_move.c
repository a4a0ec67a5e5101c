/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps that move values: read, write and let. */
#include "driver/steps/run_internal.h"
#include <errno.h>

int run_read(struct run *run, const struct step *step)
{
	struct span from, to;
	int r = target_prepare(run, step->target, &from);

	if (!r)
		r = place_prepare(run, step->place, &to);
	if (!r && from.length != to.length)
		r = -EINVAL;
	for (uint64_t i = 0; !r && i < from.length; i++) {
		uint64_t value = 0;

		r = target_get(run, step->target, from.first + i, &value);
		if (!r)
			place_set(run, step->place, to.first + i, value);
	}
	return r;
}

int run_write(struct run *run, const struct step *step)
{
	struct span to, from = { 0 };
	uint64_t value = 0;
	int r = target_prepare(run, step->target, &to);

	if (!r && step->place)
		r = place_prepare(run, step->place, &from);
	else if (!r)
		r = evaluate(run, step->value, &value);
	if (!r && step->place && from.length != to.length)
		r = -EINVAL;
	for (uint64_t i = 0; !r && i < to.length; i++) {
		if (step->place)
			value = place_get(run, step->place, from.first + i);
		r = target_set(run, step->target, to.first + i, value);
	}
	return r;
}

int run_let(struct run *run, const struct step *step)
{
	struct span to;
	uint64_t value;
	int r = evaluate(run, step->value, &value);

	if (!r)
		r = place_prepare(run, step->place, &to);
	if (!r)
		place_set(run, step->place, to.first, value);
	return r;
}
