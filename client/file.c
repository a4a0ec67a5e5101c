// SPDX-License-Identifier: GPL-2.0-or-later
/* Nodes that are files in a mount of cuiod's. */
#include "file.h"
#include "base/cleanup.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#define TYPE "fuse.cuio"

struct mount_line {
	dev_t device;
	char path[PATH_MAX];
};

/* The next of cuiod's mounts; false at the end. */
static bool next_mount(FILE *file, char **line, size_t *size, struct mount_line *ret)
{
	while (getline(line, size, file) > 0) {
		unsigned major_number, minor_number;
		const char *rest = strstr(*line, " - ");

		if (!rest || strncmp(rest + 3, TYPE " ", strlen(TYPE " ")) != 0 ||
		    sscanf(*line, "%*u %*u %u:%u %*s %4095s", &major_number, &minor_number,
			   ret->path) != 3)
			continue;
		ret->device = makedev(major_number, minor_number);
		return true;
	}
	return false;
}

/* The path in the mount table. The mount itself is not asked: its daemon may be away. */
static bool resolve(const char *mount, char ret[static PATH_MAX])
{
	char folder[PATH_MAX], real[PATH_MAX];
	const char *slash = strrchr(mount, '/');

	if (!slash)
		return false;
	snprintf(folder, sizeof(folder), "%.*s", slash == mount ? 1 : (int)(slash - mount), mount);
	if (!realpath(folder, real))
		return false;
	return snprintf(ret, PATH_MAX, "%s%s", real[1] ? real : "", slash) < PATH_MAX;
}

bool file_mounted(const char *mount)
{
	auto_fclose FILE *file = fopen("/proc/self/mountinfo", "re");
	auto_free char *line = NULL;
	struct mount_line found;
	char path[PATH_MAX];
	size_t size = 0;

	if (!file || !resolve(mount, path))
		return false;
	while (next_mount(file, &line, &size, &found))
		if (strcmp(found.path, path) == 0)
			return true;
	return false;
}

bool file_is_ours(dev_t device)
{
	auto_fclose FILE *file = fopen("/proc/self/mountinfo", "re");
	auto_free char *line = NULL;
	struct mount_line found;
	size_t size = 0;

	while (file && next_mount(file, &line, &size, &found))
		if (found.device == device)
			return true;
	return false;
}
