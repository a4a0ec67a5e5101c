/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers of others: NAME.so, with one driver that CUIO_PLUGIN() names. Who may run its code is
 * said by the two ways to get it: plugin_load() is for the daemon that serves with it, which is not
 * root; plugin_ask() is for everybody who only wants to know, and has a sandboxed child of no
 * privilege look at it.
 */
#ifndef DRIVER_PLUGIN_H
#define DRIVER_PLUGIN_H

#include "base/report.h"
#include "regmap/description.h"
#include <cuio/driver.h>

/* Where NAME.so is looked for, in this order. */
#define PLUGIN_LOCAL_FOLDER "/usr/local/lib/cuio/drivers"
#define PLUGIN_FOLDER	    "/usr/lib/cuio/drivers"

/*
 * The file of the plug-in that the description, or the instance file in its place, names: opened,
 * and such that root alone may change it; or the one that is kept. -ENOENT, not reported: there is
 * none in the folders. `ret_path` is to be freed.
 */
int plugin_find(const struct description *description, struct report *report, char **ret_path,
		int *ret_fd);

/*
 * The driver, whose code is part of this process from now on. Takes `fd` over. Refused for root. It
 * is asked first, so that one that would crash or hang this process is a finding.
 */
int plugin_load(const struct description *description, const char *path, int fd,
		struct report *report, const struct cuio_driver **ret);
/*
 * What identity_make() and options_read() need of it: names, sizes, options. No function is there,
 * and no other table. A plug-in that crashes or hangs is a finding. Takes `fd` over. May block for
 * PLUGIN_PATIENCE seconds.
 */
int plugin_ask(const struct description *description, const char *path, int fd,
	       struct report *report, const struct cuio_driver **ret);
#define PLUGIN_PATIENCE 10U
/* The file it was loaded from; -1: it was only asked. */
int plugin_file(const struct cuio_driver *driver);
/* Of either. The code stays, as the loader goes by the descriptor that it came from. */
void plugin_free(const struct cuio_driver *driver);

/* For tests: both folders lie below `root`, which is trusted, whoever owns it (NULL: as usual). */
void plugin_set_root(const char *root);

#endif
