/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks a driver's tables against cuio/driver.h. Plug-ins are checked before use, the drivers of
 * this tree by a unit test. Findings have no file and line; the caller adds the driver. The
 * functions return 0, or -EINVAL after a finding.
 */
#ifndef DRIVER_CONTRACT_H
#define DRIVER_CONTRACT_H

#include "base/report.h"
#include <cuio/driver.h>
#include <stdbool.h>

#define CONTRACT_NAME_MAX  63U	 /* bytes of the name of a driver, an option or a register */
#define CONTRACT_TABLE_MAX 4096U /* entries of a table without a limit of its own */

/* Letters, digits and "._-", not starting with '.' or '-': valid for a driver and its file. */
bool contract_name_is_good(const char *name);
/* Whether tables that were built as `built` says can be used here: the version is the same, and no
 * struct is larger. Smaller ones lack members that were added later at their ends. */
int contract_check_build(const struct cuio_contract *built, struct report *report);
/* Checks everything else: sizes, counts, names and mandatory members. The tables must have this
 * version's layout. */
int contract_check_driver(const struct cuio_driver *driver, struct report *report);

#endif
