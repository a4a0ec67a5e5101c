/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds and checks the card of a spec: for the root helper, before it binds the card, and UIO. */
#ifndef HARDWARE_CARD_H
#define HARDWARE_CARD_H

#include "hardware/hardware.h"
#include "hardware/pci.h"

/*
 * Finds the card and checks that it has the BARs the windows need, and an interrupt line if one is
 * wanted. Needs no privilege; the card may be bound to any driver. Reports all findings.
 */
int card_check(const struct hardware_spec *spec, struct report *report, struct pci_card *ret);
/* The same, but of several matching cards chooses the one in `slot` (NULL: none), because cards of
 * the same kind may have been added since. */
int card_check_again(const struct hardware_spec *spec, const char *slot, struct report *report,
		     struct pci_card *ret);

/* Whether the kernel is locked down (Secure Boot). The text says what that means for a card. */
bool card_locked_down(void);

#define CARD_LOCKED_DOWN                                                                           \
	"the kernel is locked down (Secure Boot; /sys/kernel/security/lockdown), which leaves "    \
	"UIO only 32-bit non-prefetchable memory and no interrupt"

#endif
