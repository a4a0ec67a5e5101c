/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cuioctl batch, after its node was opened. */
#ifndef CLIENT_BATCH_H
#define CLIENT_BATCH_H

#include "batch_file.h"
#include "verb.h"

/* Parses the file and executes it on call->node. Returns an exit status. */
int batch_on_node(struct verb_call *call, struct batch_file *file);

#endif
