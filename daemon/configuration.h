/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of what users write, which touch nothing: cuiod --check, and the first step of a start. */
#ifndef CONFIGURATION_H
#define CONFIGURATION_H

#include "base/report.h"
#include "device/instance.h"
#include <cuio/driver.h>

/* The driver of a description, and whatever else the description says. Reports all findings. */
int configuration_load_driver(struct description *description, struct report *report,
			      const struct driver **ret);
/* The same for those who only want to know. */
int configuration_check_driver(struct description *description, struct report *report);
/* Each file to stdout or with its findings to stderr; 0, or -EINVAL if one is not good. */
int configuration_check(char **paths);

#endif
