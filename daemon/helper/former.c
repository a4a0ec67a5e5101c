/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of a card's former driver: three lines, written whole or not at all. */
#include "helper/former.h"
#include "base/cleanup.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void former_path(char path[static PATH_MAX], const char *name, const char *suffix)
{
	snprintf(path, PATH_MAX, FORMER_FOLDER "/%s/former%s", name, suffix);
}

int former_make_folder(const char *name)
{
	char path[PATH_MAX];

	if (mkdir(FORMER_FOLDER, 0755) < 0 && errno != EEXIST)
		return -errno;
	snprintf(path, sizeof(path), FORMER_FOLDER "/%s", name);
	return mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

int former_save(const char *name, const struct former *former)
{
	auto_fclose FILE *file = NULL;
	char path[PATH_MAX], fresh[PATH_MAX];
	int r = former_make_folder(name);

	if (r < 0)
		return r;
	former_path(path, name, "");
	former_path(fresh, name, ".new");
	file = fopen(fresh, "we");
	if (!file)
		return -errno;
	fprintf(file, "%s\n%s\n%s\n", former->slot, former->driver, former->driver_override);
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

int former_load(const char *name, struct former *ret)
{
	auto_fclose FILE *file = NULL;
	struct former former;
	char path[PATH_MAX];

	former_path(path, name, "");
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (read_line(file, former.slot, sizeof(former.slot)) < 0 ||
	    read_line(file, former.driver, sizeof(former.driver)) < 0 ||
	    read_line(file, former.driver_override, sizeof(former.driver_override)) < 0)
		return -EBADMSG;
	*ret = former;
	return 0;
}

void former_forget(const char *name)
{
	char path[PATH_MAX];

	former_path(path, name, "");
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
}

static void cleanup_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

bool former_owner(const char *slot, const char *name, char *owner, size_t size)
{
	cleanup(cleanup_dir) DIR *dir = opendir(FORMER_FOLDER);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		struct former former;

		if (strcmp(entry->d_name, name) == 0 || former_load(entry->d_name, &former) < 0)
			continue;
		if (strcmp(former.slot, slot) == 0) {
			snprintf(owner, size, "%s", entry->d_name);
			return true;
		}
	}
	return false;
}
