/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recovery of the records that the previous process left. */
#ifndef DEVICE_RECOVERY_H
#define DEVICE_RECOVERY_H

#include "device/layout.h"

/*
 * Verifies that all committed records in `saved` are unchanged. Must be called before
 * recovery_finish(). Finishes an interrupted commit; writes new sums if memory was moved from a
 * layout with fewer fields. 0; -EBADMSG: something else wrote there.
 */
int recovery_verify(const struct layout *layout, const struct saved *saved, unsigned n_nodes);
/*
 * Applies what was committed, and returns the phase that was found. PHASE_RUNNING: the process
 * crashed inside the driver; the transaction is dropped, but its subject and slot can still be
 * read.
 */
enum transaction_phase recovery_finish(const struct layout *layout);

#endif
