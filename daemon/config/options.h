/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of a driver, section [Driver]. The description sets what its card needs; the instance
 * file overrides it.
 */
#ifndef DEVICE_OPTIONS_H
#define DEVICE_OPTIONS_H

#include "base/document.h"
#include "base/report.h"
#include <cuio/driver.h>

/* Checks both sections and gives each of the driver's options its value. `instance` may be NULL
 * (only the description is checked). Reports all findings. */
int options_read(const struct cuio_driver *driver, struct document *description,
		 struct document *instance, struct report *report,
		 uint64_t values[static CUIO_OPTIONS_MAX]);

#endif
