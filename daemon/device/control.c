// SPDX-License-Identifier: GPL-2.0-or-later
// The ioctls of cuio/ioctl.h, on control files.
#include "device/internal.h"
#include "regmap/regmap.h"
#include <cuio/ioctl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool control_is_command(uint32_t command)
{
	return _IOC_TYPE(command) == CUIO_IOCTL_TYPE;
}

bool control_only_looks(uint32_t command)
{
	return control_is_command(command) && command != CUIO_IOCTL_READ &&
	       command != CUIO_IOCTL_WRITE && !control_is_batch(command);
}

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}
#define COPY(to, from) copy(to, sizeof(to), from)

/* Operations with a layout for 32-bit callers are not listed twice. */
static const struct cuio_driver_ioctl *find_operation(const struct cuio_driver *driver,
						      uint32_t index)
{
	for (size_t i = 0; i < driver->n_ioctls; i++)
		if (!driver->ioctls[i].compat && index-- == 0)
			return &driver->ioctls[i];
	return NULL;
}

static uint32_t count_operations(const struct cuio_driver *driver)
{
	uint32_t count = 0;

	while (find_operation(driver, count))
		count++;
	return count;
}

static ssize_t answer_info(struct cuio_device *device, const struct request_record *request,
			   struct cuio_info *info)
{
	const struct instance *instance = device->instance;
	const struct saved_header *saved = device->saved->header;
	const struct device_record *record = device->record;

	*info = (struct cuio_info){
		.version = CUIO_IOCTL_VERSION,
		.pid = (uint32_t)getpid(),
		.generation = saved->generation,
		.replayed = record->replayed,
		.crash_errors = record->crash_errors,
		.requests = record->requests,
		.interrupts = record->interrupts,
		.last_crash_time = saved->last_crash_time,
		.parked = device->n_parked,
		.n_registers = (uint32_t)instance->description->regmap.n_regs,
		.n_operations = count_operations(device->driver),
		.n_nodes = (uint32_t)instance->n_nodes,
		.node = request->node,
		.storm_pause = device->storm.pause,
	};
	for (uint32_t i = 0; i < RECORD_FILES; i++)
		info->open_files += layout_file(&device->layout, i)->used;
	COPY(info->instance, instance->name);
	COPY(info->node_name, instance->nodes[request->node].name);
	COPY(info->driver, device->driver->name);
	COPY(info->description, instance->description->document->path);
	COPY(info->title, instance->description->title);
	COPY(info->backend, instance->backend);
	COPY(info->card, hardware_card(device->hardware));
	COPY(info->last_crash_cause, saved->last_crash_cause);
	COPY(info->daemon_version, CUIO_VERSION);
	return 0;
}

static uint32_t access_flags(bool read, bool write)
{
	return (read ? CUIO_REGISTER_READ : 0) | (write ? CUIO_REGISTER_WRITE : 0);
}

static ssize_t answer_register(const struct cuio_device *device, struct cuio_register *answer)
{
	const struct reg *reg = control_register(device, answer->index);

	if (!reg)
		return -ENOENT;
	*answer = (struct cuio_register){
		.index = answer->index,
		.flags = access_flags(reg->read, reg->write) |
			 (reg->side_effect ? CUIO_REGISTER_SIDE_EFFECT : 0),
		.offset = reg->offset,
		.stride = reg->stride,
		.width = reg->width,
		.count = reg->count,
		.n_fields = (uint32_t)reg->n_fields,
	};
	COPY(answer->name, reg->name);
	COPY(answer->window, reg->window_name);
	COPY(answer->title, reg->title);
	return 0;
}

static ssize_t answer_field(const struct cuio_device *device, struct cuio_field *answer)
{
	const struct reg *reg = control_register(device, answer->register_index);
	const struct field *field;

	if (!reg || answer->index >= reg->n_fields)
		return -ENOENT;
	field = &reg->fields[answer->index];
	*answer = (struct cuio_field){
		.register_index = answer->register_index,
		.index = answer->index,
		.shift = field->shift,
		.bits = field->bits,
		.flags = access_flags(field->read, field->write),
	};
	COPY(answer->name, field->name);
	COPY(answer->title, field->title);
	return 0;
}

static ssize_t answer_operation(const struct cuio_device *device, struct cuio_operation *answer)
{
	const struct cuio_driver_ioctl *entry = find_operation(device->driver, answer->index);

	if (!entry)
		return -ENOENT;
	*answer = (struct cuio_operation){
		.index = answer->index,
		.number = entry->number,
		.argument = entry->argument,
		.size = entry->size,
		.n_members = (uint32_t)entry->n_members,
		.restartable = entry->restartable,
	};
	COPY(answer->name, entry->name);
	return 0;
}

static ssize_t answer_member(const struct cuio_device *device, struct cuio_member *answer)
{
	const struct cuio_driver_ioctl *entry =
		find_operation(device->driver, answer->operation_index);
	const struct cuio_driver_member *member;

	if (!entry || answer->index >= entry->n_members)
		return -ENOENT;
	member = &entry->members[answer->index];
	*answer = (struct cuio_member){
		.operation_index = answer->operation_index,
		.index = answer->index,
		.offset = member->offset,
		.width = member->width,
		.count = member->count,
		.is_signed = member->is_signed,
	};
	COPY(answer->name, member->name);
	return 0;
}

/* A waiting request's progress, in its state. */
struct wait_state {
	uint64_t seen; /* interrupt count that ends the wait; 0: the wait begins */
	uint64_t deadline;
};

static ssize_t wait_interrupt(struct cuio_device *device, struct request_record *request,
			      struct cuio_wait *wait)
{
	struct wait_state *state = cuio_request_state(&device->request);

	if (hardware_interrupt_fd(device->hardware) < 0)
		return -ENOTCONN;
	if (state->seen == 0) {
		uint64_t now = cuio_device_now(device);

		state->seen = device->record->interrupts + 1;
		state->deadline = wait->timeout && wait->timeout < TIME_NEVER - now
					  ? now + wait->timeout
					  : TIME_NEVER;
	}
	if (device->record->interrupts >= state->seen) {
		wait->cause = device->record->last_cause;
		wait->count = device->record->interrupts;
		return 0;
	}
	if (state->deadline != TIME_NEVER && cuio_device_now(device) >= state->deadline)
		return -ETIMEDOUT;
	request->deadline = state->deadline;
	return cuio_not_yet;
}

/* The owner is told by each call. Whether root is root of the machine was found out at the open, as
 * for /dev/mem. */
static bool may_touch(const struct cuio_device *device, const struct request_record *request)
{
	return request->uid == 0 ? device->file.record->raw_io
				 : request->uid == device->owners[request->node];
}

static ssize_t touch(struct cuio_device *device, struct request_record *request, void *data)
{
	if (!may_touch(device, request))
		return -EPERM;
	switch (request->command) {
	case CUIO_IOCTL_READ:
		return control_read(device, data);
	case CUIO_IOCTL_WRITE:
		return control_write(device, data);
	case CUIO_IOCTL_CHECK:
		return control_check_write(device, data);
	default:
		return wait_interrupt(device, request, data);
	}
}

/* The number contains the size, which depends on the number of steps. */
bool control_is_batch(uint32_t command)
{
	return control_is_command(command) && _IOC_NR(command) == CUIO_IOCTL_BATCH_NUMBER &&
	       _IOC_DIR(command) == (_IOC_READ | _IOC_WRITE);
}

static ssize_t run_batch(struct cuio_device *device, struct request_record *request, void *data)
{
	return may_touch(device, request) ? batch_run(device, request, data) : -EPERM;
}

ssize_t control_ioctl(struct cuio_device *device, struct request_record *request, void *data)
{
	if (control_is_batch(request->command))
		return run_batch(device, request, data);
	switch (request->command) {
	case CUIO_IOCTL_INFO:
		return answer_info(device, request, data);
	case CUIO_IOCTL_REGISTER:
		return answer_register(device, data);
	case CUIO_IOCTL_FIELD:
		return answer_field(device, data);
	case CUIO_IOCTL_OPERATION:
		return answer_operation(device, data);
	case CUIO_IOCTL_MEMBER:
		return answer_member(device, data);
	case CUIO_IOCTL_READ:
	case CUIO_IOCTL_WRITE:
	case CUIO_IOCTL_CHECK:
	case CUIO_IOCTL_WAIT:
		return touch(device, request, data);
	default:
		return -ENOTTY;
	}
}
