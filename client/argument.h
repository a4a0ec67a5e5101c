/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Converts an ioctl's argument between VALUE or MEMBER=VALUE and bytes. */
#ifndef CLIENT_ARGUMENT_H
#define CLIENT_ARGUMENT_H

#include "operation.h"
#include <stdint.h>

struct argument {
	uint64_t value;	      /* CUIO_ARGUMENT_VALUE: the argument itself */
	unsigned char *bytes; /* for the others; NULL: none */
	size_t size;
};

/* A number of 1, 2, 4 or 8 bytes in the machine's byte order. */
uint64_t argument_load(const unsigned char *bytes, unsigned width);
void argument_store(unsigned char *bytes, unsigned width, uint64_t value);
/* Whether a value of this many bytes can be written as one number. */
bool argument_is_number(size_t width);

/* Reports errors in `words`. Returns an exit status; release *ret with argument_done(). */
int argument_parse(const struct operation *operation, char *const *words, size_t n,
		   struct argument *ret);
void argument_done(struct argument *argument);
/* The argument for ioctl(2). */
void *argument_pointer(const struct argument *argument);
/* Whether the call returns data in the argument. */
bool argument_returns(const struct operation *operation);

#endif
