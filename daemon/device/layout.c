// SPDX-License-Identifier: GPL-2.0-or-later
// The device's records in saved memory.
#include "device/layout.h"
#include "device/record_sum.h"
#include <cuio/ioctl.h>

/* cuio's own ioctls that wait keep their place in the request's state, whatever the driver. */
#define REQUEST_STATE_MIN 16U

/* Heads of layout 1: what came before `sum`. */
#define DEVICE_HEAD_1	   offsetof(struct device_record, sum)
#define FILE_HEAD_1	   offsetof(struct file_record, sum)
#define REQUEST_HEAD_1	   offsetof(struct request_record, sum)
#define TRANSACTION_HEAD_1 offsetof(struct transaction, sum)

static size_t round_up(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

void layout_init(struct layout *layout, const struct driver *driver)
{
	size_t request_state = driver->request_state;

	if (request_state < REQUEST_STATE_MIN)
		request_state = REQUEST_STATE_MIN;
	*layout = (struct layout){
		.device_size = sizeof(struct device_record) + round_up(driver->device_state),
		.file_size = sizeof(struct file_record) + round_up(driver->file_state),
		.request_size = sizeof(struct request_record) + round_up(request_state),
		.data_size = driver->device_data,
		.file_copied = FILE_NONE,
	};
}

static void plan_records(struct saved_plan *plan, const char *name, size_t count, size_t head,
			 size_t size, size_t head_1, bool joined_1)
{
	saved_plan_add(plan, name, count, head, size - head,
		       (struct saved_shape_1){ .head = (uint32_t)head_1, .joined = joined_1 });
}

static void plan_bytes(struct saved_plan *plan, const char *name, size_t size)
{
	plan_records(plan, name, 1, size, size, size, false);
}

void layout_plan(const struct layout *layout, struct saved_plan *plan)
{
	plan_records(plan, "device", 1, sizeof(struct device_record), layout->device_size,
		     DEVICE_HEAD_1, false);
	plan_records(plan, "files", RECORD_FILES, sizeof(struct file_record), layout->file_size,
		     FILE_HEAD_1, false);
	plan_records(plan, "requests", RECORD_SLOTS, sizeof(struct request_record),
		     layout->request_size, REQUEST_HEAD_1, false);
	plan_records(plan, "transaction", 1, sizeof(struct transaction), sizeof(struct transaction),
		     TRANSACTION_HEAD_1, false);
	plan_records(plan, "device-copy", 1, sizeof(struct device_record), layout->device_size,
		     DEVICE_HEAD_1, true);
	plan_records(plan, "file-copy", 1, sizeof(struct file_record), layout->file_size,
		     FILE_HEAD_1, true);
	plan_records(plan, "request-copy", 1, sizeof(struct request_record), layout->request_size,
		     REQUEST_HEAD_1, true);
	plan_bytes(plan, "reply", TRANSACTION_REPLY_MAX);
	plan_bytes(plan, "data", layout->data_size);
	/* Since layout 2. */
	saved_plan_add(plan, "batch", 1, CUIO_BATCH_STEPS_MAX * sizeof(struct cuio_step), 0,
		       (struct saved_shape_1){ 0 });
}

void layout_place(struct layout *layout, const struct saved *saved)
{
	layout->device = saved_area(saved, "device");
	layout->files = saved_area(saved, "files");
	layout->requests = saved_area(saved, "requests");
	layout->transaction = saved_area(saved, "transaction");
	layout->device_copy = saved_area(saved, "device-copy");
	layout->file_copy = saved_area(saved, "file-copy");
	layout->request_copy = saved_area(saved, "request-copy");
	layout->reply = saved_area(saved, "reply");
	layout->data = saved_area(saved, "data");
	layout->batch = saved_area(saved, "batch");
}

void layout_clear(struct layout *layout)
{
	layout->device->lock_owner = SLOT_NONE;
	for (unsigned i = 0; i < DRIVER_TIMERS_MAX; i++)
		layout->device->timers[i] = TIME_NEVER;
	record_sum_all(layout);
}
