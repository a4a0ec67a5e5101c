/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of a card's original driver: a file of three lines, written atomically. */
#include "helper/original_binding.h"
#include "base/cleanup.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void original_binding_path(char path[static PATH_MAX], const char *name, const char *suffix)
{
	snprintf(path, PATH_MAX, BINDING_FOLDER "/%s/original%s", name, suffix);
}

int original_binding_make_folder(const char *name)
{
	char path[PATH_MAX];

	if (mkdir(BINDING_FOLDER, 0755) < 0 && errno != EEXIST)
		return -errno;
	snprintf(path, sizeof(path), BINDING_FOLDER "/%s", name);
	return mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

int original_binding_save(const char *name, const struct original_binding *original)
{
	auto_fclose FILE *file = NULL;
	char path[PATH_MAX], fresh[PATH_MAX];
	int r = original_binding_make_folder(name);

	if (r < 0)
		return r;
	original_binding_path(path, name, "");
	original_binding_path(fresh, name, ".new");
	file = fopen(fresh, "we");
	if (!file)
		return -errno;
	fprintf(file, "%s\n%s\n%s\n", original->slot, original->driver, original->driver_override);
	if (fflush(file) != 0 || rename(fresh, path) < 0)
		return -errno;
	return 0;
}

static int read_line(FILE *file, char *line, size_t size)
{
	char text[128];

	if (!fgets(text, sizeof(text), file))
		return -EBADMSG;
	text[strcspn(text, "\n")] = '\0';
	if (strlen(text) >= size || strchr(text, '/'))
		return -EBADMSG;
	memcpy(line, text, strlen(text) + 1);
	return 0;
}

int original_binding_load(const char *name, struct original_binding *ret)
{
	auto_fclose FILE *file = NULL;
	struct original_binding original;
	char path[PATH_MAX];

	original_binding_path(path, name, "");
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (read_line(file, original.slot, sizeof(original.slot)) < 0 ||
	    read_line(file, original.driver, sizeof(original.driver)) < 0 ||
	    read_line(file, original.driver_override, sizeof(original.driver_override)) < 0)
		return -EBADMSG;
	*ret = original;
	return 0;
}

void original_binding_forget(const char *name)
{
	char path[PATH_MAX];

	original_binding_path(path, name, "");
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
}

static void cleanup_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

bool original_binding_owner(const char *slot, const char *name, char *owner, size_t size)
{
	cleanup(cleanup_dir) DIR *dir = opendir(BINDING_FOLDER);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		struct original_binding original;

		if (strcmp(entry->d_name, name) == 0 ||
		    original_binding_load(entry->d_name, &original) < 0)
			continue;
		if (strcmp(original.slot, slot) == 0) {
			snprintf(owner, size, "%s", entry->d_name);
			return true;
		}
	}
	return false;
}
