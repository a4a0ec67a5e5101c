// SPDX-License-Identifier: GPL-2.0-or-later
/* The path of this program. */
#include "own.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int own_path(const char *name, char ret[PATH_MAX])
{
	char own[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
	char *slash;

	if (n < 0)
		return -errno;
	own[n] = 0;
	slash = strrchr(own, '/');
	if (!slash)
		return -ENOENT;
	*slash = 0;
	return snprintf(ret, PATH_MAX, "%s/%s", own, name) < PATH_MAX ? 0 : -ENAMETOOLONG;
}
