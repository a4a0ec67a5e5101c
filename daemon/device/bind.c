// SPDX-License-Identifier: GPL-2.0-or-later
// What a driver asks for by name, and the description and the instance file have.
#include "config/options.h"
#include "device/internal.h"
#include "regmap/regmap.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The registers of a driver written in C must be in the description, as wide as it expects. */
static int bind_registers(struct device *device, struct report *report)
{
	const struct driver *driver = device->driver;
	const struct regmap *map = &device->instance->description->regmap;
	unsigned before = report->count;

	device->registers = calloc(driver->n_registers + 1, sizeof(struct reg *));
	if (!device->registers)
		return -ENOMEM;
	for (size_t i = 0; i < driver->n_registers; i++) {
		const struct driver_register *want = &driver->registers[i];
		const struct reg *reg = regmap_find(map, want->name);

		if (!reg)
			report_add(report, map->path, 0,
				   "no register %s: the driver %s needs [Register %s]", want->name,
				   driver->name, want->name);
		else if (reg->width != want->width || (want->read && !reg->read) ||
			 (want->write && !reg->write))
			report_add(report, map->path, reg->line,
				   "register %s: the driver %s needs Width=%u and Access=%s%s",
				   want->name, driver->name, want->width * 8U,
				   want->read ? "r" : "", want->write ? "w" : "");
		device->registers[i] = reg;
	}
	regmap_watch(&device->instance->description->regmap, &device->layout.transaction->touched);
	return report->count == before ? 0 : -EINVAL;
}

static int bind_windows(struct device *device, struct report *report)
{
	const struct driver *driver = device->driver;
	const char *path = device->instance->description->document->path;
	int r = 0;

	for (size_t i = 0; i < driver->n_windows; i++) {
		const struct window *window = hardware_window(device->hardware, driver->windows[i]);

		if (!window)
			r = report_add(report, path, 0,
				       "no window %s: the driver %s needs [Window %s]",
				       driver->windows[i], driver->name, driver->windows[i]);
		else if (window->type != WINDOW_MEMORY)
			r = report_add(report, path, 0,
				       "[Window %s]: the driver %s needs Type=memory",
				       driver->windows[i], driver->name);
		device->windows[i] = window;
	}
	return r;
}

int bind_driver(struct device *device, struct report *report)
{
	int r = bind_registers(device, report);

	if (r >= 0)
		r = bind_windows(device, report);
	if (r >= 0)
		r = options_read(device->driver, device->instance->description->document,
				 device->instance->document, report, device->options);
	return r;
}
