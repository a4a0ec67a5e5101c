// SPDX-License-Identifier: GPL-2.0-or-later
// Driver= of an instance file: the plug-in that serves in place of the description's driver.
#include "base/cleanup.h"
#include "config/instance_internal.h"
#include "driver/contract.h"
#include "driver/plugin/plugin.h"
#include "driver/table.h"
#include <errno.h>
#include <string.h>

/* The service does not see what is there (ProtectHome=, PrivateTmp=), or finds it gone after a
 * boot. */
static const char *const unseen[] = {
	"/home", "/root", "/run/user", "/tmp", "/var/tmp",
};

/* NAME of a path ".../NAME.so"; NULL: it is none. To be freed. */
static char *plugin_name(const char *path)
{
	const char *base = strrchr(path, '/');
	size_t length = base ? strlen(++base) : 0;
	auto_free char *name = NULL;

	if (!instance_path_is_plain(path) || length <= 3 || strcmp(base + length - 3, ".so") != 0)
		return NULL;
	name = strndup(base, length - 3);
	return name && contract_name_is_good(name) ? take_ptr(name) : NULL;
}

int instance_read_driver(struct instance *instance, struct section *section, struct report *report)
{
	const struct document *document = instance->document;
	const struct entry *entry = section_entry(document, section, "Driver", report);
	auto_free char *name = NULL;

	if (!entry)
		return 0;
	name = plugin_name(entry->value);
	if (!name)
		return report_add(report, document->path, entry->line,
				  "Driver=%s, expected the absolute path of a plug-in, such "
				  "as " PLUGIN_LOCAL_FOLDER
				  "/NAME.so; a driver's name alone stands in "
				  "the description",
				  entry->value);
	if (driver_is_built_in(name))
		return report_add(report, document->path, entry->line,
				  "Driver=%s: %s is the name of one of cuio's own drivers, call "
				  "the plug-in otherwise",
				  entry->value, name);
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (instance_path_is_in(entry->value, unseen[i]))
			return report_add(report, document->path, entry->line,
					  "Driver=%s: the service does not see %s, install the "
					  "plug-in in " PLUGIN_LOCAL_FOLDER,
					  entry->value, unseen[i]);
	return !instance->description
		       ? 0
		       : description_set_plugin(instance->description, name, entry->value,
						document->path, entry->line);
}
