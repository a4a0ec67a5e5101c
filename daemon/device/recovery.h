/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the previous process left in the device's records. */
#ifndef DEVICE_RECOVERY_H
#define DEVICE_RECOVERY_H

#include "device/layout.h"

/*
 * Whether all that was committed in `saved` is as it was committed. Before recovery_finish(). A
 * commit that was cut short is finished; memory that was moved from a layout with fewer fields gets
 * new sums. -EBADMSG: something else has written there.
 */
int recovery_verify(const struct layout *layout, const struct saved *saved, unsigned n_nodes);
/*
 * Applies what was committed. Returns the phase that was found. PHASE_RUNNING: the process crashed
 * inside the driver; the transaction is dropped, its subject and slot can still be read.
 */
enum transaction_phase recovery_finish(const struct layout *layout);

#endif
