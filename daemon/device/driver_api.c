// SPDX-License-Identifier: GPL-2.0-or-later
// What a driver may call: the functions of cuio/driver.h and nothing else.
#include "base/alarm.h"
#include "base/log.h"
#include "device/internal.h"
#include "regmap/regmap.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void *device_state(struct device *device)
{
	return device->record->state;
}

void *file_state(struct file *file)
{
	return call_change_file(file->device)->state;
}

void *request_state(struct request *request)
{
	call_need_state(request->device);
	return request->record->state;
}

void *device_data(struct device *device)
{
	return device->layout.data;
}

const void *device_context(const struct device *device)
{
	return device->driver->context;
}

struct device *file_device(struct file *file)
{
	return file->device;
}

unsigned file_flags(const struct file *file)
{
	return file->record->flags;
}

unsigned file_node(const struct file *file)
{
	return file->record->node;
}

uint64_t request_offset(const struct request *request)
{
	return request->record->offset;
}

bool request_position(const struct request *request, uint64_t *ret_position)
{
	*ret_position = request->record->offset;
	return request->record->positioned;
}

uint32_t caller_uid(const struct file *file)
{
	return file->device->request.record->uid;
}

void *request_piece(struct request *request, unsigned index)
{
	assert(request->argument && index < request->argument->n_pieces);
	return request->argument->places[index];
}

uint64_t device_option(const struct device *device, unsigned index)
{
	assert(index < device->driver->n_options);
	return device->options[index];
}

void device_set_error(struct device *device, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(device->explanation, sizeof(device->explanation), format, arguments);
	va_end(arguments);
}

void device_warn(struct device *device, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	log_warning("%s: %s", device->instance->name, text);
}

uint64_t device_now(const struct device *device)
{
	/* Asked at most once a call, and only by calls that need it. */
	if (device->now == 0)
		((struct device *)device)->now = alarm_now();
	return device->now;
}

void request_deadline(struct request *request, uint64_t when)
{
	request->record->deadline = when;
}

void request_progress(struct request *request, size_t done)
{
	request->record->progress = (uint32_t)done;
}

void request_lock_device(struct request *request)
{
	request->hold = true;
}

void device_timer(struct device *device, unsigned timer, uint64_t when)
{
	assert(timer < device->driver->n_timers);
	device->record->timers[timer] = when ? when : TIME_NEVER;
}

void device_checkpoint(struct device *device)
{
	transaction_checkpoint(&device->layout);
}

uint64_t reg_get(struct device *device, unsigned index)
{
	assert(index < device->driver->n_registers);
	return reg_read(device->registers[index], 0);
}

void reg_set(struct device *device, unsigned index, uint64_t value)
{
	assert(index < device->driver->n_registers);
	reg_write(device->registers[index], 0, value);
}

void reg_read_rep(struct device *device, unsigned index, void *to, size_t count)
{
	assert(index < device->driver->n_registers);
	reg_read_many(device->registers[index], to, count);
}

void reg_write_rep(struct device *device, unsigned index, const void *from, size_t count)
{
	assert(index < device->driver->n_registers);
	reg_write_many(device->registers[index], from, count);
}

/* Bytes from `offset` that are within the window, of those wanted. */
static size_t within(const struct window *window, uint64_t offset, size_t size)
{
	if (offset >= window->size)
		return 0;
	return size < window->size - offset ? size : (size_t)(window->size - offset);
}

uint64_t bulk_size(const struct device *device, unsigned index)
{
	assert(index < device->driver->n_windows);
	return device->windows[index]->size;
}

size_t bulk_get(struct device *device, unsigned index, uint64_t offset, void *to, size_t size)
{
	assert(index < device->driver->n_windows);
	size = within(device->windows[index], offset, size);
	window_get(device->windows[index], offset, to, size);
	return size;
}

size_t bulk_put(struct device *device, unsigned index, uint64_t offset, const void *from,
		size_t size)
{
	assert(index < device->driver->n_windows);
	size = within(device->windows[index], offset, size);
	if (size)
		device->layout.transaction->touched = 1;
	window_put(device->windows[index], offset, from, size);
	return size;
}
