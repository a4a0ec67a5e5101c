/* SPDX-License-Identifier: GPL-2.0-or-later */
/* INTx of a PCI card, through its open config space: bit 10 of the command register
 * (PCI 3.0, 6.2.2). */
#ifndef HARDWARE_INTX_H
#define HARDWARE_INTX_H

#include <stdbool.h>

/*
 * `config` is the card's configuration space. Other bits, such as bus mastering, are not changed.
 * An interrupt that is asserted fires at once. 0 or -errno (-EPERM under kernel lockdown).
 */
int intx_mask(int config, bool masked);
/* 1, 0 or -errno. */
int intx_is_masked(int config);

#endif
