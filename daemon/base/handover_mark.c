/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file in the runtime directory that records what the helper has handed over. */
#include "base/handover_mark.h"
#include "base/cleanup.h"
#include "base/runtime_file.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define NEW_NAME     HANDOVER_MARK_NAME ".new"
#define PARTIAL_TEXT "begun\n"

/*
 * The folder belongs to the daemon, which the helper, as root, does not trust: the helper reads
 * only a regular file, follows no link, and writes only files that it has created.
 */
static int open_mark(const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	return -EBADMSG;
}

static enum handover_mark read_mark(const char *path, char **ret_text)
{
	auto_close int fd = open_mark(path);
	auto_free char *text = NULL;
	ssize_t size;

	if (fd < 0)
		return HANDOVER_NONE;
	text = calloc(1, HANDOVER_MARK_MAX + 1);
	size = text ? read(fd, text, HANDOVER_MARK_MAX) : -1;
	if (size < 0)
		return HANDOVER_NONE;
	if (strcmp(text, PARTIAL_TEXT) == 0)
		return HANDOVER_PARTIAL;
	*ret_text = take_ptr(text);
	return HANDOVER_COMPLETE;
}

enum handover_mark handover_mark_read(char **ret_text)
{
	char path[PATH_MAX];

	*ret_text = NULL;
	return runtime_file_path(path, HANDOVER_MARK_NAME) < 0 ? HANDOVER_NONE
							       : read_mark(path, ret_text);
}

enum handover_mark handover_mark_read_of(const char *name, char **ret_text)
{
	char path[PATH_MAX];

	*ret_text = NULL;
	snprintf(path, sizeof(path), "/run/cuio/%s/" HANDOVER_MARK_NAME, name);
	return read_mark(path, ret_text);
}

static int write_fresh(const char *text)
{
	size_t size = strlen(text);
	auto_close int fd = -1;
	char path[PATH_MAX];
	ssize_t n;
	int r;

	if (size > HANDOVER_MARK_MAX)
		return -E2BIG;
	r = runtime_file_remove(NEW_NAME);
	if (r >= 0)
		r = runtime_file_path(path, NEW_NAME);
	if (r < 0)
		return r;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0444);
	if (fd < 0)
		return -errno;
	/* cuiod, which is not root, reads it, and the umask may be strict. */
	n = write(fd, text, size);
	if (n < 0 || fchmod(fd, 0444) < 0)
		return -errno;
	return (size_t)n == size ? 0 : -ENOSPC;
}

int handover_mark_set(const char *text)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	int r = runtime_file_path(path, HANDOVER_MARK_NAME);

	if (r >= 0)
		r = runtime_file_path(fresh, NEW_NAME);
	if (r >= 0)
		r = write_fresh(text);
	if (r < 0)
		return r;
	return rename(fresh, path) < 0 ? -errno : 0;
}

int handover_mark_begin(void)
{
	return handover_mark_set(PARTIAL_TEXT);
}

int handover_mark_clear(void)
{
	return runtime_file_remove(HANDOVER_MARK_NAME);
}
