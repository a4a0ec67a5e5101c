/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A card's name, taken apart. For the files that find cards; others use hardware/pci.h. */
#ifndef HARDWARE_PCI_NAME_H
#define HARDWARE_PCI_NAME_H

#include "hardware/pci.h"

struct pci_name {
	bool by_slot;
	unsigned vendor, device;
	char slot[PCI_CARD_SLOT_SIZE];
};

/* -EINVAL: it is none. */
int pci_name_parse(const char *name, struct pci_name *ret);
/* Whether the card with these is what the name asks for. */
bool pci_name_matches(const struct pci_name *name, const char *slot, unsigned vendor,
		      unsigned device);

#endif
