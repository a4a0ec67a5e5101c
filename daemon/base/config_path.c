/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths of instance files and descriptions. */
#include "base/config_path.h"
#include "base/cleanup.h"
#include <errno.h>
#include <string.h>

const struct config_folders config_folders = {
	.instances = CUIO_SYSCONFDIR "/cuio",
	.devices = CUIO_DATADIR "/cuio/devices",
};

char *config_path_stem(const char *path, const char *suffix)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	size_t length = strlen(base), end = strlen(suffix);

	if (length > end && strcmp(base + length - end, suffix) == 0)
		length -= end;
	return strndup(base, length);
}

struct section *config_path_device(struct document *instance, struct report *report)
{
	struct section *section = document_section(instance, "Device", NULL);

	if (!section)
		report_add(report, instance->path, 0,
			   "no section [Device], expected one with Description=");
	return section;
}

/* Finds a description whose name contains '/'. */
static int find_by_path(const struct document *instance, const struct entry *entry,
			struct report *report, char **ret)
{
	const char *file = instance->path, *value = entry->value;
	const char *slash = strrchr(file, '/');
	auto_free char *path = NULL;
	int r;

	/* "./" only marks the value as a path. */
	while (slash && strncmp(value, "./", 2) == 0)
		value += 2;
	if (value[0] == '/' || !slash)
		r = asprintf(&path, "%s", value);
	else
		r = asprintf(&path, "%.*s/%s", (int)(slash - file), file, value);
	if (r < 0)
		return -ENOMEM;
	if (access(path, F_OK) < 0)
		return report_add(report, file, entry->line, "no description %s: %s", path,
				  strerror(errno));
	*ret = take_ptr(path);
	return 0;
}

static int find_in_folders(const struct config_folders *folders, const struct document *instance,
			   const struct entry *entry, struct report *report, char **ret)
{
	auto_free char *own = NULL, *installed = NULL;

	if (asprintf(&own, "%s/devices/%s", folders->instances, entry->value) < 0)
		return -ENOMEM;
	if (asprintf(&installed, "%s/%s", folders->devices, entry->value) < 0)
		return -ENOMEM;
	if (access(own, F_OK) == 0)
		*ret = take_ptr(own);
	else if (access(installed, F_OK) == 0)
		*ret = take_ptr(installed);
	else
		return report_add(report, instance->path, entry->line,
				  "no description \"%s\" in %s/devices nor in %s", entry->value,
				  folders->instances, folders->devices);
	return 0;
}

int config_path_description(const struct config_folders *folders, struct document *instance,
			    struct report *report, char **ret)
{
	struct section *section = config_path_device(instance, report);
	const struct entry *entry = section ? section_next(section, "Description", NULL) : NULL;

	if (!section)
		return -EINVAL;
	if (!entry)
		return report_add(report, instance->path, section->line,
				  "[Device] lacks Description=, expected one such as edu.device");
	if (!*entry->value)
		return report_add(report, instance->path, entry->line,
				  "Description= is empty, expected one such as edu.device");
	return strchr(entry->value, '/') ? find_by_path(instance, entry, report, ret)
					 : find_in_folders(folders, instance, entry, report, ret);
}
