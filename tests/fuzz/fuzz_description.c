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

struct device {
	const struct driver *driver;
	_Alignas(8) uint8_t state[DRIVER_DEVICE_STATE_MAX];
	uint64_t now;
};

struct file {
	struct device *device;
	_Alignas(8) uint8_t state[DRIVER_FILE_STATE_MAX];
	unsigned node;
};

struct request {
	_Alignas(8) uint8_t state[DRIVER_REQUEST_STATE_MAX];
	uint64_t deadline;
};

static uint64_t noise;

/* The linker finds these before the core's. */
void *device_state(struct device *device)
{
	return device->state;
}

void *file_state(struct file *file)
{
	return file->state;
}

void *request_state(struct request *request)
{
	return request->state;
}

void *device_data(struct device *device)
{
	return device->state;
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
	(void)file;
	return 2;
}

unsigned file_node(const struct file *file)
{
	return file->node;
}

uint64_t request_offset(const struct request *request)
{
	(void)request;
	return 0;
}

uint64_t device_now(const struct device *device)
{
	return device->now;
}

void request_deadline(struct request *request, uint64_t when)
{
	request->deadline = when;
}

void device_set_error(struct device *device, const char *format, ...)
{
	(void)device, (void)format;
}

void device_warn(struct device *device, const char *format, ...)
{
	(void)device, (void)format;
}

uint64_t device_option(const struct device *device, unsigned index)
{
	if (index >= device->driver->n_options)
		abort();
	return device->driver->options[index].default_value;
}

void request_lock_device(struct request *request)
{
	(void)request;
}

void device_timer(struct device *device, unsigned timer, uint64_t when)
{
	(void)when;
	if (timer >= device->driver->n_timers)
		abort();
}

void device_checkpoint(struct device *device)
{
	(void)device;
}

uint64_t reg_get(struct device *device, unsigned index)
{
	(void)device;
	return index;
}

void reg_set(struct device *device, unsigned index, uint64_t value)
{
	(void)device;
	(void)index;
	(void)value;
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
	for (int tries = 0; tries < 20 && (call) == -EAGAIN; tries++)                              \
	file.device->now = request.deadline > file.device->now ? request.deadline                  \
							       : file.device->now + 1000000

static void drive_ioctl(struct device *device, const struct driver_ioctl *entry)
{
	struct file file = { .device = device };
	struct request request = { 0 };
	size_t size = entry->size > 8 ? entry->size : 8;
	uint8_t *saved = malloc(size), *arg = malloc(size);
	int result = -EAGAIN;

	for (size_t i = 0; i < size; i++)
		saved[i] = (uint8_t)(noise >> (i % 8));
	for (int tries = 0; tries < 20 && result == -EAGAIN; tries++) {
		memcpy(arg, saved, size);
		result = entry->call(entry, &file, &request, arg);
		if (result < -511)
			abort();
		device->now =
			request.deadline > device->now ? request.deadline : device->now + 1000000;
	}
	free(saved);
	free(arg);
}

static void drive(struct device *device)
{
	const struct driver *driver = device->driver;
	struct file file = { .device = device };
	struct request request = { 0 };
	uint8_t *data = calloc(1, 64);

	if (driver->open && driver->open(&file) < -511)
		abort();
	if (driver->poll)
		driver->poll(&file);
	if (driver->read)
		UNTIL_ANSWERED(driver->read(&file, &request, data, 64));
	request = (struct request){ 0 };
	if (driver->write)
		UNTIL_ANSWERED(driver->write(&file, &request, data, 64));
	for (size_t i = 0; i < driver->n_ioctls; i++)
		drive_ioctl(device, &driver->ioctls[i]);
	if (driver->interrupt)
		driver->interrupt(device, noise);
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
	const struct driver *driver = NULL;
	unsigned findings;
	int r;

	r = description_parse("fuzz", (const char *)bytes, size, &report, &description);
	if (r >= 0)
		r = driver_load(description, &report, &driver);
	findings = report.count;
	if ((r < 0) != (findings > 0))
		abort();
	if (r >= 0) {
		struct device *device = calloc(1, sizeof(*device));

		device->driver = driver;
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
