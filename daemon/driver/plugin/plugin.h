/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plug-ins: NAME.so, with one driver named by CUIO_PLUGIN(). plugin_load() is for the daemon that
 * serves with the driver; it runs the plug-in's code and is refused for root. plugin_ask() is for
 * programs that only need its properties; an unprivileged, sandboxed child runs the code.
 */
#ifndef DRIVER_PLUGIN_H
#define DRIVER_PLUGIN_H

#include "base/report.h"
#include "regmap/description.h"
#include <cuio/driver.h>

/* The folders that are searched, in this order. */
#define PLUGIN_LOCAL_FOLDER "/usr/local/lib/cuio/drivers"
#define PLUGIN_FOLDER	    "/usr/lib/cuio/drivers"

/*
 * Opens the plug-in's file: the one that the instance file or else the description names, and that
 * only root may change, or the one from systemd's store. -ENOENT, not reported: no folder has it.
 * The caller frees *ret_path and owns *ret_fd.
 */
int plugin_find(const struct description *description, struct report *report, char **ret_path,
		int *ret_fd);

/*
 * Loads the driver's code into this process. Owns `fd`. Refused for root. Calls plugin_ask() first,
 * so that a plug-in that would crash or block this process is a finding.
 */
int plugin_load(const struct description *description, const char *path, int fd,
		struct report *report, const struct cuio_driver **ret);
/*
 * Returns what identity_make() and options_read() need: names, sizes, options, but no functions and
 * no other tables. A plug-in that crashes or hangs is a finding. Closes `fd`. May block for
 * PLUGIN_PATIENCE seconds.
 */
int plugin_ask(const struct description *description, const char *path, int fd,
	       struct report *report, const struct cuio_driver **ret);
#define PLUGIN_PATIENCE 10U
/* The file that the driver was loaded from, owned by the driver; -1: it was only asked. */
int plugin_file(const struct cuio_driver *driver);
/* For both. The code stays loaded, because the loader identifies it by its descriptor. */
void plugin_free(const struct cuio_driver *driver);

/* For tests: both folders are below `root`, which is trusted whatever its owner is; NULL:
 * default. */
void plugin_set_root(const char *root);

#endif
