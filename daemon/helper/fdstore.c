/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Removes all descriptors of the previous instance from systemd's store, and waits until its nodes
 * are gone. */
#include "base/cleanup.h"
#include "base/fds.h"
#include "helper/helper.h"
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#define NODE_TIMEOUT 3000 /* ms; cuiod reports a node that is still there then */

/* systemd closes removed descriptors a little later. The node goes when its channel is closed. */
static void wait_until_gone(const char *path)
{
	auto_close int watch = inotify_init1(IN_CLOEXEC);
	auto_free char *folder = strdup(path);
	struct pollfd poll_fd = { .fd = watch, .events = POLLIN };
	struct stat status;
	char notes[4096];

	if (watch < 0 || !folder)
		return;
	*strrchr(folder, '/') = '\0';
	inotify_add_watch(watch, folder, IN_DELETE | IN_DELETE_SELF);
	while (lstat(path, &status) == 0 && poll(&poll_fd, 1, NODE_TIMEOUT) > 0)
		if (read(watch, notes, sizeof(notes)) <= 0)
			return;
}

int fdstore_clear(const struct instance *instance)
{
	int r = fds_forget_all();

	for (size_t i = 0; r >= 0 && instance && i < instance->n_nodes; i++) {
		auto_free char *path = NULL;

		if (asprintf(&path, "/dev/%s", instance->nodes[i].name) >= 0)
			wait_until_gone(path);
	}
	return r;
}
