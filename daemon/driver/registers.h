/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The driver that runs a description's steps. */
#ifndef DRIVER_REGISTERS_H
#define DRIVER_REGISTERS_H

#include "base/report.h"
#include "regmap/description.h"
#include <cuio/driver.h>

/* Implement driver_load() and driver_unload(). */
int registers_load(struct description *description, struct report *report,
		   const struct cuio_driver **ret);
void registers_unload(const struct cuio_driver *driver);

#endif
