// SPDX-License-Identifier: GPL-2.0-or-later
// The options --front and --mount.
#include "config/overrides.h"
#include "base/cleanup.h"
#include "base/fds.h"
#include "base/log.h"
#include <errno.h>
#include <string.h>

bool overrides_check(const struct overrides *overrides)
{
	const char *front = overrides->front;

	if (front && strcmp(front, "cuse") != 0 && strcmp(front, "file") != 0)
		log_error("--front %s, expected cuse or file", front);
	else if (overrides->mount && front && strcmp(front, "cuse") == 0)
		log_error("--mount goes with --front file");
	else if (overrides->mount && overrides->mount[strspn(overrides->mount, "/")] == '\0')
		log_error("--mount \"%s\", expected an empty folder", overrides->mount);
	else if ((front || overrides->mount) && fds_supervised())
		log_error("--front and --mount are for a start by hand: a service is set up by its "
			  "instance file (Front=, Mount=)");
	else
		return true;
	return false;
}

static char *absolute_path(const char *path)
{
	auto_free char *here = NULL;
	char *absolute = NULL;

	if (*path == '/')
		return strdup(path);
	here = getcwd(NULL, 0);
	if (!here || asprintf(&absolute, "%s/%s", here, path) < 0)
		return NULL;
	return absolute;
}

int overrides_apply(const struct overrides *overrides, struct instance *instance)
{
	enum instance_front front = instance->front;
	auto_free char *mount = NULL;

	if (overrides->front)
		front = strcmp(overrides->front, "file") == 0 ? INSTANCE_FILE : INSTANCE_CUSE;
	if (overrides->mount && front != INSTANCE_FILE) {
		log_error("--mount goes with --front file: the instance file does not say "
			  "Front=file");
		return -EINVAL;
	}
	if (front == instance->front && !overrides->mount)
		return 0;
	if (overrides->mount) {
		mount = absolute_path(overrides->mount);
		while (mount && mount[strlen(mount) - 1] == '/')
			mount[strlen(mount) - 1] = '\0';
		if (!mount)
			return -ENOMEM;
	}
	return instance_set_front(instance, front, mount);
}
