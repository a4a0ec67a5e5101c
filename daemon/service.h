/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The service of one card, from its files to its nodes and back: the order of start and stop. */
#ifndef SERVICE_H
#define SERVICE_H

#include "config/overrides.h"

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_CRASHES = 90, /* it dies again and again: do not start me */
	EXIT_AGAIN = 75,   /* start me again: what I was handed does not fit any more */
};

/* Serves instance `name` until a signal or the end of the card. Returns an exit code; what went
 * wrong is in the log. */
int service_run(const char *name, const struct overrides *overrides);

#endif
