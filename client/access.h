/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks whether a register or field may be accessed, and reports the daemon's refusals. */
#ifndef CLIENT_ACCESS_H
#define CLIENT_ACCESS_H

#include "target.h"

/* `way` is CUIO_REGISTER_READ or CUIO_REGISTER_WRITE. Each reports the reason and returns an exit
 * status. */
int access_check(const struct target *target, unsigned way);
int access_refused(const struct node *node, const struct target *target, unsigned way, int error);

/* Returns an access to the target's own bits. */
struct cuio_access access_of(const struct target *target);
/* The same with the value in `text`. Reports a bad value; returns an exit status. */
int access_assign(const struct target *target, const char *text, struct cuio_access *ret);

#endif
