/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The helper's mark in the service's runtime directory. */
#include "base/mark.h"
#include "base/cleanup.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

static int mark_path(char path[static PATH_MAX])
{
	const char *folder = getenv("RUNTIME_DIRECTORY");
	int n;

	if (!folder || folder[0] != '/')
		return -ENOENT;
	/* Several folders would be separated by ':'; ours is the first. */
	n = snprintf(path, PATH_MAX, "%.*s/%s", (int)strcspn(folder, ":"), folder, MARK_NAME);
	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

bool mark_present(void)
{
	char path[PATH_MAX];

	return mark_path(path) == 0 && faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int mark_set(void)
{
	auto_close int fd = -1;
	char path[PATH_MAX];
	int r = mark_path(path);

	if (r < 0)
		return r;
	/* The folder belongs to the daemon, which the helper, as root, does not trust. */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0444);
	return fd < 0 && errno != EEXIST ? -errno : 0;
}

int mark_clear(void)
{
	char path[PATH_MAX];
	int r = mark_path(path);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}
