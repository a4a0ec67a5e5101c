/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The instance file and its description as they were at the last good start, in a memfd that waits
 * in systemd's descriptor store. A restart that finds a mistake in the files goes on with these:
 * the programs that hold the node shall not pay for a slip of the editor.
 */
#ifndef DEVICE_KEPT_FILES_H
#define DEVICE_KEPT_FILES_H

#include "config/instance.h"
#include <stdbool.h>
#include <stddef.h>

struct kept_file {
	const char *path, *text; /* text is not terminated */
	size_t size;
};

struct kept_files {
	struct kept_file instance, description;
	int plugin_fd; /* of a driver that is a plug-in, else -1; the caller's */
	void *memory;  /* mapped, holds all of the above */
	size_t size;
};

/* A new memfd with the files of an instance that was loaded from them, owned by the caller. */
int kept_files_write(const struct instance *instance, int *ret_fd);
/* What is in `fd`, which stays the caller's. -EBADMSG: something else. */
int kept_files_read(int fd, struct kept_files *ret);
void kept_files_done(struct kept_files *files);
/* Whether they are what the instance was loaded from. */
bool kept_files_match(const struct kept_files *files, const struct instance *instance);

#endif
