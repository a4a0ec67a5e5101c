/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of this folder. */
#ifndef DRIVER_PLUGIN_INTERNAL_H
#define DRIVER_PLUGIN_INTERNAL_H

#include "driver/plugin/plugin.h"

/* A driver with full-size copies of a plug-in's tables, or with the answers of a sandboxed
 * child. */
struct plugin {
	struct cuio_driver driver;
	int fd;	      /* its file, kept open while the process runs; -1: only asked */
	void **owned; /* freed with the plug-in */
	size_t n_owned;
};

/* Zeroed memory that is freed with the plug-in; NULL: no memory. */
void *plugin_alloc(struct plugin *plugin, size_t n, size_t size);
/* Reports each line of `findings` about the file `path`, at the line of Driver=. Returns
 * -EINVAL. */
int plugin_tell(const struct description *description, const char *path, const char *findings,
		struct report *report);
/* Runs the plug-in's constructors, checks its tables and copies them. Findings have no file and
 * line. */
int plugin_open(int fd, const char *name, struct report *report, struct plugin **ret);

/*
 * For a child that asks a plug-in: gives up root, all descriptors except stdin to stderr
 * (/dev/null) and these two, and nearly all system calls. It can read files, compute, and write to
 * `answer`. Both descriptors get new numbers. 0, or -errno with *ret_what naming the failed part.
 */
int sandbox_enter(int *library, int *answer, const char **ret_what);
#define SANDBOX_CPU 5 /* seconds of CPU time, then the kernel kills it */

#endif
