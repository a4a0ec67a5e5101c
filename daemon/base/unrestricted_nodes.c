/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of nodes whose ioctls are unrestricted. */
#include "base/unrestricted_nodes.h"
#include "base/cleanup.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int make_path(char path[static PATH_MAX], const char *folder, const char *instance)
{
	int n = snprintf(path, PATH_MAX, "%s/%s/unrestricted", folder, instance);

	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int unrestricted_nodes_record(const char *folder, const char *instance, const char *const *nodes,
			      size_t n)
{
	auto_fclose FILE *file = NULL;
	char path[PATH_MAX];
	int r = make_path(path, folder, instance);

	if (r < 0)
		return r;
	if (n == 0)
		return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
	file = fopen(path, "we");
	if (!file)
		return -errno;
	for (size_t i = 0; i < n; i++)
		fprintf(file, "%s\n", nodes[i]);
	return fflush(file) != 0 ? -errno : 0;
}

static bool file_has(const char *path, const char *node)
{
	auto_fclose FILE *file = fopen(path, "re");
	char line[NAME_MAX + 2];

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, node) == 0)
			return true;
	}
	return false;
}

bool unrestricted_nodes_have(const char *folder, const char *node)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	bool found = false;

	while (directory && !found && (entry = readdir(directory))) {
		char path[PATH_MAX];

		found = entry->d_name[0] != '.' && make_path(path, folder, entry->d_name) == 0 &&
			file_has(path, node);
	}
	if (directory)
		closedir(directory);
	return found;
}
