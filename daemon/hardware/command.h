/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command register in a PCI card's open configuration space (PCI 3.0, 6.2.2). */
#ifndef HARDWARE_COMMAND_H
#define HARDWARE_COMMAND_H

#include <stdint.h>

#define COMMAND_BUS_MASTER   0x0004U /* the card may access memory by itself */
#define COMMAND_INTX_DISABLE 0x0400U

/*
 * Clears and sets bits, and leaves the others as they are. 0 or -errno (-EPERM under kernel
 * lockdown).
 *
 * The whole word is written: QEMU before 8.0 looks at a pending interrupt again only when the lower
 * byte is part of the write; a write of the upper byte alone would lose the interrupt.
 */
int command_update(int config, uint16_t clear, uint16_t set);

#endif
