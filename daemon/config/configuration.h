/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads and checks descriptions and instance files. Touches no hardware. For cuiod --check, and the
 * first step of a start. */
#ifndef CONFIGURATION_H
#define CONFIGURATION_H

#include "base/fds.h"
#include "base/report.h"
#include "config/instance.h"
#include <cuio/driver.h>

/* Loads the driver of a description and checks the rest of the file. Reports all findings. The
 * caller ends the driver with driver_unload(). */
int configuration_load_driver(struct description *description, const struct instance *instance,
			      struct report *report, const struct cuio_driver **ret);
/* The same by driver_ask(), for those who do not serve with it: identity_make() has what it needs.
 */
int configuration_ask_driver(struct description *description, const struct instance *instance,
			     struct report *report, const struct cuio_driver **ret);
/* The same, but unloads the driver again. `instance` (NULL: none) may set the driver's options. */
int configuration_check_driver(struct description *description, const struct instance *instance,
			       struct report *report);
/*
 * Loads an instance and its driver when a service starts. While programs may hold a predecessor's
 * node, files with a mistake, or files that need a new node, are replaced by those of the last good
 * start. Logs all findings.
 */
int configuration_load(const char *name, const char *path, struct fds *fds, struct instance **ret,
		       const struct cuio_driver **ret_driver);
/* Stores the files of a good start in the descriptor store, unless they are there already; and the
 * file of the plug-in, if the driver is one. */
int configuration_keep(const struct instance *instance, const struct cuio_driver *driver,
		       struct fds *fds);
/* Prints valid files to stdout and findings to stderr. 0, or -EINVAL if a file is not valid. */
int configuration_check(char **paths);

#endif
