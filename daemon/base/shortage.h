/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shortages that may pass: descriptors, memory, space in /run, a systemd that is too busy to
 * answer. They must not end a node for good. What failed is tried again with a growing delay; what
 * is still short after the last try ends the start, and the log says what it is.
 */
#ifndef BASE_SHORTAGE_H
#define BASE_SHORTAGE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether -errno is one. */
bool shortage_is(int error);
/* -errno if something is short now, 0 if not: for errors whose cause was lost on the way up. */
int shortage_look(void);

/* Tries within one process. Zeroed at first. */
struct shortage {
	unsigned tries;
	uint64_t began; /* CLOCK_MONOTONIC ns */
};
/* Whether `error` is a shortage, and `what` shall be tried again; waits before. Logs either. */
bool shortage_wait(struct shortage *shortage, int error, const char *what);

/* Tries of one process after another, counted in the runtime directory. Whether `error` is a
 * shortage, and the next process shall try; waits before. Logs either. */
bool shortage_again(int error);
/* A process has not met it any more. */
void shortage_over(void);

#endif
