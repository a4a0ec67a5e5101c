/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The listing of a device's own ioctls, for cuioctl info. */
#ifndef CLIENT_IOCTLS_H
#define CLIENT_IOCTLS_H

#include "node.h"

/* Returns an exit status. */
int ioctls_print(struct node *node, bool json);

#endif
