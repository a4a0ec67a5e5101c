/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a description's Driver= to the driver. */
#include "driver/table.h"
#include "base/names.h"
#include "driver/registers.h"
#include <errno.h>
#include <string.h>

/* Drivers in C go here, beside the one that is made of steps. */
static const struct cuio_driver *const drivers[] = {
	&ivshmem_driver, &i6300esb_driver, &uart16550_driver, &ne2000_driver, NULL,
};

static unsigned driver_line(const struct description *description)
{
	const struct section *section = document_section(description->document, "Device", NULL);

	for (size_t i = 0; section && i < section->n_entries; i++) {
		if (!strcmp(section->entries[i].key, "Driver"))
			return section->entries[i].line;
	}
	return 0;
}

int driver_load(struct description *description, struct report *report,
		const struct cuio_driver **ret)
{
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];
	int r;

	if (!strcmp(description->driver, "registers"))
		return registers_load(description, report, ret);
	names_add(&names, "registers");
	for (size_t i = 0; drivers[i]; i++) {
		if (!strcmp(drivers[i]->name, description->driver)) {
			names_done(&names);
			*ret = drivers[i];
			return 0;
		}
		names_add(&names, drivers[i]->name);
	}
	r = report_add(report, description->document->path, driver_line(description),
		       "no driver %s, %s", description->driver,
		       names_hint(&names, description->driver, hint));
	names_done(&names);
	return r;
}

void driver_unload(const struct cuio_driver *driver)
{
	if (driver && !strcmp(driver->name, "registers"))
		registers_unload(driver);
}
