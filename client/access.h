/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a register or field may be read or written, and why the daemon refused it. */
#ifndef CLIENT_ACCESS_H
#define CLIENT_ACCESS_H

#include "target.h"

/* `way` is CUIO_REGISTER_READ or CUIO_REGISTER_WRITE. Each says what is wrong and returns an exit
 * status. */
int access_check(const struct target *target, unsigned way);
int access_refused(const struct node *node, const struct target *target, unsigned way, int error);

/* An access to no more than the target's own bits. */
struct cuio_access access_of(const struct target *target);
/* The same with the value that `text` says. Says what is wrong with it; an exit status. */
int access_assign(const struct target *target, const char *text, struct cuio_access *ret);

#endif
