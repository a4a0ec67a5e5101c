/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's side of the channels of a daemon (daemon.h): knows what it has asked, and ends the
 * fuzzer if an answer is none that the kernel takes, or comes twice.
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include "daemon.h"

#define ASKED_MAX 512U

struct asked {
	uint64_t unique;
	uint32_t opcode;
	uint32_t size; /* that an answer may have, besides its structs */
	unsigned channel;
	unsigned life; /* of the process that has answered last; 0: none */
	bool optional; /* whether there is an answer does not matter */
};

struct asker {
	struct fuzz_daemon daemon;
	unsigned life; /* number of the process, from 1 */
	unsigned n;
	struct asked asked[ASKED_MAX];
	/* Of the last ioctl's answer, if the kernel is to copy its argument. */
	bool again;
	struct fuse_ioctl_iovec places[256];
	unsigned n_in, n_out;
};

/* For a daemon to be started. */
void asker_init(struct asker *asker);
/* The number of the next request, 0: there were too many. `high`: any bits, which it gets too. */
uint64_t asker_next(struct asker *asker, uint32_t high, const struct asked *asked);
/* For fuzz_daemon.answered. */
void asker_answered(struct fuzz_daemon *daemon, unsigned channel, const void *bytes, size_t size);
/* Sends signals to all that still wait; all must be answered then, but for one that has the lock.
 */
void asker_end(struct asker *asker);

#endif
