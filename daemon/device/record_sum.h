/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checksums over committed records: written at each commit, verified by the next process. */
#ifndef DEVICE_RECORD_SUM_H
#define DEVICE_RECORD_SUM_H

#include "device/layout.h"

/* Write the sum into a record. */
void record_sum_device(const struct layout *layout, struct device_record *record);
void record_sum_file(const struct layout *layout, struct file_record *record, uint32_t index);
void record_sum_request(const struct layout *layout, struct request_record *record, uint32_t slot);
/* Writes the sums of the transaction and of the copies that it is about to apply. */
void record_sum_transaction(const struct layout *layout);
/* Writes the sums of all records, as they are. */
void record_sum_all(const struct layout *layout);

/* Whether a record is unchanged since its sum was written, by a daemon whose records of this kind
 * had `head` bytes before the driver's state. */
bool record_sum_device_holds(const struct layout *layout, const void *record, size_t head);
bool record_sum_file_holds(const struct layout *layout, const void *record, uint32_t index,
			   size_t head);
bool record_sum_request_holds(const struct layout *layout, const void *record, uint32_t slot,
			      size_t head);
bool record_sum_transaction_holds(const struct layout *layout);

#endif
