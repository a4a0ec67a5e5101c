/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the card of a spec and checks it against the description's windows. */
#include "hardware/card.h"
#include "base/cleanup.h"
#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* securityfs may not be mounted. */
bool card_locked_down(void)
{
	auto_fclose FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char text[80] = "";

	if (!file || !fgets(text, sizeof(text), file))
		return false;
	return strstr(text, "[none]") == NULL;
}

/* Checked here so that the user knows before the card is bound. */
static void check_lockdown(const struct hardware_spec *spec, const struct pci_card *card,
			   struct report *report)
{
	const char *unusable = spec->interrupt ? "its interrupt" : NULL;

	for (size_t i = 0; i < spec->n_windows; i++) {
		if (spec->windows[i].type == WINDOW_CONFIG)
			unusable = "its configuration space";
		else if (spec->windows[i].type == WINDOW_PORTS)
			unusable = "its I/O ports";
		else if (card->bars[spec->windows[i].bar].prefetchable)
			unusable = "its prefetchable memory";
	}
	if (unusable && card_locked_down())
		report_add(report, spec->file, spec->line,
			   "card pci:%s: %s cannot be used: " CARD_LOCKED_DOWN, card->slot,
			   unusable);
}

static void check_window(const struct pci_card *card, const struct window_spec *window,
			 struct report *report)
{
	const struct pci_bar *bar;

	if (window->type == WINDOW_CONFIG)
		return;
	if (window->bar >= PCI_CARD_BARS) {
		report_add(report, window->file, window->line,
			   "window %s: a card has BARs 0 to 5, not %u", window->name, window->bar);
		return;
	}
	bar = &card->bars[window->bar];
	if (bar->size == 0)
		report_add(report, window->file, window->line,
			   "window %s: card pci:%s has no BAR %u (see lspci -v -s %s)",
			   window->name, card->slot, window->bar, card->slot);
	else if (bar->ports != (window->type == WINDOW_PORTS))
		report_add(report, window->file, window->line,
			   "window %s: BAR %u of card pci:%s is %s, not %s", window->name,
			   window->bar, card->slot, bar->ports ? "I/O ports" : "memory",
			   bar->ports ? "memory" : "I/O ports");
	else if (bar->size < window->size)
		report_add(report, window->file, window->line,
			   "window %s: the description needs 0x%" PRIx64
			   " bytes, but BAR %u of card pci:%s has 0x%" PRIx64,
			   window->name, window->size, window->bar, card->slot, bar->size);
	else if (window->write_combine && !bar->prefetchable)
		report_add(report, window->file, window->line,
			   "window %s: BAR %u of card pci:%s is not prefetchable and cannot be "
			   "mapped write-combining",
			   window->name, window->bar, card->slot);
}

/* The kernel gives the interrupt of a card that is added to a running machine its number when it
 * binds the card. */
static bool has_interrupt(const struct pci_card *card)
{
	return card->irq || (card->pin && strcmp(card->driver, PCI_CARD_USER_DRIVER) != 0);
}

static int check_windows(const struct hardware_spec *spec, const struct pci_card *card,
			 struct report *report)
{
	unsigned before = report->count;

	if (spec->n_windows > HARDWARE_WINDOWS_MAX)
		return report_add(report, spec->file, spec->line, "more than %u windows",
				  HARDWARE_WINDOWS_MAX);
	for (size_t i = 0; i < spec->n_windows; i++)
		check_window(card, &spec->windows[i], report);
	if (spec->interrupt && !has_interrupt(card))
		report_add(report, spec->file, spec->line,
			   "card pci:%s has no interrupt line (INTx), which its description asks "
			   "for in [Interrupt]",
			   card->slot);
	if (report->count == before)
		check_lockdown(spec, card, report);
	return report->count == before ? 0 : -EINVAL;
}

/* Finds the card of the spec; the one in `slot`, if that matches. */
static int find(const struct hardware_spec *spec, const char *slot, struct report *report,
		struct pci_card *ret)
{
	struct report unwanted = { 0 };
	char name[PCI_CARD_SLOT_SIZE + 4];
	int r = -ENODEV;

	if (slot) {
		snprintf(name, sizeof(name), "pci:%s", slot);
		r = pci_card_find(name, spec->match, NULL, 0, &unwanted, ret);
		report_done(&unwanted);
		if (r == 0 && pci_card_matches(ret, spec->card))
			return 0;
	}
	return pci_card_find(spec->card, spec->match, spec->file, spec->line, report, ret);
}

int card_check_again(const struct hardware_spec *spec, const char *slot, struct report *report,
		     struct pci_card *ret)
{
	struct pci_card card;
	int r;

	if (!spec->card)
		return report_add(report, spec->file, spec->line,
				  "no card is named, expected Card=pci:VENDOR:DEVICE");
	r = find(spec, slot, report, &card);
	if (r < 0)
		return r;
	r = check_windows(spec, &card, report);
	if (r < 0)
		return r;
	*ret = card;
	return 0;
}

int card_check(const struct hardware_spec *spec, struct report *report, struct pci_card *ret)
{
	return card_check_again(spec, NULL, report, ret);
}
