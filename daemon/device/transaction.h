/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A transaction: one call into the driver. The call works on copies, in saved memory, of the
 * device's, the file's and the request's records. One store of `phase` commits the copies; after a
 * crash they can be applied to the records any number of times.
 *
 * The call's answer is committed with them and sent afterwards. Then the transaction ends.
 */
#ifndef DEVICE_TRANSACTION_H
#define DEVICE_TRANSACTION_H

#include "device/layout.h"

/* Copies the device's and the request's record. `slot` may be SLOT_NONE. */
void transaction_begin(struct layout *layout, enum transaction_subject subject, uint32_t slot);
/* Returns the copy of the call's file. Made on demand, because few calls change their file. */
struct file_record *transaction_change_file(struct layout *layout, uint32_t file);
/* Commits and applies; leaves an unchanged file out. The result of an answered request is kept
 * until transaction_end(). */
void transaction_commit(struct layout *layout, uint32_t to_slot, int64_t result,
			uint32_t reply_size);
/* Commits that the parked request goes on waiting where it is. If the call has changed nothing,
 * which is so for most, there is nothing to commit. */
void transaction_commit_wait(struct layout *layout);
void transaction_checkpoint(const struct layout *layout);
/* Saves the cause that the driver is about to acknowledge. After a crash it becomes part of the
 * device's cause. */
void transaction_save_cause(const struct layout *layout, uint64_t cause);
/* Drops the copies of a call that must not take effect. */
void transaction_drop(const struct layout *layout);
/* Called when the answer was sent. */
void transaction_end(const struct layout *layout);
/* Whether a commit exists that may not be applied yet; and applies it. */
bool transaction_is_committed(const struct layout *layout);
void transaction_finish(const struct layout *layout);
#endif
