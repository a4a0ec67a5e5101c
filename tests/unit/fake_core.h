/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for the core, so that a driver's functions can be called one by one and looked at. */
#ifndef FAKE_CORE_H
#define FAKE_CORE_H

#include "hardware/window.h"
#include "regmap/description.h"
#include <cuio/driver.h>

struct device {
	const struct driver *driver;
	struct description *description;
	struct report report;
	_Alignas(8) uint8_t state[DRIVER_DEVICE_STATE_MAX];
	uint64_t now;
	uint64_t timers[DRIVER_TIMERS_MAX];
	char explanation[512];
};

struct file {
	struct device *device;
	_Alignas(8) uint8_t state[DRIVER_FILE_STATE_MAX];
	unsigned flags, node;
};

struct request {
	_Alignas(8) uint8_t state[DRIVER_REQUEST_STATE_MAX];
	uint64_t deadline, offset;
	bool hold;
};

/* Loads a description, binds all its registers to `window`; fails the test with its findings. */
void fake_load(struct device *device, const char *path, const struct window *window);
void fake_parse(struct device *device, const char *text, const struct window *window);
/* The findings of a bad text; freed by fake_done(). */
const char *fake_findings(struct device *device, const char *text);
void fake_done(struct device *device);

/* Forgets what the last call asked for, and calls. */
ssize_t fake_read(struct file *file, struct request *request, void *data, size_t size);
ssize_t fake_write(struct file *file, struct request *request, const void *data, size_t size);
const struct driver_ioctl *fake_entry(struct device *device, const char *name, bool compat);
int fake_ioctl(struct file *file, struct request *request, const char *name, void *arg);
int fake_ioctl_compat(struct file *file, struct request *request, const char *name, void *arg);
/* What the core does when the interrupt's fd is readable. */
void fake_interrupt(struct device *device);

#endif
