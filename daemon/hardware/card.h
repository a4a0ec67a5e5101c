/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The card that a spec means, before it is bound: the root helper's check, and UIO's. */
#ifndef HARDWARE_CARD_H
#define HARDWARE_CARD_H

#include "hardware/hardware.h"
#include "hardware/pci.h"

/*
 * Finds the card and checks that it has the BARs the windows need, and an interrupt line if one is
 * wanted. Works for everybody, whoever the card is bound to. Reports all findings.
 */
int card_check(const struct hardware_spec *spec, struct report *report, struct pci_card *ret);

#endif
