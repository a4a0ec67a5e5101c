/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device's own ioctls, as its daemon describes them. */
#ifndef CLIENT_OPERATION_H
#define CLIENT_OPERATION_H

#include "node.h"
#include <stdint.h>

/* More than any description or driver has. */
#define OPERATIONS_MAX	      4096U
#define OPERATION_MEMBERS_MAX 4096U
#define OPERATION_SIZE_MAX    131072U /* bytes, the kernel's own limit */

struct operation {
	char name[CUIO_NAME_SIZE]; /* first member, for suggest() */
	struct cuio_operation about;
	struct cuio_member *members;
	size_t n_members;
};

struct operations {
	struct operation *list;
	size_t n;
};

/* Returns an exit status. Release `operations` with operation_done() in any case. */
int operation_load(struct node *node, struct operations *operations);
void operation_done(struct operations *operations);
/* NULL if there is none. */
const struct operation *operation_by_name(const struct operations *operations, const char *name);
const struct operation *operation_by_number(const struct operations *operations, uint32_t number);
/* Describes an ioctl that the daemon does not know, by the size and direction in its number. */
void operation_guess(uint32_t number, struct operation *ret);
const struct cuio_member *operation_member(const struct operation *operation, const char *name);

#endif
