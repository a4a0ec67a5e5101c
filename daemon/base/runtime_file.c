// SPDX-License-Identifier: GPL-2.0-or-later
// Files in the service's runtime directory.
#include "base/runtime_file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int runtime_file_path(char path[static PATH_MAX], const char *name)
{
	const char *folder = getenv("RUNTIME_DIRECTORY");
	int n;

	if (!folder || folder[0] != '/')
		return -ENOENT;
	/* ':' separates several folders; the first one is used. */
	n = snprintf(path, PATH_MAX, "%.*s/%s", (int)strcspn(folder, ":"), folder, name);
	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int runtime_file_remove(const char *name)
{
	char path[PATH_MAX];
	int r = runtime_file_path(path, name);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}

void runtime_file_touch(const char *name)
{
	char path[PATH_MAX];
	int fd = -1;

	/* Root must not wait for a reader of a FIFO that the daemon has put there. */
	if (runtime_file_path(path, name) >= 0)
		fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0444);
	if (fd >= 0)
		close(fd);
}

bool runtime_file_exists(const char *name)
{
	char path[PATH_MAX];

	return runtime_file_path(path, name) >= 0 &&
	       faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
