/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What passes from one process of a service to the next: the saved memory, made for one card,
 * driver and set of nodes, or refused.
 */
#ifndef HANDOVER_H
#define HANDOVER_H

#include "base/fds.h"
#include "base/saved.h"
#include "config/instance.h"
#include <cuio/driver.h>
#include <stdbool.h>

struct handover {
	const struct instance *instance;
	const struct cuio_driver *driver;
	const char *card;
	struct fds *fds;
};

/* The predecessor's saved memory, or new one (*ret_fresh). -ESTALE: it was refused. */
int handover_find(const struct handover *handover, struct saved **ret, bool *ret_fresh);
/* Hands new memory over to the successor to come. */
int handover_store(struct fds *fds, const struct saved *saved);
/*
 * Memory that was moved to a newer layout takes the older one's place in the store, once all was
 * found good and before anything comes of it. Nothing to do for other memory.
 */
int handover_store_moved(struct fds *fds, const struct saved *saved);
/*
 * What a predecessor left does not fit: its nodes go with their channels, and the next start makes
 * everything anew. -ESTALE, which ends the process with EXIT_AGAIN: systemd starts the next.
 */
int handover_reject(struct fds *fds, const char *why);
int handover_reject_damaged(struct fds *fds);

#endif
