// SPDX-License-Identifier: GPL-2.0-or-later
// The device's records in saved memory.
#include "device/layout.h"

/* cuio's own ioctls that wait keep their place in the request's state, whatever the driver. */
#define REQUEST_STATE_MIN 16U

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
	};
}

static size_t transaction_size(const struct layout *layout)
{
	return sizeof(struct transaction) + layout->device_size + layout->file_size +
	       layout->request_size;
}

size_t layout_saved_size(const struct layout *layout)
{
	return saved_area_size(layout->device_size) +
	       saved_area_size(layout->file_size * RECORD_FILES) +
	       saved_area_size(layout->request_size * RECORD_SLOTS) +
	       saved_area_size(transaction_size(layout)) + saved_area_size(TRANSACTION_REPLY_MAX) +
	       saved_area_size(layout->data_size);
}

void layout_place(struct layout *layout, struct saved *saved, int fresh)
{
	layout->device = saved_area(saved, layout->device_size);
	layout->files = saved_area(saved, layout->file_size * RECORD_FILES);
	layout->requests = saved_area(saved, layout->request_size * RECORD_SLOTS);
	layout->transaction = saved_area(saved, transaction_size(layout));
	layout->device_copy = (void *)(layout->transaction + 1);
	layout->file_copy = (void *)((char *)layout->device_copy + layout->device_size);
	layout->request_copy = (void *)((char *)layout->file_copy + layout->file_size);
	layout->reply = saved_area(saved, TRANSACTION_REPLY_MAX);
	layout->data = saved_area(saved, layout->data_size);
	if (!fresh)
		return;
	layout->device->holder = SLOT_NONE;
	for (unsigned i = 0; i < DRIVER_TIMERS_MAX; i++)
		layout->device->timers[i] = TIME_NEVER;
}
