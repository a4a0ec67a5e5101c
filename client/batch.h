/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cuioctl batch does once its node is open. */
#ifndef CLIENT_BATCH_H
#define CLIENT_BATCH_H

#include "batch_file.h"
#include "verb.h"

/* Parses the file and carries it out on call->node. Returns an exit status. */
int batch_on_node(struct verb_call *call, struct batch_file *file);

#endif
