/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Applies an edited group and mode to a node that exists already. udev sets them when it gets a
 * "change" event, as it did when the node was made.
 */
#include "base/cleanup.h"
#include "helper/helper.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define UDEV_TIMEOUT 3000 /* ms; cuiod serves the node even if udev takes longer */

static bool is_right(const struct instance_node *node, const char *path)
{
	const struct group *group = node->group ? getgrnam(node->group) : NULL;
	struct stat status;

	if (stat(path, &status) < 0)
		return true; /* no node: udev sets them when it is made */
	if (group && status.st_gid != group->gr_gid)
		return false;
	return !node->mode || (status.st_mode & 07777) == node->mode;
}

/* Has the kernel send udev a "change" event for the node. */
static int announce_change(const char *path)
{
	char uevent[64];
	auto_close int fd = -1;
	struct stat status;

	if (stat(path, &status) < 0 || !S_ISCHR(status.st_mode))
		return -ENODEV;
	snprintf(uevent, sizeof(uevent), "/sys/dev/char/%u:%u/uevent", major(status.st_rdev),
		 minor(status.st_rdev));
	fd = open(uevent, O_WRONLY | O_CLOEXEC);
	return fd < 0 || write(fd, "change", 6) != 6 ? -errno : 0;
}

static void refresh(const struct instance_node *node)
{
	auto_close int watch = inotify_init1(IN_CLOEXEC);
	auto_free char *path = NULL, *folder = NULL;
	struct pollfd poll_fd = { .fd = watch, .events = POLLIN };
	char notes[4096];

	if (watch < 0 || asprintf(&path, "/dev/%s", node->name) < 0 || is_right(node, path))
		return;
	/* The folder is watched, because DevicePolicy= forbids the service to access the node. */
	folder = strdup(path);
	if (!folder)
		return;
	*strrchr(folder, '/') = '\0';
	if (inotify_add_watch(watch, folder, IN_ATTRIB) < 0)
		return;
	if (announce_change(path) < 0)
		return;
	while (!is_right(node, path) && poll(&poll_fd, 1, UDEV_TIMEOUT) > 0)
		if (read(watch, notes, sizeof(notes)) <= 0)
			return;
}

void rights_refresh(const struct instance *instance)
{
	for (size_t i = 0; i < instance->n_nodes; i++)
		refresh(&instance->nodes[i]);
}
