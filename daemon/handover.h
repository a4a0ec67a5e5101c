/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What passes from one process of a service to the next: saved memory for one card, driver and set
 * of nodes. A successor with others rejects it.
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

/* Whether the next start must run the helper again, before this one has used anything: the helper
 * was interrupted, or the descriptors that it handed over are lost. */
bool handover_must_be_repeated(struct fds *fds);
/* The service is ready: what was handed over is good. */
void handover_done(void);
/* Takes over the predecessor's saved memory, or makes new one (*ret_fresh). -ESTALE: the
 * predecessor's was rejected. */
int handover_find(const struct handover *handover, struct saved **ret, bool *ret_fresh);
/* Stores new memory for a successor. */
int handover_store(struct fds *fds, const struct saved *saved);
/*
 * Replaces the older memory in the store by memory that was moved to a newer layout, after
 * everything was validated and before it is used. Does nothing for other memory.
 */
int handover_store_moved(struct fds *fds, const struct saved *saved);
/*
 * Rejects what a predecessor left: empties the store, which removes its nodes. Returns -ESTALE,
 * which ends the process with EXIT_AGAIN; systemd's next start makes everything anew.
 */
int handover_reject(struct fds *fds, const char *why);
int handover_reject_damaged(struct fds *fds);

#endif
