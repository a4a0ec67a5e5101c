/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All functions of <cuio/driver.h> that the core has, over plain structs. */
#include "fake_core.h"
#include "driver/table.h"
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *cuio_device_state(struct cuio_device *device)
{
	return device->state;
}

void *cuio_file_state(struct cuio_file *file)
{
	return file->state;
}

void *cuio_request_state(struct cuio_request *request)
{
	return request->state;
}

void *cuio_device_data(struct cuio_device *device)
{
	(void)device;
	return NULL;
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
	return file->flags;
}

unsigned cuio_file_node(const struct cuio_file *file)
{
	return file->node;
}

uint64_t cuio_request_offset(const struct cuio_request *request)
{
	return request->offset;
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
	(void)device, (void)format;
}

uint64_t cuio_device_now(const struct cuio_device *device)
{
	return device->now;
}

void cuio_request_set_deadline(struct cuio_request *request, uint64_t when)
{
	request->deadline = when;
}

void cuio_request_set_progress(struct cuio_request *request, size_t done)
{
	(void)request;
	(void)done;
}

void cuio_request_lock_device(struct cuio_request *request)
{
	request->hold = true;
}

void cuio_device_set_timer(struct cuio_device *device, unsigned timer, uint64_t when)
{
	ck_assert_uint_lt(timer, device->driver->n_timers);
	device->timers[timer] = when;
}

void cuio_device_checkpoint(struct cuio_device *device)
{
	(void)device;
}

uint64_t cuio_reg_read(struct cuio_device *device, unsigned index)
{
	(void)device;
	(void)index;
	return 0;
}

void cuio_reg_write(struct cuio_device *device, unsigned index, uint64_t value)
{
	(void)device;
	(void)index;
	(void)value;
}

/* The rest of what a driver may call, for those in C; their tests have the real core (card.h). */
bool cuio_request_position(const struct cuio_request *request, uint64_t *ret_position)
{
	*ret_position = request->offset;
	return false;
}

uint32_t cuio_file_caller_uid(const struct cuio_file *file)
{
	(void)file;
	return 0;
}

void *cuio_request_piece(struct cuio_request *request, unsigned index)
{
	(void)request;
	(void)index;
	return NULL;
}

uint64_t cuio_device_option(const struct cuio_device *device, unsigned index)
{
	return device->driver->options[index].default_value;
}

void cuio_element_write(struct cuio_device *device, unsigned index, uint64_t element,
			uint64_t value)
{
	(void)device;
	(void)index;
	(void)element;
	(void)value;
}

void cuio_reg_read_rep(struct cuio_device *device, unsigned index, void *to, size_t count)
{
	(void)device;
	(void)index;
	(void)to;
	(void)count;
}

void cuio_reg_write_rep(struct cuio_device *device, unsigned index, const void *from, size_t count)
{
	(void)device;
	(void)index;
	(void)from;
	(void)count;
}

uint64_t cuio_window_size(const struct cuio_device *device, unsigned index)
{
	(void)device;
	(void)index;
	return 0;
}

size_t cuio_window_read(struct cuio_device *device, unsigned index, uint64_t offset, void *to,
			size_t size)
{
	(void)device;
	(void)index;
	(void)offset;
	(void)to;
	(void)size;
	return 0;
}

size_t cuio_window_write(struct cuio_device *device, unsigned index, uint64_t offset,
			 const void *from, size_t size)
{
	(void)device;
	(void)index;
	(void)offset;
	(void)from;
	(void)size;
	return 0;
}

static void fake_begin(struct cuio_device *device, int r, const struct window *window)
{
	if (r >= 0)
		r = driver_load(device->description, &device->report, &device->driver);
	if (r >= 0)
		r = description_check_rest(device->description, &device->report);
	ck_assert_msg(r >= 0, "%s", device->report.text ? device->report.text : "no findings");
	for (size_t i = 0; i < device->description->regmap.n_regs; i++)
		device->description->regmap.regs[i].window = window;
	device->now = 1000000;
	ck_assert_uint_le(device->driver->device_state, sizeof(device->state));
	ck_assert_uint_le(device->driver->file_state, CUIO_FILE_STATE_MAX);
	ck_assert_uint_le(device->driver->request_state, CUIO_REQUEST_STATE_MAX);
	ck_assert_int_eq(device->driver->start(device, CUIO_START_COLD), 0);
}

void fake_load(struct cuio_device *device, const char *path, const struct window *window)
{
	*device = (struct cuio_device){ 0 };
	fake_begin(device, description_load(path, &device->report, &device->description), window);
}

void fake_parse(struct cuio_device *device, const char *text, const struct window *window)
{
	*device = (struct cuio_device){ 0 };
	fake_begin(device,
		   description_parse("test.device", text, strlen(text), &device->report,
				     &device->description),
		   window);
}

const char *fake_findings(struct cuio_device *device, const char *text)
{
	*device = (struct cuio_device){ 0 };
	if (description_parse("test.device", text, strlen(text), &device->report,
			      &device->description) >= 0 &&
	    driver_load(device->description, &device->report, &device->driver) >= 0)
		description_check_rest(device->description, &device->report);
	return device->report.text ? device->report.text : "";
}

void fake_done(struct cuio_device *device)
{
	driver_unload(device->driver);
	description_free(device->description);
	report_done(&device->report);
}

static void fake_forget(struct cuio_request *request)
{
	request->deadline = 0;
	request->hold = false;
}

ssize_t fake_read(struct cuio_file *file, struct cuio_request *request, void *data, size_t size)
{
	fake_forget(request);
	return file->device->driver->read(file, request, data, size);
}

ssize_t fake_write(struct cuio_file *file, struct cuio_request *request, const void *data,
		   size_t size)
{
	fake_forget(request);
	return file->device->driver->write(file, request, data, size);
}

const struct cuio_driver_ioctl *fake_entry(struct cuio_device *device, const char *name,
					   bool compat)
{
	for (size_t i = 0; i < device->driver->n_ioctls; i++) {
		const struct cuio_driver_ioctl *entry = &device->driver->ioctls[i];

		if (!strcmp(entry->name, name) && entry->compat == compat)
			return entry;
	}
	return NULL;
}

static int fake_call(struct cuio_file *file, struct cuio_request *request, const char *name,
		     bool compat, void *arg)
{
	const struct cuio_driver_ioctl *entry = fake_entry(file->device, name, compat);

	ck_assert_msg(entry != NULL, "no ioctl %s", name);
	fake_forget(request);
	return entry->call(entry, file, request, arg);
}

int fake_ioctl(struct cuio_file *file, struct cuio_request *request, const char *name, void *arg)
{
	return fake_call(file, request, name, false, arg);
}

int fake_ioctl_compat(struct cuio_file *file, struct cuio_request *request, const char *name,
		      void *arg)
{
	return fake_call(file, request, name, true, arg);
}

void fake_interrupt(struct cuio_device *device)
{
	uint64_t cause = 1;

	if (device->driver->cause)
		ck_assert_int_eq(device->driver->cause(device, 0, &cause), 0);
	if (cause)
		device->driver->interrupt(device, 0, cause);
}
