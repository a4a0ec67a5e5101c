/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this folder share. */
#ifndef DRIVER_PLUGIN_INTERNAL_H
#define DRIVER_PLUGIN_INTERNAL_H

#include "driver/plugin/plugin.h"

/* A driver with full-size copies of a plug-in's tables, or with what was asked of it. */
struct plugin {
	struct cuio_driver driver;
	int fd;	      /* its file, for as long as there is this process; -1: it was asked */
	void **owned; /* what is freed with it */
	size_t n_owned;
};

/* Zeroed memory that is freed with the plug-in; NULL: no memory. */
void *plugin_alloc(struct plugin *plugin, size_t n, size_t size);
/* Reports each line of `findings` as one about the file `path`, where Driver= stands. Returns
 * -EINVAL. */
int plugin_tell(const struct description *description, const char *path, const char *findings,
		struct report *report);
/* Runs the plug-in's constructors, checks its tables and copies them. Findings have no place. */
int plugin_open(int fd, const char *name, struct report *report, struct plugin **ret);

/*
 * For a child that asks a plug-in: gives up root, all descriptors but stdin to stderr (/dev/null)
 * and the two, and nearly all system calls: it can read files, compute, and write to the second.
 * The two get new numbers. 0, or -errno and *ret_what says of what.
 */
int sandbox_enter(int *library, int *answer, const char **ret_what);
#define SANDBOX_CPU 5 /* seconds, after which the kernel ends it */

#endif
