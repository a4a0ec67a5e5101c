// SPDX-License-Identifier: GPL-2.0-or-later
// Descriptions and instance files, checked as far as can be without touching hardware.
#include "configuration.h"
#include "base/cleanup.h"
#include "driver/table.h"
#include <errno.h>
#include <string.h>

int configuration_load_driver(struct description *description, struct report *report,
			      const struct driver **ret)
{
	const struct driver *driver;
	int r = driver_load(description, report, &driver);

	/* Both are asked, so that a user sees all findings at once. */
	if (description_check_rest(description, report) < 0 && r >= 0) {
		driver_unload(driver);
		r = -EINVAL;
	}
	if (r < 0)
		return r;
	*ret = driver;
	return 0;
}

int configuration_check_driver(struct description *description, struct report *report)
{
	const struct driver *driver;
	int r = configuration_load_driver(description, report, &driver);

	if (r >= 0)
		driver_unload(driver);
	return r;
}

static int check_description(const char *path, struct report *report)
{
	struct description *description;
	int r = description_load(path, report, &description);

	if (r < 0)
		return r;
	r = configuration_check_driver(description, report);
	description_free(description);
	return r;
}

/* NAME of an instance file called NAME.conf; anything else gets a name that fits. */
static char *instance_name(const char *path)
{
	const char *base = strrchr(path, '/');
	char *name;

	base = base ? base + 1 : path;
	name = strdup(base);
	if (name && strlen(name) > 5 && strcmp(name + strlen(name) - 5, ".conf") == 0)
		name[strlen(name) - 5] = '\0';
	return name;
}

static int check_instance(const char *path, struct report *report)
{
	auto_free char *name = instance_name(path);
	struct instance *instance;
	int r;

	if (!name)
		return -ENOMEM;
	if (instance_check_name(name) < 0)
		return report_add(report, path, 0,
				  "an instance file is called NAME.conf, NAME of letters, digits "
				  "and \"._-\"; a description NAME.device");
	r = instance_load(name, path, report, &instance);
	if (r < 0)
		return r;
	r = configuration_check_driver(instance->description, report);
	instance_free(instance);
	return r;
}

static bool is_description(const char *path)
{
	size_t length = strlen(path);

	return length > 7 && strcmp(path + length - 7, ".device") == 0;
}

int configuration_check(char **paths)
{
	int result = 0;

	for (; *paths; paths++) {
		struct report report = { 0 };
		int r = is_description(*paths) ? check_description(*paths, &report)
					       : check_instance(*paths, &report);

		if (r < 0) {
			result = -EINVAL;
			if (report.count == 0)
				report_add(&report, *paths, 0, "%s", strerror(-r));
			fputs(report.text, stderr);
		} else {
			printf("%s: good\n", *paths);
		}
		report_done(&report);
	}
	return result;
}
