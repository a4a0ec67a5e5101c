/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The places of the device's records in saved memory, which depend on the driver's sizes of
 * state. */
#ifndef DEVICE_LAYOUT_H
#define DEVICE_LAYOUT_H

#include "base/saved.h"
#include "device/record.h"

struct cuio_step;

struct layout {
	size_t device_size, file_size, request_size; /* bytes of a record with its state */
	size_t data_size;
	struct device_record *device;
	char *files, *requests;
	struct transaction *transaction;
	/* The transaction's private copies. */
	struct device_record *device_copy;
	struct file_record *file_copy;
	struct request_record *request_copy;
	/* Whether copies equal their records since a commit of this process: */
	bool device_copied;
	uint32_t file_copied; /* the file whose copy does; FILE_NONE */
	void *reply;	      /* the data of the transaction's reply */
	void *data;
	struct outside_record *outside;
	struct cuio_step *batch; /* values read by the batch that holds the device's lock */
};

/* Computes the sizes for this driver. The pointers are set by layout_place(). */
void layout_init(struct layout *layout, const struct cuio_driver *driver);
/* Adds the areas of saved memory to the plan. */
void layout_plan(const struct layout *layout, struct saved_plan *plan);
void layout_place(struct layout *layout, const struct saved *saved);

static inline struct file_record *layout_file(const struct layout *layout, uint32_t index)
{
	return (struct file_record *)(void *)(layout->files + index * layout->file_size);
}

static inline struct request_record *layout_request(const struct layout *layout, uint32_t slot)
{
	return (struct request_record *)(void *)(layout->requests + slot * layout->request_size);
}

#endif
