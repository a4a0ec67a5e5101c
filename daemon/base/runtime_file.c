// SPDX-License-Identifier: GPL-2.0-or-later
// Files in the service's runtime directory.
#include "base/runtime_file.h"
#include <errno.h>
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
