/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds drivers by the name in a description's Driver=. */
#ifndef DRIVER_TABLE_H
#define DRIVER_TABLE_H

#include "base/report.h"
#include "regmap/description.h"
#include <cuio/driver.h>

/* Drivers in C, one file or folder each. */
extern const struct cuio_driver ivshmem_driver;
extern const struct cuio_driver i6300esb_driver;
extern const struct cuio_driver uart16550_driver;
extern const struct cuio_driver ne2000_driver;

/* A NULL-terminated list of them; and whether one has this name, or it is "registers". */
extern const struct cuio_driver *const driver_table[];
bool driver_is_built_in(const char *name);

/*
 * Loads the description's driver. "registers" compiles the description's steps; a driver in C is a
 * constant; a plug-in's code is loaded into this process. Reports file:line findings on failure.
 * The description must outlive the driver. Accesses no hardware.
 */
int driver_load(struct description *description, struct report *report,
		const struct cuio_driver **ret);
/*
 * The same for programs that do not run the driver: this process runs no code of a plug-in, and of
 * a plug-in's driver only names, sizes and options are set.
 */
int driver_ask(struct description *description, struct report *report,
	       const struct cuio_driver **ret);
/* The open file of a loaded plug-in, owned by the driver; -1: no loaded plug-in. */
int driver_file(const struct cuio_driver *driver);
/* Accepts NULL. */
void driver_unload(const struct cuio_driver *driver);

#endif
