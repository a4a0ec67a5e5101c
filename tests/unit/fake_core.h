/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for the core, so that a driver's functions can be called one by one and looked at. */
#ifndef FAKE_CORE_H
#define FAKE_CORE_H

#include "hardware/window.h"
#include "regmap/description.h"
#include <cuio/driver.h>

struct cuio_device {
	const struct cuio_driver *driver;
	struct description *description;
	struct report report;
	_Alignas(8) uint8_t state[CUIO_DEVICE_STATE_MAX];
	uint64_t now;
	uint64_t timers[CUIO_TIMERS_MAX];
	char explanation[512];
};

struct cuio_file {
	struct cuio_device *device;
	_Alignas(8) uint8_t state[CUIO_FILE_STATE_MAX];
	unsigned flags, node;
};

struct cuio_request {
	_Alignas(8) uint8_t state[CUIO_REQUEST_STATE_MAX];
	uint64_t deadline, offset;
	bool hold;
};

/* Loads a description, binds all its registers to `window`; fails the test with its findings. */
void fake_load(struct cuio_device *device, const char *path, const struct window *window);
void fake_parse(struct cuio_device *device, const char *text, const struct window *window);
/* The findings of a bad text; freed by fake_done(). */
const char *fake_findings(struct cuio_device *device, const char *text);
void fake_done(struct cuio_device *device);

/* Forgets what the last call asked for, and calls. */
ssize_t fake_read(struct cuio_file *file, struct cuio_request *request, void *data, size_t size);
ssize_t fake_write(struct cuio_file *file, struct cuio_request *request, const void *data,
		   size_t size);
const struct cuio_driver_ioctl *fake_entry(struct cuio_device *device, const char *name,
					   bool compat);
int fake_ioctl(struct cuio_file *file, struct cuio_request *request, const char *name, void *arg);
int fake_ioctl_compat(struct cuio_file *file, struct cuio_request *request, const char *name,
		      void *arg);
/* What the core does when the interrupt's fd is readable. */
void fake_interrupt(struct cuio_device *device);

#endif
