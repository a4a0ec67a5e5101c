/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The instance file and its description as they were at the last good start, in a memfd in
 * systemd's descriptor store. A restart that finds a mistake in the files on disk uses these, so
 * that programs do not lose their node.
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
	void *memory; /* mapping that all of the above points into */
	size_t size;
};

/* Writes the files that the instance was loaded from to a new memfd, owned by the caller. */
int kept_files_write(const struct instance *instance, int *ret_fd);
/* Maps the files in `fd`, which stays the caller's. -EBADMSG: it holds something else. */
int kept_files_read(int fd, struct kept_files *ret);
void kept_files_done(struct kept_files *files);
/* Whether the instance was loaded from the same paths and texts. */
bool kept_files_match(const struct kept_files *files, const struct instance *instance);

#endif
