/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What cuio/driver.h demands of a driver's tables. Plug-ins are held to it before anything of them
 * is used; the drivers of this tree are by a unit test. Findings have no place: it is the caller's
 * to say whose they are. The functions return 0, or -EINVAL and have reported.
 */
#ifndef DRIVER_CONTRACT_H
#define DRIVER_CONTRACT_H

#include "base/report.h"
#include <cuio/driver.h>
#include <stdbool.h>

#define CONTRACT_NAME_MAX  63U	 /* bytes of a driver's, an option's, a register's name */
#define CONTRACT_TABLE_MAX 4096U /* entries of a table that has no limit of its own */

/* Letters, digits and "._-", not starting with '.' or '-': of a driver, and so of its file. */
bool contract_name_is_good(const char *name);
/* Whether tables that were compiled as `built` says can be used here: of the same version, and no
 * larger than ours. Smaller ones lack what was added at their ends since. */
int contract_check_build(const struct cuio_contract *built, struct report *report);
/* Everything else: sizes, counts, names, and that no entry lacks what it must have. The tables are
 * of this version's layout. */
int contract_check_driver(const struct cuio_driver *driver, struct report *report);

#endif
