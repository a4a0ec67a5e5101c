// SPDX-License-Identifier: GPL-2.0-or-later
// Binds the names in a driver's tables to the description and the instance file.
#include "config/options.h"
#include "device/internal.h"
#include "regmap/regmap.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Each of a driver's registers must be in the description, with the expected width. */
static int bind_registers(struct cuio_device *device, struct report *report)
{
	const struct cuio_driver *driver = device->driver;
	const struct regmap *map = &device->instance->description->regmap;
	unsigned before = report->count;

	device->registers = calloc(driver->n_registers + 1, sizeof(struct reg *));
	if (!device->registers)
		return -ENOMEM;
	for (size_t i = 0; i < driver->n_registers; i++) {
		const struct cuio_driver_register *want = &driver->registers[i];
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
	return report->count == before ? 0 : -EINVAL;
}

static int bind_fields(struct cuio_device *device, struct report *report)
{
	const struct cuio_driver *driver = device->driver;
	const struct regmap *map = &device->instance->description->regmap;
	int r = 0;

	device->fields = calloc(driver->n_fields + 1, sizeof(struct field *));
	if (!device->fields)
		return -ENOMEM;
	for (size_t i = 0; i < driver->n_fields; i++) {
		const struct reg *reg = device->registers[driver->fields[i].reg];

		device->fields[i] = reg_field(reg, driver->fields[i].name);
		if (!device->fields[i])
			r = report_add(report, map->path, reg->line,
				       "register %s has no field %s: the driver %s needs Field=%s",
				       reg->name, driver->fields[i].name, driver->name,
				       driver->fields[i].name);
	}
	return r;
}

/* Rejects features of the contract that no back-end supports. */
static int refuse_unserved(const struct cuio_device *device, struct report *report)
{
	const struct cuio_driver *driver = device->driver;
	const struct {
		const char *what;
		bool has;
	} unserved[] = {
		{ "several interrupts", driver->n_interrupts > 0 },
		{ "DMA buffers", driver->n_buffers > 0 },
		{ "map()", driver->map != NULL },
		{ "removed()", driver->removed != NULL },
		{ "suspend()", driver->suspend != NULL },
	};
	int r = 0;

	for (size_t i = 0; i < sizeof(unserved) / sizeof(unserved[0]); i++) {
		if (unserved[i].has)
			r = report_add(report, device->instance->description->document->path, 0,
				       "the driver %s has %s, which this version of cuio does not "
				       "serve: use the driver without it",
				       driver->name, unserved[i].what);
	}
	return r;
}

static int bind_windows(struct cuio_device *device, struct report *report)
{
	const struct cuio_driver *driver = device->driver;
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

int bind_driver(struct cuio_device *device, struct report *report)
{
	int r = refuse_unserved(device, report);

	if (r >= 0)
		r = bind_registers(device, report);
	if (r >= 0)
		r = bind_fields(device, report);
	if (r >= 0)
		r = bind_windows(device, report);
	if (r >= 0)
		r = options_read(device->driver, device->instance->description->document,
				 device->instance->document, report, device->options);
	return r;
}
