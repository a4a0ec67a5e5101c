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

/* All of these, up to NULL; and whether one has this name, or it is "registers". */
extern const struct cuio_driver *const driver_table[];
bool driver_is_built_in(const char *name);

/*
 * The driver of this description. For "registers" it is made from the description's steps, checked
 * and compiled; a driver in C is a constant, or a plug-in's, whose code becomes part of this
 * process. Reports file:line findings on failure. The description must outlive the driver. Touches
 * no hardware.
 */
int driver_load(struct description *description, struct report *report,
		const struct cuio_driver **ret);
/*
 * The same for those who only want to know: no code of a plug-in runs in this process, and of its
 * driver only names, sizes and options are there.
 */
int driver_ask(struct description *description, struct report *report,
	       const struct cuio_driver **ret);
/* The open file of a plug-in that was loaded, which stays the driver's; -1 of all others. */
int driver_file(const struct cuio_driver *driver);
/* NULL is fine. */
void driver_unload(const struct cuio_driver *driver);

#endif
