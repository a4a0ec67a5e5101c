/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Crashes outside of calls into the driver: while a request is decoded or answered, or in the event
 * loop. A successor gets to the same place again, so they are counted: for the request that was in
 * hand, and in a row.
 *
 * Any end counts for a request, but only if it was in hand: while the daemon is killed again and
 * again, most of its processes never get that far. In a row only faults count, because a daemon
 * that is killed has no fault.
 */
#ifndef DEVICE_OUTSIDE_H
#define DEVICE_OUTSIDE_H

#include "base/saved.h"
#include "device/layout.h"

/* Called once by a successor, before the other functions. `outside`: the predecessor ended so. */
void outside_begin(const struct layout *layout, const struct saved *saved, bool outside);
/* Takes the request with this number in `slot` in hand. Returns in how many processes that was the
 * end. `first`: in the predecessor, perhaps, which had not taken it from another. */
uint32_t outside_take(const struct layout *layout, uint32_t slot, uint64_t unique, bool first);
/* The request has been answered. If it was the cause, and is answered EIO, the row ends. */
void outside_put_down(const struct layout *layout, struct saved_header *header, bool given_up);

#endif
