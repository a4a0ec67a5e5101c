// SPDX-License-Identifier: GPL-2.0-or-later
// Names of cards: "pci:VENDOR:DEVICE" and "pci:DOMAIN:BUS:SLOT.FUNCTION".
#include "hardware/pci_name.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parses min..max hex digits and moves *text behind them. */
static bool take_hex(const char **text, size_t min, size_t max, unsigned *ret)
{
	size_t n = 0;
	char digits[9];

	while (n < max && isxdigit((unsigned char)(*text)[n])) {
		digits[n] = (*text)[n];
		n++;
	}
	if (n < min)
		return false;
	digits[n] = '\0';
	*ret = (unsigned)strtoul(digits, NULL, 16);
	*text += n;
	return true;
}

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

static bool parse_slot(const char *text, struct pci_name *wanted)
{
	unsigned domain, bus, device, function;

	if (!take_hex(&text, 4, 8, &domain) || !take_char(&text, ':') ||
	    !take_hex(&text, 2, 2, &bus) || !take_char(&text, ':') ||
	    !take_hex(&text, 2, 2, &device) || !take_char(&text, '.') ||
	    !take_hex(&text, 1, 1, &function) || *text != '\0')
		return false;
	if (device > 0x1f || function > 7)
		return false;
	wanted->by_slot = true;
	snprintf(wanted->slot, sizeof(wanted->slot), "%04x:%02x:%02x.%x", domain, bus, device,
		 function);
	return true;
}

static bool parse_identity(const char *text, struct pci_name *wanted)
{
	if (!take_hex(&text, 4, 4, &wanted->vendor) || !take_char(&text, ':') ||
	    !take_hex(&text, 4, 4, &wanted->device) || *text != '\0')
		return false;
	wanted->by_slot = false;
	return true;
}

int pci_name_parse(const char *name, struct pci_name *ret)
{
	if (strncmp(name, "pci:", 4) != 0)
		return -EINVAL;
	if (!parse_slot(name + 4, ret) && !parse_identity(name + 4, ret))
		return -EINVAL;
	return 0;
}

int pci_card_check_name(const char *name)
{
	struct pci_name wanted;

	return pci_name_parse(name, &wanted);
}

bool pci_name_matches(const struct pci_name *name, const char *slot, unsigned vendor,
		      unsigned device)
{
	if (name->by_slot)
		return strcmp(name->slot, slot) == 0;
	return name->vendor == vendor && name->device == device;
}

bool pci_card_matches(const struct pci_card *card, const char *name)
{
	struct pci_name wanted;

	return pci_name_parse(name, &wanted) == 0 &&
	       pci_name_matches(&wanted, card->slot, card->vendor, card->device);
}
