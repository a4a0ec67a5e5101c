/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of what users write, which touch nothing: cuiod --check, and the first step of a start. */
#ifndef CONFIGURATION_H
#define CONFIGURATION_H

#include "base/fds.h"
#include "base/report.h"
#include "config/instance.h"
#include <cuio/driver.h>

/* The driver of a description, and whatever else the description says. Reports all findings. */
int configuration_load_driver(struct description *description, struct document *instance,
			      struct report *report, const struct cuio_driver **ret);
/* The same by driver_ask(), for those who do not serve with it: identity_make() has what it needs.
 */
int configuration_ask_driver(struct description *description, struct document *instance,
			     struct report *report, const struct cuio_driver **ret);
/* The same for those who only want to know whether it is good. `instance` (NULL: none) may set the
 * driver's options.
 */
int configuration_check_driver(struct description *description, struct document *instance,
			       struct report *report);
/*
 * The start of a service: an instance and its driver, from its files; or, when these have a mistake
 * and a predecessor has left a node that programs may hold, from the files as they were at the last
 * good start. Logs all findings.
 */
int configuration_load(const char *name, const char *path, struct fds *fds, struct instance **ret,
		       const struct cuio_driver **ret_driver);
/* Keeps the files of a good start in the descriptor store, unless they are there already. */
int configuration_keep(const struct instance *instance, const struct cuio_driver *driver,
		       struct fds *fds);
/* Each file to stdout or with its findings to stderr; 0, or -EINVAL if one is not good. */
int configuration_check(char **paths);

#endif
