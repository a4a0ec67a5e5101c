// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a driver's options from [Driver] of a description and of an instance file.
#include "config/options.h"
#include "base/names.h"
#include <errno.h>
#include <string.h>

#define SECTION "Driver"

static int read_value(const struct document *document, const struct entry *entry,
		      const struct cuio_driver_option *option, struct report *report, uint64_t *ret)
{
	unsigned long long number;
	bool yes;
	int r;

	if (option->max <= 1) {
		r = value_bool(document, entry, report, &yes);
		if (r >= 0)
			*ret = yes;
		return r;
	}
	r = value_number(document, entry, option->min, option->max, report, &number);
	if (r >= 0)
		*ret = number;
	return r;
}

static bool is_known(const struct cuio_driver *driver, const char *name)
{
	for (size_t i = 0; i < driver->n_options; i++)
		if (strcmp(driver->options[i].name, name) == 0)
			return true;
	return false;
}

static int refuse(const struct cuio_driver *driver, const struct document *document,
		  const struct entry *entry, struct report *report)
{
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];
	int r;

	if (driver->n_options == 0)
		return report_add(report, document->path, entry->line,
				  "%s=: the driver %s has no options", entry->key, driver->name);
	for (size_t i = 0; i < driver->n_options; i++)
		names_add(&names, driver->options[i].name);
	r = report_add(report, document->path, entry->line, "the driver %s has no option %s, %s",
		       driver->name, entry->key, names_hint(&names, entry->key, hint));
	names_done(&names);
	return r;
}

static int read_section(const struct cuio_driver *driver, struct document *document,
			struct report *report, uint64_t *values)
{
	struct section *section = document_section(document, SECTION, NULL);
	int result = 0;

	if (!section)
		return 0;
	for (size_t i = 0; i < driver->n_options; i++) {
		const struct cuio_driver_option *option = &driver->options[i];
		struct entry *entry = section_entry(document, section, option->name, report);

		if (entry && read_value(document, entry, option, report, &values[i]) < 0)
			result = -EINVAL;
	}
	for (size_t i = 0; i < section->n_entries; i++)
		if (!is_known(driver, section->entries[i].key))
			result = refuse(driver, document, &section->entries[i], report);
	return result;
}

int options_read(const struct cuio_driver *driver, struct document *description,
		 struct document *instance, struct report *report,
		 uint64_t values[static CUIO_OPTIONS_MAX])
{
	int result;

	for (size_t i = 0; i < driver->n_options; i++)
		values[i] = driver->options[i].default_value;
	result = read_section(driver, description, report, values);
	if (instance && read_section(driver, instance, report, values) < 0)
		result = -EINVAL;
	return result;
}
