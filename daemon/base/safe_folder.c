// SPDX-License-Identifier: GPL-2.0-or-later
// Walks a path by descriptor, so that each check is of the folder that is used.
#include "base/safe_folder.h"
#include "base/cleanup.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#define LINKS_MAX 40U

struct walk {
	const char *path, *file; /* the file says the path */
	struct report *report;
	bool makes; /* what is missing; else the walk ends there */
	bool ended;
	int folder;	     /* the one that was reached */
	bool sticky;	     /* others can create something in it */
	char rest[PATH_MAX]; /* of the path from there */
	unsigned links;	     /* that were followed */
};

static int report_error(const struct walk *walk, int error)
{
	report_add(walk->report, walk->file, 0, "%s: %s", walk->path, strerror(-error));
	return error;
}

/* `name` belongs to another user, or others can write to it. */
static int refuse(const struct walk *walk, const char *name, const struct stat *status)
{
	report_add(walk->report, walk->file, 0,
		   "%s: \"%s\" on the way belongs to user %u and has mode %04o, so that others can "
		   "put something else there; choose a place whose parent folders belong to root "
		   "and are writable for root alone",
		   walk->path, name, (unsigned)status->st_uid, (unsigned)status->st_mode & 07777);
	return -EPERM;
}

static bool is_ours(const struct stat *status)
{
	return status->st_uid == 0 || status->st_uid == geteuid();
}

/* Goes on in the folder `fd`, which is closed later. */
static int enter(struct walk *walk, int fd, const char *name)
{
	struct stat status;

	if (walk->folder >= 0)
		close(walk->folder);
	walk->folder = fd;
	if (fstat(fd, &status) < 0)
		return report_error(walk, -errno);
	walk->sticky = status.st_mode & (S_IWGRP | S_IWOTH);
	if (!is_ours(&status) || (walk->sticky && !(status.st_mode & S_ISVTX)))
		return refuse(walk, name, &status);
	return 0;
}

static int enter_root(struct walk *walk)
{
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? report_error(walk, -errno) : enter(walk, fd, "/");
}

/* A link that nobody else can have made leads where root wants it to. */
static int follow(struct walk *walk, int link, const char *name)
{
	char target[PATH_MAX], rest[PATH_MAX];
	ssize_t n = readlinkat(link, "", target, sizeof(target) - 1);
	struct stat status;

	if (n < 0 || fstat(link, &status) < 0)
		return report_error(walk, -errno);
	target[n] = '\0';
	if (!is_ours(&status))
		return refuse(walk, name, &status);
	if (++walk->links > LINKS_MAX)
		return report_error(walk, -ELOOP);
	if (snprintf(rest, sizeof(rest), "%s/%s", target, walk->rest) >= (int)sizeof(rest))
		return report_error(walk, -ENAMETOOLONG);
	memcpy(walk->rest, rest, sizeof(rest));
	return *target == '/' ? enter_root(walk) : 0;
}

/* The umask may be strict, and other users need access. */
static int make(struct walk *walk, const char *name)
{
	auto_close int fd = -1;

	if (!walk->makes)
		return -EEXIST;
	if (mkdirat(walk->folder, name, 0755) < 0)
		return -errno;
	fd = openat(walk->folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 || fchmod(fd, 0755) < 0 ? -errno : 0;
}

static int step(struct walk *walk, const char *name)
{
	auto_close int fd = -1;
	struct stat status;
	int r = make(walk, name);

	if (r < 0 && r != -EEXIST)
		return report_error(walk, r);
	fd = openat(walk->folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	walk->ended = fd < 0 && errno == ENOENT && !walk->makes;
	if (walk->ended)
		return 0;
	if (fd < 0 || fstat(fd, &status) < 0)
		return report_error(walk, -errno);
	if (S_ISLNK(status.st_mode))
		return follow(walk, fd, name);
	return S_ISDIR(status.st_mode) ? enter(walk, take_fd(&fd), name)
				       : report_error(walk, -ENOTDIR);
}

static int last_step(struct walk *walk, const char *name)
{
	struct stat status;
	int r = make(walk, name);

	if (r == 0)
		return 0;
	if (r != -EEXIST)
		return report_error(walk, r);
	if (!walk->sticky)
		return 0;
	if (fstatat(walk->folder, name, &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0)
		return errno == ENOENT ? 0 : report_error(walk, -errno);
	return is_ours(&status) ? 0 : refuse(walk, name, &status);
}

static int walk_path(const char *path, bool makes, const char *file, struct report *report)
{
	struct walk walk = {
		.path = path, .file = file, .report = report, .makes = makes, .folder = -1
	};
	int r;

	if (snprintf(walk.rest, sizeof(walk.rest), "%s", path) >= (int)sizeof(walk.rest))
		return report_error(&walk, -ENAMETOOLONG);
	r = enter_root(&walk);
	while (r >= 0 && !walk.ended) {
		char name[NAME_MAX + 1];
		const char *start = walk.rest + strspn(walk.rest, "/");
		size_t length = strcspn(start, "/");

		if (length == 0)
			break;
		if (length > NAME_MAX) {
			r = report_error(&walk, -ENAMETOOLONG);
			break;
		}
		memcpy(name, start, length);
		name[length] = '\0';
		start += length;
		start += strspn(start, "/");
		memmove(walk.rest, start, strlen(start) + 1);
		r = *walk.rest ? step(&walk, name) : last_step(&walk, name);
	}
	if (walk.folder >= 0)
		close(walk.folder);
	return r;
}

int safe_folder_make(const char *path, const char *file, struct report *report)
{
	return walk_path(path, true, file, report);
}

int safe_folder_check(const char *path, const char *file, struct report *report)
{
	return walk_path(path, false, file, report);
}
