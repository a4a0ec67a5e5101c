/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drivers there are, by the name a description gives in Driver=. */
#ifndef DRIVER_TABLE_H
#define DRIVER_TABLE_H

#include "base/report.h"
#include "regmap/description.h"
#include <cuio/driver.h>

/* Those in C, a file each. */
extern const struct cuio_driver ivshmem_driver;
extern const struct cuio_driver i6300esb_driver;
extern const struct cuio_driver uart16550_driver;
extern const struct cuio_driver ne2000_driver;

/*
 * The driver of this description. For "registers" it is made from the description's steps, checked
 * and compiled; a driver in C is a constant. Reports file:line findings on failure. The description
 * must outlive the driver. Neither touches hardware.
 */
int driver_load(struct description *description, struct report *report,
		const struct cuio_driver **ret);
/* NULL and drivers in C are fine. */
void driver_unload(const struct cuio_driver *driver);

#endif
