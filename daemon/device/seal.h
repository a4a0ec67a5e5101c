/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sums over committed records: made at each commit, looked at by a successor. */
#ifndef DEVICE_SEAL_H
#define DEVICE_SEAL_H

#include "device/layout.h"

void seal_device(const struct layout *layout, struct device_record *record);
void seal_file(const struct layout *layout, struct file_record *record, uint32_t index);
void seal_request(const struct layout *layout, struct request_record *record, uint32_t slot);
/* Every record in its home, as it is. */
void seal_all(const struct layout *layout);
/* The transaction and those of its copies that it is about to make true. */
void seal_transaction(const struct layout *layout);

/*
 * Whether all that was committed in `saved` is as it was committed, before transaction_recover().
 * A commit that was cut short is finished, memory that was moved from an older layout sealed anew.
 * -EBADMSG: somebody has written there who should not have.
 */
int seal_verify(const struct layout *layout, const struct saved *saved, unsigned n_nodes);

#endif
