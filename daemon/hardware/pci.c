/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds cards with libpci's sysfs method. */
#include "base/cleanup.h"
#include "hardware/pci_name.h"
#include <errno.h>
#include <fcntl.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CARDS_MAX	  16U
#define IORESOURCE_IO	  0x100U /* include/linux/ioport.h, as sysfs shows it */
#define IORESOURCE_PREFET 0x2000U

static const char *pci_root = "/sys/bus/pci";

void pci_card_set_root(const char *root)
{
	pci_root = root ? root : "/sys/bus/pci";
}

const char *pci_card_root(void)
{
	return pci_root;
}

/* libpci's error callback must not return, so it jumps. A card may vanish during a scan. */
static jmp_buf give_up;

static __attribute__((noreturn, format(printf, 1, 2))) void on_error(char *message, ...)
{
	(void)message;
	longjmp(give_up, 1);
}

static __attribute__((format(printf, 1, 2))) void on_warning(char *message, ...)
{
	(void)message;
}

static void fill_bars(const struct pci_dev *dev, struct pci_card *card)
{
	for (unsigned i = 0; i < PCI_CARD_BARS; i++) {
		struct pci_bar *bar = &card->bars[i];

		bar->size = dev->size[i];
		bar->ports = dev->flags[i] & IORESOURCE_IO;
		bar->prefetchable = dev->flags[i] & IORESOURCE_PREFET;
		bar->start =
			dev->base_addr[i] & (bar->ports ? PCI_ADDR_IO_MASK : PCI_ADDR_MEM_MASK);
	}
}

static void fill_override(struct pci_card *card)
{
	auto_fclose FILE *file = NULL;
	char path[160];

	snprintf(path, sizeof(path), "%s/devices/%s/driver_override", pci_root, card->slot);
	file = fopen(path, "re");
	if (!file || !fgets(card->driver_override, sizeof(card->driver_override), file))
		return;
	card->driver_override[strcspn(card->driver_override, "\n")] = '\0';
	if (strcmp(card->driver_override, "(null)") == 0)
		card->driver_override[0] = '\0';
}

/* The interrupt pin, 1 to 4; 0: none. Its number says less: a card that is added to a running
 * machine has none until it gets a driver. */
static unsigned interrupt_pin(struct pci_dev *dev)
{
	unsigned pin = pci_read_byte(dev, PCI_INTERRUPT_PIN);

	return pin <= 4 ? pin : 0;
}

static void fill_card(struct pci_dev *dev, struct pci_card *card)
{
	const char *driver;

	pci_fill_info(dev, PCI_FILL_IDENT | PCI_FILL_BASES | PCI_FILL_SIZES | PCI_FILL_IO_FLAGS |
				   PCI_FILL_IRQ | PCI_FILL_DRIVER);
	driver = pci_get_string_property(dev, PCI_FILL_DRIVER);
	snprintf(card->driver, sizeof(card->driver), "%s", driver ? driver : "");
	card->vendor = dev->vendor_id;
	card->device = dev->device_id;
	card->irq = dev->irq > 0 ? (unsigned)dev->irq : 0;
	card->pin = interrupt_pin(dev);
	fill_bars(dev, card);
	fill_override(card);
}

/* Collects at most CARDS_MAX matching cards; *n_cards counts all of them. */
static void collect(struct pci_access *access, const struct pci_name *query, struct pci_card *cards,
		    size_t *n_cards)
{
	pci_init(access);
	pci_scan_bus(access);
	for (struct pci_dev *dev = access->devices; dev; dev = dev->next) {
		char slot[PCI_CARD_SLOT_SIZE];

		snprintf(slot, sizeof(slot), "%04x:%02x:%02x.%x", (unsigned)dev->domain, dev->bus,
			 dev->dev, dev->func & 7U);
		if (!query->by_slot)
			pci_fill_info(dev, PCI_FILL_IDENT);
		if (!pci_name_matches(query, slot, dev->vendor_id, dev->device_id))
			continue;
		if (*n_cards < CARDS_MAX) {
			memcpy(cards[*n_cards].slot, slot, sizeof(slot));
			fill_card(dev, &cards[*n_cards]);
		}
		(*n_cards)++;
	}
}

/* libpci lists cards in no defined order. */
static int by_slot(const void *one, const void *other)
{
	return strcmp(((const struct pci_card *)one)->slot, ((const struct pci_card *)other)->slot);
}

static int scan(const struct pci_name *query, struct pci_card *cards, size_t *n_cards)
{
	struct pci_access *access = pci_alloc();
	int r = 0;

	access->method = PCI_ACCESS_SYS_BUS_PCI;
	access->error = on_error;
	access->warning = on_warning;
	access->debug = on_warning;
	pci_set_param(access, (char *)"sysfs.path", (char *)pci_root);
	*n_cards = 0;
	if (setjmp(give_up) == 0)
		collect(access, query, cards, n_cards);
	else
		r = -ENODEV;
	pci_cleanup(access);
	qsort(cards, *n_cards < CARDS_MAX ? *n_cards : CARDS_MAX, sizeof(*cards), by_slot);
	return r;
}

static int report_none(const char *name, const char *file, unsigned line, struct report *report)
{
	report_add(report, file, line,
		   "there is no card %s in this machine (see lspci -nn; a card behind a hypervisor "
		   "or a riser may need `echo 1 >/sys/bus/pci/rescan`)",
		   name);
	return -ENODEV;
}

static int report_several(const char *name, const char *file, unsigned line, struct report *report,
			  const struct pci_card *cards, size_t n_cards)
{
	char list[CARDS_MAX * (PCI_CARD_SLOT_SIZE + 6)] = "";
	size_t used = 0;

	for (size_t i = 0; i < n_cards && i < CARDS_MAX; i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%spci:%s",
					 i ? ", " : "", cards[i].slot);
	report_add(report, file, line,
		   "%zu cards match %s: %s%s; choose one by its slot, such as Card=pci:%s", n_cards,
		   name, list, n_cards > CARDS_MAX ? ", ..." : "", cards[0].slot);
	return -ENOTUNIQ;
}

int pci_card_find(const char *name, const char *match, const char *file, unsigned line,
		  struct report *report, struct pci_card *ret)
{
	struct pci_card cards[CARDS_MAX] = { 0 };
	struct pci_name query;
	size_t n_cards;
	int r;

	if (pci_name_parse(name, &query) < 0)
		return report_add(report, file, line,
				  "\"%s\" names no card, expected pci:VENDOR:DEVICE "
				  "(pci:1234:11e8) or a slot (pci:0000:00:04.0)",
				  name);
	r = scan(&query, cards, &n_cards);
	if (r < 0) {
		report_add(report, file, line, "cannot look for card %s below %s/devices", name,
			   pci_root);
		return r;
	}
	if (n_cards == 0)
		return report_none(name, file, line, report);
	if (n_cards > 1)
		return report_several(name, file, line, report, cards, n_cards);
	if (query.by_slot && match && !pci_card_matches(&cards[0], match))
		return report_add(report, file, line,
				  "card pci:%s is a pci:%04x:%04x, but the description is for %s",
				  cards[0].slot, cards[0].vendor, cards[0].device, match);
	*ret = cards[0];
	return 0;
}
