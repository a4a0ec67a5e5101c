/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The argument of one ioctl: from VALUE and MEMBER=VALUE to bytes, and back. */
#ifndef CLIENT_ARGUMENT_H
#define CLIENT_ARGUMENT_H

#include "operation.h"
#include <stdint.h>

struct argument {
	uint64_t value;	      /* CUIO_ARGUMENT_VALUE: the argument itself */
	unsigned char *bytes; /* else; NULL: none */
	size_t size;
};

/* A number of 1, 2, 4 or 8 bytes in the machine's byte order. */
uint64_t argument_load(const unsigned char *bytes, unsigned width);
void argument_store(unsigned char *bytes, unsigned width, uint64_t value);
/* May a value of so many bytes be written as one number? */
bool argument_is_number(size_t width);

/* Says what is wrong with `words`. Returns an exit status; released with argument_done(). */
int argument_parse(const struct operation *operation, char *const *words, size_t n,
		   struct argument *ret);
void argument_done(struct argument *argument);
/* What ioctl(2) is given. */
void *argument_pointer(const struct argument *argument);
/* Does the call give anything back in the argument? */
bool argument_returns(const struct operation *operation);

#endif
