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
/* The same when cards of the same kind may have come later: among several, the one in `slot` (NULL:
 * none) is meant. */
int card_check_again(const struct hardware_spec *spec, const char *slot, struct report *report,
		     struct pci_card *ret);

/* Whether the kernel is locked down (Secure Boot), and what that means for a card. */
bool card_locked_down(void);

#define CARD_LOCKED_DOWN                                                                           \
	"the kernel is locked down (Secure Boot; /sys/kernel/security/lockdown), which leaves "    \
	"UIO only 32-bit non-prefetchable memory and no interrupt"

#endif
