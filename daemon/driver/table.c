/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the driver that a description's Driver= names. */
#include "driver/table.h"
#include "base/cleanup.h"
#include "base/names.h"
#include "driver/plugin/plugin.h"
#include "driver/registers.h"
#include <errno.h>
#include <string.h>

/* Drivers in C, besides the registers driver. */
const struct cuio_driver *const driver_table[] = {
	&ivshmem_driver, &i6300esb_driver, &uart16550_driver, &ne2000_driver, NULL,
};

static const struct cuio_driver *find(const char *name)
{
	for (size_t i = 0; driver_table[i]; i++)
		if (strcmp(driver_table[i]->name, name) == 0)
			return driver_table[i];
	return NULL;
}

bool driver_is_built_in(const char *name)
{
	return strcmp(name, "registers") == 0 || find(name);
}

static int report_unknown(const struct description *description, struct report *report)
{
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];
	int r;

	names_add(&names, "registers");
	for (size_t i = 0; driver_table[i]; i++)
		names_add(&names, driver_table[i]->name);
	report_add(report, description->driver_file, description->driver_line, "no driver %s, %s",
		   description->driver, names_hint(&names, description->driver, hint));
	r = report_add(report, description->driver_file, description->driver_line,
		       "no plug-in %s.so in " PLUGIN_LOCAL_FOLDER " nor in " PLUGIN_FOLDER,
		       description->driver);
	names_done(&names);
	return r;
}

static int load(struct description *description, struct report *report,
		int (*get_plugin)(const struct description *, const char *path, int fd,
				  struct report *, const struct cuio_driver **),
		const struct cuio_driver **ret)
{
	const struct cuio_driver *driver = find(description->driver);
	auto_free char *path = NULL;
	int fd, r;

	if (strcmp(description->driver, "registers") == 0 && !description->plugin)
		return registers_load(description, report, ret);
	if (driver && !description->plugin) {
		*ret = driver;
		return 0;
	}
	r = plugin_find(description, report, &path, &fd);
	if (r == -ENOENT)
		return report_unknown(description, report);
	return r < 0 ? r : get_plugin(description, path, fd, report, ret);
}

int driver_load(struct description *description, struct report *report,
		const struct cuio_driver **ret)
{
	return load(description, report, plugin_load, ret);
}

int driver_ask(struct description *description, struct report *report,
	       const struct cuio_driver **ret)
{
	return load(description, report, plugin_ask, ret);
}

int driver_file(const struct cuio_driver *driver)
{
	bool ours = strcmp(driver->name, "registers") == 0 || find(driver->name) == driver;

	return ours ? -1 : plugin_file(driver);
}

void driver_unload(const struct cuio_driver *driver)
{
	if (!driver)
		return;
	if (strcmp(driver->name, "registers") == 0)
		registers_unload(driver);
	else if (find(driver->name) != driver)
		plugin_free(driver);
}
