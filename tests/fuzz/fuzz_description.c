/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: any bytes as a description, through document, regmap and steps. A good one is
 * then driven with made-up calls on hardware that reads as noise, since steps must be bounded and
 * stay in their buffers whatever the card and the caller say.
 *
 *   clang -fsanitize=fuzzer,address,undefined ... tests/fuzz/fuzz_description.c (see
 * tests/fuzz/run)
 */
#include "driver/table.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct cuio_device {
	const struct cuio_driver *driver;
	const struct description *description;
	_Alignas(8) uint8_t state[CUIO_DEVICE_STATE_MAX];
	uint64_t now;
};

struct cuio_file {
	struct cuio_device *device;
	_Alignas(8) uint8_t state[CUIO_FILE_STATE_MAX];
	unsigned node;
};

struct cuio_request {
	_Alignas(8) uint8_t state[CUIO_REQUEST_STATE_MAX];
	uint64_t deadline;
};

static uint64_t noise;

/* The linker finds these before the core's. */
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
	return device->state;
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
	(void)file;
	return 2;
}

unsigned cuio_file_node(const struct cuio_file *file)
{
	return file->node;
}

uint64_t cuio_request_offset(const struct cuio_request *request)
{
	(void)request;
	return 0;
}

uint64_t cuio_device_now(const struct cuio_device *device)
{
	return device->now;
}

void cuio_request_set_deadline(struct cuio_request *request, uint64_t when)
{
	request->deadline = when;
}

void cuio_device_set_error(struct cuio_device *device, const char *format, ...)
{
	(void)device, (void)format;
}

void cuio_device_warn(struct cuio_device *device, const char *format, ...)
{
	(void)device, (void)format;
}

uint64_t cuio_device_option(const struct cuio_device *device, unsigned index)
{
	if (index >= device->driver->n_options)
		abort();
	return device->driver->options[index].default_value;
}

void cuio_request_lock_device(struct cuio_request *request)
{
	(void)request;
}

void cuio_device_set_timer(struct cuio_device *device, unsigned timer, uint64_t when)
{
	(void)when;
	if (timer >= device->driver->n_timers)
		abort();
}

void cuio_device_checkpoint(struct cuio_device *device)
{
	(void)device;
}

/* An element that the real core would not let through is a finding. */
static const struct reg *checked(const struct cuio_device *device, unsigned index, uint64_t element)
{
	if (index >= device->driver->n_registers ||
	    reg_check(&device->description->regmap.regs[index], element) < 0)
		abort();
	return &device->description->regmap.regs[index];
}

int cuio_element_check(const struct cuio_device *device, unsigned index, uint64_t first,
		       uint64_t count)
{
	if (index >= device->driver->n_registers)
		abort();
	return reg_check_range(&device->description->regmap.regs[index], first, count);
}

uint64_t cuio_element_read(struct cuio_device *device, unsigned index, uint64_t element)
{
	return reg_read(checked(device, index, element), element);
}

void cuio_element_write(struct cuio_device *device, unsigned index, uint64_t element,
			uint64_t value)
{
	reg_write(checked(device, index, element), element, value);
}

uint64_t cuio_reg_read(struct cuio_device *device, unsigned index)
{
	return cuio_element_read(device, index, 0);
}

void cuio_reg_write(struct cuio_device *device, unsigned index, uint64_t value)
{
	cuio_element_write(device, index, 0, value);
}

static void check_access(const struct window *window, uint64_t offset, unsigned width)
{
	if (offset % width || offset + width > window->size)
		abort();
}

static uint64_t noise_read(const struct window *window, uint64_t offset, unsigned width)
{
	check_access(window, offset, width);
	noise = noise * UINT64_C(6364136223846793005) + 1;
	return (noise >> 33) & (width == 8 ? UINT64_MAX : (UINT64_C(1) << width * 8) - 1);
}

static void noise_write(const struct window *window, uint64_t offset, unsigned width,
			uint64_t value)
{
	(void)value;
	check_access(window, offset, width);
}

/* Calls until it is answered, with the clock at each deadline; a wait for ever is given up. */
#define UNTIL_ANSWERED(call)                                                                       \
	for (int tries = 0; tries < 20 && (call) == cuio_not_yet; tries++)                         \
	file.device->now = request.deadline > file.device->now ? request.deadline                  \
							       : file.device->now + 1000000

static void drive_ioctl(struct cuio_device *device, const struct cuio_driver_ioctl *entry)
{
	struct cuio_file file = { .device = device };
	struct cuio_request request = { 0 };
	size_t size = entry->size > 8 ? entry->size : 8;
	uint8_t *saved = malloc(size), *arg = malloc(size);
	int result = cuio_not_yet;

	for (size_t i = 0; i < size; i++)
		saved[i] = (uint8_t)(noise >> (i % 8));
	for (int tries = 0; tries < 20 && result == cuio_not_yet; tries++) {
		memcpy(arg, saved, size);
		result = entry->call(entry, &file, &request, arg);
		if (result < -511 && result != cuio_not_yet)
			abort();
		device->now =
			request.deadline > device->now ? request.deadline : device->now + 1000000;
	}
	free(saved);
	free(arg);
}

static void drive(struct cuio_device *device)
{
	const struct cuio_driver *driver = device->driver;
	struct cuio_file file = { .device = device };
	struct cuio_request request = { 0 };
	uint8_t *data = calloc(1, 64);

	if (driver->open && driver->open(&file) < -511)
		abort();
	if (driver->poll)
		driver->poll(&file);
	if (driver->read)
		UNTIL_ANSWERED(driver->read(&file, &request, data, 64));
	request = (struct cuio_request){ 0 };
	if (driver->write)
		UNTIL_ANSWERED(driver->write(&file, &request, data, 64));
	for (size_t i = 0; i < driver->n_ioctls; i++)
		drive_ioctl(device, &driver->ioctls[i]);
	if (driver->interrupt)
		driver->interrupt(device, 0, noise);
	for (unsigned i = 0; i < driver->n_timers; i++)
		driver->timer(device, i);
	if (driver->release)
		driver->release(&file);
	free(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct window_ops ops = { .read = noise_read, .write = noise_write };
	struct window windows[HARDWARE_WINDOWS_MAX];
	struct report report = { 0 };
	struct description *description = NULL;
	const struct cuio_driver *driver = NULL;
	unsigned findings;
	int r;

	r = description_parse("fuzz", (const char *)bytes, size, &report, &description);
	if (r >= 0)
		r = driver_load(description, &report, &driver);
	findings = report.count;
	if ((r < 0) != (findings > 0))
		abort();
	if (r >= 0) {
		struct cuio_device *device = calloc(1, sizeof(*device));

		device->driver = driver;
		device->description = description;
		for (size_t i = 0; i < description->n_windows; i++)
			windows[i] = (struct window){ .name = description->windows[i].name,
						      .ops = &ops,
						      .size = description->windows[i].size };
		for (size_t i = 0; i < description->regmap.n_regs; i++) {
			struct reg *reg = &description->regmap.regs[i];

			for (size_t j = 0; j < description->n_windows; j++) {
				if (!strcmp(windows[j].name, reg->window_name))
					reg->window = &windows[j];
			}
			if (!reg->window)
				abort();
		}
		noise = size;
		/* [Start] may really wait: a fuzzer has no time for that. */
		memset(device->state, 0, sizeof(device->state));
		drive(device);
		free(device);
		description_check_rest(description, &report);
	}
	driver_unload(driver);
	description_free(description);
	report_done(&report);
	return 0;
}
