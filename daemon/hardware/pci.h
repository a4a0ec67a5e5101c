/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCI cards as sysfs shows them: found by identity or slot, bound to a driver for user space and
 * given back. Finding needs no privilege; binding needs root.
 */
#ifndef HARDWARE_PCI_H
#define HARDWARE_PCI_H

#include "base/report.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCI_CARD_BARS	     6U
#define PCI_CARD_SLOT_SIZE   20U
#define PCI_CARD_DRIVER_SIZE 64U
#define PCI_CARD_USER_DRIVER "uio_pci_generic"

struct pci_bar {
	uint64_t start, size; /* size 0: there is no such BAR */
	bool ports;	      /* I/O ports, not memory */
	bool prefetchable;
};

struct pci_card {
	char slot[PCI_CARD_SLOT_SIZE]; /* "0000:00:04.0" */
	uint16_t vendor, device;
	unsigned irq;				    /* 0: no interrupt line (yet) */
	unsigned pin;				    /* of its interrupt; 0: none */
	char driver[PCI_CARD_DRIVER_SIZE];	    /* "" while none is bound */
	char driver_override[PCI_CARD_DRIVER_SIZE]; /* "" if none */
	struct pci_bar bars[PCI_CARD_BARS];
};

/* For tests: replaces /sys/bus/pci; NULL restores it. The string is not copied. */
void pci_card_set_root(const char *root);
const char *pci_card_root(void);

/* 0 if `name` reads "pci:VENDOR:DEVICE" or "pci:DOMAIN:BUS:SLOT.FUNCTION", else -EINVAL. */
int pci_card_check_name(const char *name);
/* Whether `card` matches `name`. */
bool pci_card_matches(const struct pci_card *card, const char *name);

/*
 * Finds the one card that `name` names. Reports, with file and line, and returns -ENODEV if there
 * is none and -ENOTUNIQ if there are several. A card named by its slot must match `match`
 * ("pci:1234:11e8", or NULL), because slots move when cards are added: else -EINVAL.
 */
int pci_card_find(const char *name, const char *match, const char *file, unsigned line,
		  struct report *report, struct pci_card *ret);

/*
 * Binds the card to `driver`, whose module must be loaded, by driver_override. Unbinds it from
 * another driver first, and verifies the result. Bus mastering is off then. On failure the card's
 * driver is restored.
 */
int pci_card_bind(const struct pci_card *card, const char *driver, struct report *report);
/*
 * Gives a card that is bound to the user-space driver back to `driver` ("": whichever the kernel
 * chooses) with `driver_override` as it was. The interrupt line is masked and bus mastering stopped
 * first. A card that was bound to another driver meanwhile is left there. -ENODEV, not reported: it
 * is gone.
 */
int pci_card_restore(const char *slot, const char *driver, const char *driver_override,
		     struct report *report);
/* Masks the interrupt line of a card that no driver has: raised, it would be nobody's, and the
 * kernel would disable the line for all cards that share it. 1: it was not masked; 0: it was, or
 * the card has a driver. */
int pci_card_quiet(const char *slot);

/* Whether an IOMMU translates the addresses that the card reads and writes. Without one they are
 * the machine's memory. */
bool pci_card_is_translated(const char *slot);

#endif
