// SPDX-License-Identifier: GPL-2.0-or-later
// The device's records in saved memory.
#include "device/layout.h"
#include <cuio/ioctl.h>

/* cuio's own ioctls use the request's state while they wait, with any driver. */
#define REQUEST_STATE_MIN 16U

static size_t round_up(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

void layout_init(struct layout *layout, const struct cuio_driver *driver)
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
			 size_t size)
{
	saved_plan_add(plan, name, count, head, size - head);
}

static void plan_bytes(struct saved_plan *plan, const char *name, size_t size)
{
	saved_plan_add(plan, name, 1, size, 0);
}

void layout_plan(const struct layout *layout, struct saved_plan *plan)
{
	plan_records(plan, "device", 1, sizeof(struct device_record), layout->device_size);
	plan_records(plan, "files", RECORD_FILES, sizeof(struct file_record), layout->file_size);
	plan_records(plan, "requests", RECORD_SLOTS, sizeof(struct request_record),
		     layout->request_size);
	plan_bytes(plan, "transaction", sizeof(struct transaction));
	plan_records(plan, "device-copy", 1, sizeof(struct device_record), layout->device_size);
	plan_records(plan, "file-copy", 1, sizeof(struct file_record), layout->file_size);
	plan_records(plan, "request-copy", 1, sizeof(struct request_record), layout->request_size);
	plan_bytes(plan, "reply", TRANSACTION_REPLY_MAX);
	plan_bytes(plan, "data", layout->data_size);
	plan_bytes(plan, "outside", sizeof(struct outside_record));
	plan_bytes(plan, "batch", CUIO_BATCH_STEPS_MAX * sizeof(struct cuio_step));
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
	layout->outside = saved_area(saved, "outside");
	layout->batch = saved_area(saved, "batch");
}
