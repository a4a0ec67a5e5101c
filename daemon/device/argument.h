/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an ioctl's argument is made of, and where it lies during the call. Where ioctl numbers say
 * nothing (an unrestricted driver on a CUSE node) the kernel brings it only after it was told what
 * to bring: a round asks for what is missing, and the next begins from nothing. All is computed
 * from what the caller's memory said in this very round, so no two rounds can be played against
 * another.
 */
#ifndef DEVICE_ARGUMENT_H
#define DEVICE_ARGUMENT_H

#include "device/record.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#define ARGUMENT_PARTS_MAX (1U + CUIO_PIECES_MAX)

/* What to fetch and what will be given back, in the caller's memory. */
struct argument_fetch {
	struct iovec in[ARGUMENT_PARTS_MAX], out[ARGUMENT_PARTS_MAX];
	size_t n_in, n_out;
	size_t in_size, out_size; /* bytes of all */
};

struct argument {
	void *main;   /* what the ioctl's function is given */
	size_t gives; /* bytes to the caller */
	unsigned n_pieces;
	void *places[CUIO_PIECES_MAX];
};

/* Whether it goes from, and to, the caller. */
bool argument_is_taken(uint32_t kind);
bool argument_is_given(uint32_t kind);

/*
 * What belongs to the argument at `request->argument`, as far as `in` (request->in_size bytes) can
 * tell: complete when its sizes are those of the request. An error is the ioctl's answer.
 */
int argument_plan(const struct cuio_driver_ioctl *entry, const struct request_record *request,
		  const void *in, struct argument_fetch *ret);
/* cuio's own ioctls, whose numbers say what they are, and which may be any number's of an attacker.
 */
int argument_plan_encoded(const struct request_record *request, struct argument_fetch *ret);
bool argument_complete(const struct argument_fetch *fetch, const struct request_record *request);

/* Lays a complete argument out: in `reply` (TRANSACTION_REPLY_MAX bytes) what goes back to the
 * caller, from its start; what only came is read where it is. */
int argument_place(const struct cuio_driver_ioctl *entry, const struct request_record *request,
		   const void *in, void *reply, struct argument *ret);

#endif
