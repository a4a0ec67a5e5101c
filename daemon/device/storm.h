/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupt storms: a line that stays up after the driver has acknowledged the interrupt, which
 * then comes again as soon as it is unmasked. In a storm the line is masked for most of the time:
 * after a pause it is unmasked on trial, for a few interrupts. Nothing of this is saved: a
 * successor finds out again.
 */
#ifndef DEVICE_STORM_H
#define DEVICE_STORM_H

#include "base/alarm.h"
#include <stdbool.h>
#include <stdint.h>

struct cuio_device;

struct storm {
	struct alarm alarm;
	/* The current count: */
	uint64_t began;
	uint64_t requests; /* answered until then */
	uint64_t busy;	   /* ns in which interrupts were handled */
	uint32_t length;   /* interrupts */

	uint32_t pause; /* ms between two trials; 0: there is no storm */
	bool masked;	/* until the alarm */
	uint64_t first; /* when the storm was noticed */
};

int storm_start(struct cuio_device *device);
void storm_stop(struct cuio_device *device);
/* For each handled interrupt, before the line is unmasked. Returns whether it must stay masked;
 * otherwise the caller adds to `busy`. `useful`: it cannot have been part of a storm. */
bool storm_note(struct cuio_device *device, uint64_t cause, bool useful);

#endif
