/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Others who wait while something is measured. */
#ifndef BENCH_WAITERS_H
#define BENCH_WAITERS_H

/* Starts `n` threads that read from `fd`, and returns when all wait, as the daemon of the node at
 * `path` says. They wait until the program ends. */
void waiters_start(const char *path, int fd, unsigned n);

#endif
