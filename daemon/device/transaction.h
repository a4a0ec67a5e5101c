/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The unit of commit: one call into the driver. The call works on copies of the device's, the
 * file's and the request's records that lie in saved memory; one store of `phase` makes them the
 * truth, and applying them to their homes can be done again after a crash as often as needed.
 *
 * A call's answer is committed with them and sent afterwards; the transaction ends when it was
 * sent.
 */
#ifndef DEVICE_TRANSACTION_H
#define DEVICE_TRANSACTION_H

#include "device/layout.h"

/* Copies what the call may change, but for its file. slot may be NONE. */
void transaction_begin(struct layout *layout, enum transaction_subject subject, uint32_t slot);
/* The copy of the call's file: few calls change theirs, so it is made for those that do. */
struct file_record *transaction_change_file(struct layout *layout, uint32_t file);
/* Commits and applies; a file that is as it was is left out. The result of an answered
 * request stays until transaction_end(). */
void transaction_commit(struct layout *layout, uint32_t to_slot, int64_t result,
			uint32_t reply_size);
void transaction_checkpoint(const struct layout *layout);
/* What an interrupt's handler is about to acknowledge: if the process dies there, this is among the
 * device's cause afterwards. */
void transaction_save_cause(const struct layout *layout, uint64_t cause);
/* Drops the copies of a call that shall not count. */
void transaction_drop(const struct layout *layout);
/* The answer was sent. */
void transaction_end(const struct layout *layout);
/* Whether a commit was made that may not have been applied; applies it. */
bool transaction_is_committed(const struct layout *layout);
void transaction_finish(const struct layout *layout);
#endif
