/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sums over committed records: made at each commit, looked at by a successor. */
#ifndef DEVICE_RECORD_SUM_H
#define DEVICE_RECORD_SUM_H

#include "device/layout.h"

void record_sum_device(const struct layout *layout, struct device_record *record);
void record_sum_file(const struct layout *layout, struct file_record *record, uint32_t index);
void record_sum_request(const struct layout *layout, struct request_record *record, uint32_t slot);
/* Every record in its home, as it is. */
void record_sum_all(const struct layout *layout);
/* The transaction and those of its copies that it is about to make true. */
void record_sum_transaction(const struct layout *layout);

/*
 * Whether all that was committed in `saved` is as it was committed, before transaction_recover().
 * A commit that was cut short is finished, memory that was moved from an older layout given new
 * sums. -EBADMSG: somebody has written there who should not have.
 */
int record_sum_verify(const struct layout *layout, const struct saved *saved, unsigned n_nodes);

#endif
