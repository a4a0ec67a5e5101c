// SPDX-License-Identifier: GPL-2.0-or-later
// A service's interface to systemd.
#include "base/supervisor.h"
#include "base/cleanup.h"
#include <errno.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>

#define MANAGER	    "org.freedesktop.systemd1"
#define PRIVATE_BUS "unix:path=/run/systemd/private" /* systemd itself, for root */
#define BUS_TIMEOUT 1000000U			     /* microseconds */

void supervisor_ready(const char *status)
{
	sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void supervisor_stopping(const char *status)
{
	sd_notifyf(0, "STOPPING=1\nSTATUS=%s", status);
}

void supervisor_feed_watchdog(void)
{
	sd_notify(0, "WATCHDOG=1");
}

uint64_t supervisor_watchdog_interval(void)
{
	uint64_t microseconds;

	if (sd_watchdog_enabled(0, &microseconds) <= 0)
		return 0;
	return microseconds * 1000 / 2;
}

static void cleanup_bus(sd_bus **bus)
{
	sd_bus_flush_close_unref(*bus);
}

/* Returns systemd's job for the unit: "stop", "restart" and so on; NULL if it is unknown. */
static char *job_type(sd_bus *bus, const char *unit_path)
{
	sd_bus_message *reply = NULL;
	const char *job_path = NULL;
	char *type = NULL;
	uint32_t id = 0;

	if (sd_bus_get_property(bus, MANAGER, unit_path, MANAGER ".Unit", "Job", NULL, &reply,
				"(uo)") < 0)
		return NULL;
	if (sd_bus_message_read(reply, "(uo)", &id, &job_path) >= 0 && id != 0)
		sd_bus_get_property_string(bus, MANAGER, job_path, MANAGER ".Job", "JobType", NULL,
					   &type);
	sd_bus_message_unref(reply);
	return type;
}

/* For root; the bus need not run. */
static int open_private(sd_bus **ret)
{
	cleanup(cleanup_bus) sd_bus *bus = NULL;
	int r = sd_bus_new(&bus);

	if (r >= 0)
		r = sd_bus_set_address(bus, PRIVATE_BUS);
	if (r >= 0)
		r = sd_bus_start(bus);
	if (r >= 0)
		*ret = take_ptr(bus);
	return r;
}

static bool has_job(const char *unit, const char *wanted)
{
	cleanup(cleanup_bus) sd_bus *bus = NULL;
	auto_free char *path = NULL, *type = NULL;

	if (open_private(&bus) < 0 && sd_bus_open_system(&bus) < 0)
		return false;
	sd_bus_set_method_call_timeout(bus, BUS_TIMEOUT);
	if (sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit, &path) < 0)
		return false;
	type = job_type(bus, path);
	return type && strcmp(type, wanted) == 0;
}

bool supervisor_stops_for_good(const char *unit)
{
	return has_job(unit, "stop");
}

bool supervisor_restarts(const char *unit)
{
	return has_job(unit, "restart");
}
