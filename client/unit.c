// SPDX-License-Identifier: GPL-2.0-or-later
/* Asks systemd for the state of an instance's service. */
#include "unit.h"
#include "base/cleanup.h"
#include <stdio.h>
#include <systemd/sd-bus.h>

static sd_bus *as_bus(struct unit_bus *bus)
{
	return (sd_bus *)bus;
}

struct unit_bus *unit_connect(void)
{
	sd_bus *bus = NULL;

	if (sd_bus_default_system(&bus) < 0)
		return NULL;
	return (struct unit_bus *)bus;
}

void unit_disconnect(struct unit_bus *bus)
{
	sd_bus_flush_close_unref(as_bus(bus));
}

void unit_state(struct unit_bus *bus, const char *instance, char ret[UNIT_STATE_SIZE])
{
	auto_free char *path = NULL, *state = NULL;
	char name[128];

	ret[0] = 0;
	snprintf(name, sizeof(name), "cuiod@%s.service", instance);
	if (!bus || sd_bus_path_encode("/org/freedesktop/systemd1/unit", name, &path) < 0)
		return;
	if (sd_bus_get_property_string(as_bus(bus), "org.freedesktop.systemd1", path,
				       "org.freedesktop.systemd1.Unit", "ActiveState", NULL,
				       &state) < 0)
		return;
	snprintf(ret, UNIT_STATE_SIZE, "%s", state);
}
