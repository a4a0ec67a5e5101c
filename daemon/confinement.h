/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes from a serving process, by seccomp, what it needed only to start: running programs, copying
 * descriptors, and writing more to the card's configuration space than masking takes. The unit's
 * own filter cannot: systemd must run cuiod after it has set that.
 */
#ifndef CUIO_CONFINEMENT_H
#define CUIO_CONFINEMENT_H

#include "config/instance.h"
#include "hardware/hardware.h"

struct confinement {
	int config;	    /* the card's configuration space; -1: none is open */
	bool config_window; /* the description has registers there, behind the header */
};

int confinement_find(const struct instance *instance, const struct hardware *hardware,
		     struct confinement *ret);
/* What is refused fails with EPERM. Lasts as long as the process. 0 or -errno. */
int confinement_enter(const struct confinement *confinement);

#endif
