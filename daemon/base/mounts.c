// SPDX-License-Identifier: GPL-2.0-or-later
// Lists the mounts of cuio's files from /proc/self/mountinfo (proc_pid_mountinfo(5)).
#include "base/mounts.h"
#include "base/cleanup.h"
#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

struct mount_line {
	dev_t device;
	char *place, *type, *source;
};

static void mount_line_done(struct mount_line *line)
{
	free(line->place);
	free(line->type);
	free(line->source);
	*line = (struct mount_line){ 0 };
}

/* mountinfo writes a blank as "\040". */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++, to++) {
		unsigned code;

		*to = *text;
		if (*text == '\\' && sscanf(text + 1, "%3o", &code) == 1 && strlen(text) > 3) {
			*to = (char)code;
			text += 3;
		}
	}
	*to = '\0';
}

/* Reads the next mount into `line`; false at the end. */
static bool mount_line_next(FILE *file, struct mount_line *line)
{
	auto_free char *text = NULL;
	size_t size = 0;

	while (getline(&text, &size, file) > 0) {
		const char *rest = strstr(text, " - ");
		unsigned major_number, minor_number;

		mount_line_done(line);
		if (!rest ||
		    sscanf(text, "%*s %*s %u:%u %*s %ms", &major_number, &minor_number,
			   &line->place) != 3 ||
		    sscanf(rest, " - %ms %ms", &line->type, &line->source) != 2)
			continue;
		line->device = makedev(major_number, minor_number);
		unescape(line->place);
		return true;
	}
	return false;
}

static bool is_cuio(const struct mount_line *line)
{
	return strcmp(line->type, "fuse." MOUNTS_SUBTYPE) == 0 &&
	       strncmp(line->source, MOUNTS_SOURCE, strlen(MOUNTS_SOURCE)) == 0;
}

int mounts_owner(const char *path, char **ret_name)
{
	cleanup(mount_line_done) struct mount_line line = { 0 };
	auto_fclose FILE *file = fopen("/proc/self/mountinfo", "re");
	auto_free char *name = NULL;
	int r = -ENOENT;

	if (!file)
		return -errno;
	/* The last mount at a path hides the earlier ones. */
	while (mount_line_next(file, &line)) {
		if (strcmp(line.place, path) != 0)
			continue;
		free(name);
		name = NULL;
		r = -EBUSY;
		if (!is_cuio(&line))
			continue;
		name = strdup(line.source + strlen(MOUNTS_SOURCE));
		if (!name)
			return -ENOMEM;
		r = 0;
	}
	if (r == 0)
		*ret_name = take_ptr(name);
	return r;
}

bool mounts_have(dev_t device)
{
	cleanup(mount_line_done) struct mount_line line = { 0 };
	auto_fclose FILE *file = fopen("/proc/self/mountinfo", "re");

	while (file && mount_line_next(file, &line))
		if (line.device == device && is_cuio(&line))
			return true;
	return false;
}

int mounts_resolve(const char *path, char **ret)
{
	auto_free char *copy = strdup(path), *folder = NULL;
	char *slash = copy ? strrchr(copy, '/') : NULL;

	if (!copy)
		return -ENOMEM;
	if (!slash || !slash[1])
		return -EINVAL;
	*slash = '\0';
	folder = realpath(slash == copy ? "/" : copy, NULL);
	if (!folder)
		return -errno;
	return asprintf(ret, "%s/%s", folder[1] ? folder : "", slash + 1) < 0 ? -ENOMEM : 0;
}
