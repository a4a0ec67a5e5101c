/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files in the runtime directory by which the helper and the daemon know of each other. */
#include "base/mark.h"
#include "base/cleanup.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define MARK_FRESH MARK_NAME ".new"
#define NOTE_NAME  "left"
#define BEGUN_TEXT "begun\n"

static int mark_path(char path[static PATH_MAX], const char *name)
{
	const char *folder = getenv("RUNTIME_DIRECTORY");
	int n;

	if (!folder || folder[0] != '/')
		return -ENOENT;
	/* Several folders would be separated by ':'; ours is the first. */
	n = snprintf(path, PATH_MAX, "%.*s/%s", (int)strcspn(folder, ":"), folder, name);
	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int remove_file(const char *name)
{
	char path[PATH_MAX];
	int r = mark_path(path, name);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}

/*
 * The folder belongs to the daemon, which the helper, as root, does not trust: what it opens is no
 * link and no pipe, and what it writes is a new file of its own.
 */
static int open_mark(void)
{
	char path[PATH_MAX];
	struct stat status;
	int fd, r = mark_path(path, MARK_NAME);

	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	return -EBADMSG;
}

enum mark mark_read(char **ret_text)
{
	auto_close int fd = open_mark();
	auto_free char *text = NULL;
	ssize_t size;

	*ret_text = NULL;
	if (fd < 0)
		return MARK_NONE;
	text = calloc(1, MARK_TEXT_MAX + 1);
	size = text ? read(fd, text, MARK_TEXT_MAX) : -1;
	if (size < 0)
		return MARK_NONE;
	if (strcmp(text, BEGUN_TEXT) == 0)
		return MARK_BEGUN;
	*ret_text = take_ptr(text);
	return MARK_SET;
}

static int write_fresh(const char *text)
{
	size_t size = strlen(text);
	auto_close int fd = -1;
	char path[PATH_MAX];
	ssize_t n;
	int r;

	if (size > MARK_TEXT_MAX)
		return -E2BIG;
	r = remove_file(MARK_FRESH);
	if (r >= 0)
		r = mark_path(path, MARK_FRESH);
	if (r < 0)
		return r;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0444);
	if (fd < 0)
		return -errno;
	/* cuiod, who is not root, reads it; the umask may be strict. */
	n = write(fd, text, size);
	if (n < 0 || fchmod(fd, 0444) < 0)
		return -errno;
	return (size_t)n == size ? 0 : -ENOSPC;
}

int mark_set(const char *text)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	int r = mark_path(path, MARK_NAME);

	if (r >= 0)
		r = mark_path(fresh, MARK_FRESH);
	if (r >= 0)
		r = write_fresh(text);
	if (r < 0)
		return r;
	return rename(fresh, path) < 0 ? -errno : 0;
}

int mark_begin(void)
{
	return mark_set(BEGUN_TEXT);
}

int mark_clear(void)
{
	return remove_file(MARK_NAME);
}

void mark_leave(void)
{
	auto_close int fd = -1;
	char path[PATH_MAX];

	if (mark_path(path, NOTE_NAME) >= 0)
		fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0444);
}

bool mark_left(void)
{
	char path[PATH_MAX];

	return mark_path(path, NOTE_NAME) >= 0 &&
	       faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

void mark_arrive(void)
{
	(void)remove_file(NOTE_NAME);
}
