// SPDX-License-Identifier: GPL-2.0-or-later
// The functions of cuio/driver.h that drivers call.
#include "base/alarm.h"
#include "base/log.h"
#include "device/internal.h"
#include "regmap/regmap.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void *cuio_device_state(struct cuio_device *device)
{
	return device->record->state;
}

void *cuio_file_state(struct cuio_file *file)
{
	return call_change_file(file->device)->state;
}

void *cuio_request_state(struct cuio_request *request)
{
	call_need_state(request->device);
	return request->record->state;
}

void *cuio_device_data(struct cuio_device *device)
{
	return device->layout.data;
}

const void *cuio_device_context(const struct cuio_device *device)
{
	return device->driver->context;
}

struct cuio_device *cuio_file_device(struct cuio_file *file)
{
	return file->device;
}

unsigned cuio_file_flags(const struct cuio_file *file)
{
	return file->record->flags;
}

unsigned cuio_file_node(const struct cuio_file *file)
{
	return file->record->node;
}

uint64_t cuio_request_offset(const struct cuio_request *request)
{
	return request->record->offset;
}

bool cuio_request_position(const struct cuio_request *request, uint64_t *ret_position)
{
	*ret_position = request->record->position;
	return request->record->positioned;
}

uint32_t cuio_file_caller_uid(const struct cuio_file *file)
{
	return file->device->request.record->uid;
}

void *cuio_request_piece(struct cuio_request *request, unsigned index)
{
	assert(request->argument && index < request->argument->n_pieces);
	return request->argument->places[index];
}

uint64_t cuio_device_option(const struct cuio_device *device, unsigned index)
{
	assert(index < device->driver->n_options);
	return device->options[index];
}

void cuio_device_set_error(struct cuio_device *device, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(device->explanation, sizeof(device->explanation), format, arguments);
	va_end(arguments);
}

void cuio_device_warn(struct cuio_device *device, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	log_warning("%s: %s", device->instance->name, text);
}

uint64_t cuio_device_now(const struct cuio_device *device)
{
	/* The clock is read at most once per call, and only if needed. */
	if (device->now == 0)
		((struct cuio_device *)device)->now = alarm_now();
	return device->now;
}

void cuio_request_set_deadline(struct cuio_request *request, uint64_t when)
{
	request->record->deadline = when;
}

void cuio_request_set_progress(struct cuio_request *request, size_t done)
{
	uint32_t most = request->record->in_size;

	request->record->progress = done < most ? (uint32_t)done : most;
}

void cuio_request_lock_device(struct cuio_request *request)
{
	request->hold = true;
}

void cuio_device_set_timer(struct cuio_device *device, unsigned timer, uint64_t when)
{
	assert(timer < device->driver->n_timers);
	device->record->timers[timer] = when ? when : TIME_NEVER;
}

void cuio_device_checkpoint(struct cuio_device *device)
{
	device->checkpointed = true;
	transaction_checkpoint(&device->layout);
}

uint64_t cuio_reg_read(struct cuio_device *device, unsigned index)
{
	assert(index < device->driver->n_registers);
	return access_read(device, device->registers[index], 0);
}

void cuio_reg_write(struct cuio_device *device, unsigned index, uint64_t value)
{
	assert(index < device->driver->n_registers);
	access_write(device, device->registers[index], 0, value);
}

uint32_t cuio_reg_count(const struct cuio_device *device, unsigned index)
{
	assert(index < device->driver->n_registers);
	return device->registers[index]->count;
}

int cuio_element_check(const struct cuio_device *device, unsigned index, uint64_t first,
		       uint64_t count)
{
	assert(index < device->driver->n_registers);
	return reg_check_range(device->registers[index], first, count);
}

uint64_t cuio_element_read(struct cuio_device *device, unsigned index, uint64_t element)
{
	assert(index < device->driver->n_registers &&
	       reg_check(device->registers[index], element) == 0);
	return access_read(device, device->registers[index], element);
}

void cuio_element_write(struct cuio_device *device, unsigned index, uint64_t element,
			uint64_t value)
{
	assert(index < device->driver->n_registers &&
	       reg_check(device->registers[index], element) == 0);
	access_write(device, device->registers[index], element, value);
}

void cuio_reg_read_rep(struct cuio_device *device, unsigned index, void *to, size_t count)
{
	assert(index < device->driver->n_registers);
	access_read_rep(device, device->registers[index], to, count);
}

void cuio_reg_write_rep(struct cuio_device *device, unsigned index, const void *from, size_t count)
{
	assert(index < device->driver->n_registers);
	access_write_rep(device, device->registers[index], from, count);
}

uint64_t cuio_field_get(const struct cuio_device *device, unsigned index, uint64_t reg_value)
{
	assert(index < device->driver->n_fields);
	return (reg_value & field_mask(device->fields[index])) >> device->fields[index]->shift;
}

uint64_t cuio_field_set(const struct cuio_device *device, unsigned index, uint64_t reg_value,
			uint64_t value)
{
	uint64_t mask;

	assert(index < device->driver->n_fields);
	mask = field_mask(device->fields[index]);
	return (reg_value & ~mask) | ((value << device->fields[index]->shift) & mask);
}

uint64_t cuio_field_read(struct cuio_device *device, unsigned index)
{
	assert(index < device->driver->n_fields);
	return cuio_field_get(device, index,
			      cuio_reg_read(device, device->driver->fields[index].reg));
}

void cuio_field_write(struct cuio_device *device, unsigned index, uint64_t value)
{
	unsigned reg;

	assert(index < device->driver->n_fields);
	reg = device->driver->fields[index].reg;
	cuio_reg_write(device, reg,
		       cuio_field_set(device, index, cuio_reg_read(device, reg), value));
}

/* Limits `size` bytes from `offset` on to the window. */
static size_t within(const struct window *window, uint64_t offset, size_t size)
{
	if (offset >= window->size)
		return 0;
	return size < window->size - offset ? size : (size_t)(window->size - offset);
}

uint64_t cuio_window_size(const struct cuio_device *device, unsigned index)
{
	assert(index < device->driver->n_windows);
	return device->windows[index]->size;
}

size_t cuio_window_read(struct cuio_device *device, unsigned index, uint64_t offset, void *to,
			size_t size)
{
	assert(index < device->driver->n_windows);
	size = within(device->windows[index], offset, size);
	device->looked = true;
	window_get(device->windows[index], offset, to, size);
	return size;
}

size_t cuio_window_write(struct cuio_device *device, unsigned index, uint64_t offset,
			 const void *from, size_t size)
{
	assert(index < device->driver->n_windows);
	size = within(device->windows[index], offset, size);
	if (size)
		access_note(device);
	window_put(device->windows[index], offset, from, size);
	return size;
}
