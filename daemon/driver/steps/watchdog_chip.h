/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A chip of the watchdog class whose operations are steps of a description. */
#ifndef STEPS_WATCHDOG_CHIP_H
#define STEPS_WATCHDOG_CHIP_H

#include "driver/steps/program.h"

/* Fills the program's chip with what there are sections for. */
void watchdog_chip_fill(struct program *program);
/* Asks the chip, by [Watchdog Running] and [Watchdog Status], what it did before the service. */
int watchdog_chip_find(struct cuio_device *device);

#endif
