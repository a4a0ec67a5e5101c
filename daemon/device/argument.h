/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of an ioctl's argument, and their place during the call. On a CUSE node of an
 * unrestricted driver the kernel copies the argument only after it was told the addresses: each
 * round names the missing parts, and the kernel repeats the ioctl with them. Each round is computed
 * only from that round's data, so a caller that changes its memory between two rounds cannot make
 * them inconsistent.
 */
#ifndef DEVICE_ARGUMENT_H
#define DEVICE_ARGUMENT_H

#include "device/record.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#define ARGUMENT_PARTS_MAX (1U + CUIO_PIECES_MAX)

/* Parts of the caller's memory to fetch, and to write back. */
struct argument_fetch {
	struct iovec in[ARGUMENT_PARTS_MAX], out[ARGUMENT_PARTS_MAX];
	size_t n_in, n_out;
	size_t in_size, out_size; /* bytes of all parts */
};

struct argument {
	void *main;   /* passed to the ioctl's function */
	size_t gives; /* bytes written back to the caller */
	unsigned n_pieces;
	void *places[CUIO_PIECES_MAX];
};

/* Whether the argument is copied from, and to, the caller. */
bool argument_is_taken(uint32_t kind);
bool argument_is_given(uint32_t kind);

/*
 * Lists the parts of the argument at `request->argument`, as far as the request->in_size bytes at
 * `in` determine them; argument_complete() then says whether all are there. -errno is the ioctl's
 * answer.
 */
int argument_plan(const struct cuio_driver_ioctl *entry, const struct request_record *request,
		  const void *in, struct argument_fetch *ret);
/* The same for cuio's own ioctls, from the direction and size in the number. The caller chooses the
 * number freely. */
int argument_plan_encoded(const struct request_record *request, struct argument_fetch *ret);
/* Whether the kernel has copied all parts of its own accord, by the ioctl's number: of some it also
 * copies what the ioctl does not use. */
bool argument_suffices(const struct argument_fetch *fetch, const struct request_record *request);
bool argument_complete(const struct argument_fetch *fetch, const struct request_record *request);

/* Lays a complete argument out. Data for the caller is at the start of `reply`
 * (TRANSACTION_REPLY_MAX bytes); pieces from the caller stay in `in`. 0 or -errno, the ioctl's
 * answer. */
int argument_place(const struct cuio_driver_ioctl *entry, const struct request_record *request,
		   const void *in, void *reply, struct argument *ret);

#endif
