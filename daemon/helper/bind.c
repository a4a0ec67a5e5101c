/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Binds an instance's card to UIO and gives it back. All checks come before the first change. */
#include "base/cleanup.h"
#include "base/handover_mark.h"
#include "base/log.h"
#include "base/shortage.h"
#include "base/stop_note.h"
#include "base/supervisor.h"
#include "hardware/card.h"
#include "helper/helper.h"
#include "helper/original_binding.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <syslog.h>

/* Loads the kernel modules that the instance needs. */
static int load_modules(const struct instance *instance, struct report *report)
{
	const char *modules[4] = { instance->front == INSTANCE_FILE ? "fuse" : "cuse" };

	if (instance->card) {
		modules[1] = "uio";
		modules[2] = PCI_CARD_USER_DRIVER;
	}
	return modules_load(modules, report);
}

static void cleanup_instance(struct instance **instance)
{
	instance_free(*instance);
}

static int check_owner(const struct pci_card *card, const char *name, struct report *report)
{
	char owner[80];

	if (!original_binding_owner(card->slot, name, owner, sizeof(owner)))
		return 0;
	report_add(report, NULL, 0, "card pci:%s is served by cuiod@%s already", card->slot, owner);
	return -EBUSY;
}

/* Records the card's original driver. 1: a new record was written. 0: the card has one, from before
 * it was first bound; binding is repeated when a card comes back or after a failure. With
 * RestoreDriver=no the record names the UIO driver, to which the card then stays bound. */
static int record_original(const struct instance *instance, const struct pci_card *card,
			   struct report *report)
{
	const char *name = instance->name;
	struct original_binding original = { 0 };
	int r;

	if (original_binding_load(name, &original) == 0 && strcmp(original.slot, card->slot) == 0)
		return 0;
	memcpy(original.slot, card->slot, sizeof(original.slot));
	memcpy(original.driver, card->driver, sizeof(original.driver));
	memcpy(original.driver_override, card->driver_override, sizeof(original.driver_override));
	if (!instance->description->restores_driver) {
		strcpy(original.driver, PCI_CARD_USER_DRIVER);
		strcpy(original.driver_override, PCI_CARD_USER_DRIVER);
	}
	r = original_binding_save(name, &original);
	if (r < 0)
		report_add(report, NULL, 0, "cannot write " BINDING_FOLDER "/%s/original: %s", name,
			   strerror(-r));
	return r < 0 ? r : 1;
}

int find_card(const struct instance *instance, struct report *report, struct pci_card *ret)
{
	struct hardware_spec spec;
	int r;

	instance_hardware(instance, &spec);
	r = card_check(&spec, report, ret);
	return r < 0 ? r : check_owner(ret, instance->name, report);
}

/* By UIO the daemon can switch bus mastering on. */
static void warn_of_memory(const struct pci_card *card, const char *name)
{
	if (!pci_card_is_translated(card->slot))
		log_warning("card pci:%s: no IOMMU limits which memory it reaches: code that gets "
			    "into cuiod@%s (a plug-in, a fault) could have the card read and write "
			    "all of the machine's (SECURITY.md). Cure: switch the IOMMU (VT-d, "
			    "AMD-Vi, SMMU) on in the firmware, and with an Intel processor by "
			    "intel_iommu=on on the kernel's command line",
			    card->slot, name);
}

int bind_card(const struct instance *instance, struct report *report, struct pci_card *ret)
{
	struct pci_card card;
	bool is_new;
	int r = find_card(instance, report, &card);

	if (r < 0)
		return r;
	r = load_modules(instance, report);
	if (r < 0)
		return r;
	r = record_original(instance, &card, report);
	if (r < 0)
		return r;
	is_new = r > 0;
	r = pci_card_bind(&card, PCI_CARD_USER_DRIVER, report);
	if (r < 0) {
		if (is_new)
			original_binding_forget(instance->name);
		return r;
	}
	if (strcmp(card.driver, PCI_CARD_USER_DRIVER) != 0) {
		log_info("card pci:%s is bound to %s (before: %s)", card.slot, PCI_CARD_USER_DRIVER,
			 *card.driver ? card.driver : "no driver");
		warn_of_memory(&card, instance->name);
	}
	*ret = card;
	return 0;
}

static int bind(const char *name, bool kept, const char *had, struct report *report)
{
	cleanup(cleanup_instance) struct instance *instance = NULL;
	struct original_binding original;
	struct pci_card card;
	int r = check_instance(name, had, report, &instance);

	if (r < 0)
		return r;
	/* Still bound, by the run before a restart. If the files now name another card, "open"
	 * changes it, which gives it back only after it has checked the new one. */
	if (!instance->card || (kept && original_binding_load(name, &original) == 0))
		return load_modules(instance, report);
	return bind_card(instance, report, &card);
}

/* In the unit's runtime directory: this stop is half of a restart, and has changed nothing. */
static void kept_path(char path[static PATH_MAX], const char *name)
{
	snprintf(path, PATH_MAX, BINDING_FOLDER "/%s/kept", name);
}

static void note_kept(const char *name)
{
	auto_close int fd = -1;
	char path[PATH_MAX];

	kept_path(path, name);
	fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0444);
}

static bool take_kept(const char *name)
{
	char path[PATH_MAX];

	kept_path(path, name);
	return unlink(path) == 0;
}

/*
 * At a restart cuiod@ is only being restarted, too: its node exists, and a mistake made in the
 * files meanwhile must not end it. cuiod goes on with the files as they were before, or says why
 * not.
 */
int verb_bind(char **arguments)
{
	const char *name = arguments[0];
	auto_free char *had = NULL;
	struct shortage shortage = { 0 };
	struct report report = { 0 };
	bool kept = false;
	int r;

	if (instance_check_name(name) == 0) {
		kept = take_kept(name);
		(void)handover_mark_read_of(name, &had);
	}
	while (r = bind(name, kept, had, &report), shortage_wait(&shortage, r, "binding the card"))
		report_done(&report);
	if (report.text)
		log_lines(kept ? LOG_NOTICE : LOG_ERR, report.text);
	else if (r < 0)
		log_error("cannot bind the card of %s: %s", name, strerror(-r));
	report_done(&report);
	return kept ? 0 : r;
}

bool binding_is_kept(const char *name)
{
	auto_free char *unit = NULL;

	return instance_check_name(name) == 0 &&
	       asprintf(&unit, "cuio-bind@%s.service", name) >= 0 && supervisor_restarts(unit);
}

int unbind_card(const char *name)
{
	struct report report = { 0 };
	struct original_binding original;
	int r = instance_check_name(name) < 0 ? -EINVAL : original_binding_load(name, &original);

	if (r == -ENOENT)
		return 0; /* nothing was bound: the simulator, or unbound before */
	if (r == 0)
		r = pci_card_restore(original.slot, original.driver, original.driver_override,
				     &report);
	if (report.text)
		log_lines(LOG_ERR, report.text);
	else if (r == -ENODEV)
		log_info("card pci:%s is gone, nothing to give back", original.slot);
	else if (r < 0)
		log_error("cannot give the card of %s back: %s", name, strerror(-r));
	else if (strcmp(original.driver, PCI_CARD_USER_DRIVER) == 0)
		log_info("card pci:%s stays bound to " PCI_CARD_USER_DRIVER, original.slot);
	else
		log_info("card pci:%s is given back (to %s)", original.slot,
			 *original.driver ? original.driver : "no driver");
	if (r == -ENODEV)
		r = 0;
	if (r == 0)
		original_binding_forget(name);
	report_done(&report);
	return r;
}

int verb_unbind(char **arguments)
{
	if (binding_is_kept(arguments[0])) {
		note_kept(arguments[0]);
		log_info("only a restart: the card of %s stays bound", arguments[0]);
		return 0;
	}
	return unbind_card(arguments[0]);
}

/*
 * Runs before cuiod gets SIGTERM. The modules are for a restart whose edited instance file replaces
 * the simulator by a card: systemd resolves DeviceAllow= when it starts the service, and uio must
 * be loaded by then.
 */
int verb_stopping(char **arguments)
{
	cleanup(cleanup_instance) struct instance *instance = NULL;
	auto_free char *unit = NULL;
	struct report report = { 0 };

	if (asprintf(&unit, "cuiod@%s.service", arguments[0]) < 0)
		return -ENOMEM;
	if (supervisor_stops_for_good(unit)) {
		stop_note_write();
		return 0;
	}
	/* Of a stop that was called off. */
	stop_note_clear();
	/* cuiod reports mistakes when it starts. */
	if (instance_load(arguments[0], NULL, &report, &instance) == 0)
		(void)load_modules(instance, &report);
	report_done(&report);
	return 0;
}
