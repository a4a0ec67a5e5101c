/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binds a card to another driver and back, by driver_override and drivers_probe
 * (Documentation/ABI/testing/sysfs-bus-pci). new_id is not used: it would match every card of the
 * kind and cannot be undone.
 */
#include "base/cleanup.h"
#include "hardware/command.h"
#include "hardware/intx.h"
#include "hardware/pci.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static int write_file(const char *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes `text` to a file below the PCI root; `format` gives its name. */
static int write_file(const char *text, const char *format, ...)
{
	auto_close int fd = -1;
	char path[PATH_MAX];
	va_list arguments;
	size_t used;

	used = (size_t)snprintf(path, sizeof(path), "%s/", pci_card_root());
	va_start(arguments, format);
	vsnprintf(path + used, sizeof(path) - used, format, arguments);
	va_end(arguments);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

static bool card_exists(const char *slot)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/devices/%s", pci_card_root(), slot);
	return access(path, F_OK) == 0;
}

/* The driver that the card is bound to, "" if none. */
static void current_driver(const char *slot, char driver[static PCI_CARD_DRIVER_SIZE])
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *name;
	ssize_t n;

	driver[0] = '\0';
	snprintf(path, sizeof(path), "%s/devices/%s/driver", pci_card_root(), slot);
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return;
	target[n] = '\0';
	name = strrchr(target, '/');
	snprintf(driver, PCI_CARD_DRIVER_SIZE, "%.*s", (int)PCI_CARD_DRIVER_SIZE - 1,
		 name ? name + 1 : target);
}

static int override(const char *slot, const char *driver)
{
	/* An empty line removes the override. */
	return write_file(*driver ? driver : "\n", "devices/%s/driver_override", slot);
}

static int unbind(const char *slot)
{
	return write_file(slot, "devices/%s/driver/unbind", slot);
}

/* Neither an interrupt nor an access to memory comes from a card that nobody serves. */
static void quiet(const char *slot)
{
	auto_close int fd = -1;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/devices/%s/config", pci_card_root(), slot);
	fd = open(path, O_RDWR | O_CLOEXEC);
	/* Lockdown refuses this, and refused any earlier unmasking, too. */
	if (fd >= 0)
		(void)command_update(fd, COMMAND_BUS_MASTER, COMMAND_INTX_DISABLE);
}

static int restore(const char *slot, const char *driver, const char *driver_override)
{
	char now[PCI_CARD_DRIVER_SIZE];
	int r = override(slot, driver_override);

	if (r < 0)
		return r;
	current_driver(slot, now);
	if (*now && strcmp(now, driver) != 0) {
		r = unbind(slot);
		if (r < 0)
			return r;
	}
	if (*driver && strcmp(now, driver) != 0)
		(void)write_file(slot, "drivers/%s/bind", driver);
	current_driver(slot, now);
	if (!*now) {
		/* There is no original driver, or it refused the card: the kernel chooses. */
		(void)write_file(slot, "drivers_probe");
		current_driver(slot, now);
	}
	return *driver && strcmp(now, driver) != 0 ? -EBUSY : 0;
}

static int bind_failed(const struct pci_card *card, const char *driver, int error, const char *what,
		       struct report *report)
{
	char now[PCI_CARD_DRIVER_SIZE];

	current_driver(card->slot, now);
	(void)restore(card->slot, card->driver, card->driver_override);
	if (error == -EACCES || error == -EPERM)
		report_add(report, NULL, 0, "card pci:%s: no permission to %s: this needs root",
			   card->slot, what);
	else if (error < 0)
		report_add(report, NULL, 0, "card pci:%s: cannot %s: %s", card->slot, what,
			   strerror(-error));
	else if (*now)
		report_add(report, NULL, 0,
			   "card pci:%s: the kernel gave it to the driver \"%s\" instead of \"%s\"",
			   card->slot, now, driver);
	else
		report_add(report, NULL, 0,
			   "card pci:%s: the driver \"%s\" refuses it: `dmesg` says why (a card "
			   "whose INTx interrupt cannot be masked cannot be served through UIO)",
			   card->slot, driver);
	return error < 0 ? error : -EBUSY;
}

bool pci_card_is_translated(const char *slot)
{
	auto_fclose FILE *file = NULL;
	char path[PATH_MAX], type[16] = "";

	snprintf(path, sizeof(path), "%s/devices/%s/iommu_group/type", pci_card_root(), slot);
	file = fopen(path, "re");
	return file && fgets(type, sizeof(type), file) && strcmp(type, "identity\n") != 0;
}

/* Of the driver before; the kernel's UIO driver does not change it. */
static int stop_bus_master(const struct pci_card *card)
{
	auto_close int fd = -1;
	char path[PATH_MAX];
	int r;

	snprintf(path, sizeof(path), "%s/devices/%s/config", pci_card_root(), card->slot);
	fd = open(path, O_RDWR | O_CLOEXEC);
	r = fd < 0 ? -errno : command_update(fd, COMMAND_BUS_MASTER, 0);
	return r == -EPERM ? 0 : r; /* lockdown: the daemon cannot switch it on, either */
}

static int rebind(const struct pci_card *card, const char *driver, struct report *report)
{
	char now[PCI_CARD_DRIVER_SIZE];
	int r = override(card->slot, driver);

	if (r < 0)
		return bind_failed(card, driver, r, "set its driver_override", report);
	if (*card->driver) {
		r = unbind(card->slot);
		if (r < 0)
			return bind_failed(card, driver, r, "take it from its driver", report);
	}
	r = write_file(card->slot, "drivers_probe");
	current_driver(card->slot, now);
	if (r < 0 || strcmp(now, driver) != 0)
		return bind_failed(card, driver, r == -EINVAL ? 0 : r, "bind it", report);
	return 0;
}

int pci_card_bind(const struct pci_card *card, const char *driver, struct report *report)
{
	int r = strcmp(card->driver, driver) == 0 ? 0 : rebind(card, driver, report);

	if (r < 0)
		return r;
	r = stop_bus_master(card);
	return r < 0 ? bind_failed(card, driver, r, "stop its bus mastering", report) : 0;
}

/* Whether somebody could have bound the card to a driver, which unmasks, is asked after the mask
 * was read and again after it was set. */
int pci_card_quiet(const char *slot)
{
	auto_close int fd = -1;
	char path[PATH_MAX], now[PCI_CARD_DRIVER_SIZE];
	int r;

	snprintf(path, sizeof(path), "%s/devices/%s/config", pci_card_root(), slot);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = intx_is_masked(fd);
	current_driver(slot, now);
	if (r != 0 || *now)
		return r < 0 ? r : 0;
	r = intx_mask(fd, true);
	current_driver(slot, now);
	if (*now)
		r = intx_mask(fd, false);
	return r < 0 ? r : 1;
}

int pci_card_restore(const char *slot, const char *driver, const char *driver_override,
		     struct report *report)
{
	char now[PCI_CARD_DRIVER_SIZE];
	int r;

	if (!card_exists(slot))
		return -ENODEV;
	current_driver(slot, now);
	if (*now && strcmp(now, PCI_CARD_USER_DRIVER) != 0)
		return 0; /* somebody bound it to another driver meanwhile */
	if (*now)
		quiet(slot);
	r = restore(slot, driver, driver_override);
	if (r == -EBUSY) {
		report_add(report, NULL, 0,
			   "card pci:%s: its original driver \"%s\" did not take it back: `dmesg` "
			   "says why; try `echo %s >%s/drivers/%s/bind`",
			   slot, driver, slot, pci_card_root(), driver);
		return r;
	}
	if (r < 0 && !card_exists(slot))
		return -ENODEV;
	if (r < 0)
		report_add(report, NULL, 0, "card pci:%s: cannot give it back: %s", slot,
			   strerror(-r));
	return r;
}
