/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers udev's rules about a new node or card. udev runs it for every CUSE node and every PCI
 * card, also those that cuio does not serve: it is quick, prints only what is certain, and never
 * fails. Mistakes elsewhere in the instance file do not cost a node its group.
 */
#include "base/cleanup.h"
#include "hardware/pci.h"
#include "helper/helper.h"
#include "helper/original_binding.h"
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <string.h>

#define INSTANCES    CUIO_SYSCONFDIR "/cuio/*.conf"
#define UNIT_FOLDERS "{/etc,/run,/usr/local/lib,/usr/lib,/lib}/systemd/system"

/* Calls `each` with every instance file that can be read as a document, until it returns true. */
static void each_instance(bool (*each)(const char *name, struct document *document, void *context),
			  void *context)
{
	glob_t paths;
	bool done = false;

	if (glob(INSTANCES, 0, NULL, &paths) != 0)
		return;
	for (size_t i = 0; i < paths.gl_pathc && !done; i++) {
		const char *base = strrchr(paths.gl_pathv[i], '/') + 1;
		auto_free char *name = strndup(base, strlen(base) - strlen(".conf"));
		struct document *document = NULL;
		struct report report = { 0 };

		if (name && instance_check_name(name) == 0 &&
		    document_load(paths.gl_pathv[i], &report, &document) == 0) {
			done = each(name, document, context);
			document_free(document);
		}
		report_done(&report);
	}
	globfree(&paths);
}

/* udev may write the slash in a kernel name as '!'. */
static void with_slashes(char *name)
{
	for (; *name; name++) {
		if (*name == '!')
			*name = '/';
	}
}

static bool print_rights(const char *name, struct document *document, void *context)
{
	auto_free char *group = NULL;
	mode_t mode = 0;

	(void)name;
	if (instance_peek_rights(document, context, &group, &mode) < 0)
		return false;
	if (group)
		printf("CUIO_GROUP=%s\n", group);
	if (mode)
		printf("CUIO_MODE=%04o\n", (unsigned)mode);
	return true;
}

int verb_udev(char **arguments)
{
	with_slashes(arguments[0]);
	each_instance(print_rights, arguments[0]);
	return 0;
}

static bool is_enabled(const char *name)
{
	char pattern[PATH_MAX];
	glob_t links;
	int r;

	snprintf(pattern, sizeof(pattern), UNIT_FOLDERS "/*.{wants,requires}/cuiod@%s.service",
		 name);
	r = glob(pattern, GLOB_BRACE, NULL, &links);
	if (r != 0)
		return false;
	globfree(&links);
	return true;
}

/* Whether the instance has a card that is bound to UIO; false if the card went away. */
static bool is_serving(const char *name)
{
	char path[PATH_MAX], target[PATH_MAX];
	struct original_binding original;
	ssize_t n;

	if (original_binding_load(name, &original) < 0)
		return false;
	snprintf(path, sizeof(path), "%s/devices/%s/driver", pci_card_root(), original.slot);
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return false;
	target[n] = '\0';
	return strstr(target, "/" PCI_CARD_USER_DRIVER) != NULL;
}

struct wanted {
	struct pci_card card;
	unsigned count;
};

static bool print_service(const char *name, struct document *document, void *context)
{
	struct wanted *wanted = context;
	auto_free char *card = NULL;

	if (instance_peek_card(document, &card) < 0 || !pci_card_matches(&wanted->card, card) ||
	    !is_enabled(name) || is_serving(name))
		return false;
	printf("%scuiod@%s.service", wanted->count++ ? " " : "CUIO_SERVICES=", name);
	return false;
}

int verb_udev_card(char **arguments)
{
	struct wanted wanted = { 0 };
	unsigned vendor, device;

	if (sscanf(arguments[1], "%4x:%4x", &vendor, &device) != 2)
		return 0;
	snprintf(wanted.card.slot, sizeof(wanted.card.slot), "%s", arguments[0]);
	wanted.card.vendor = (uint16_t)vendor;
	wanted.card.device = (uint16_t)device;
	each_instance(print_service, &wanted);
	if (wanted.count)
		putchar('\n');
	return 0;
}

int verb_udev_gone(char **arguments)
{
	char owner[80];

	if (original_binding_owner(arguments[0], "", owner, sizeof(owner)))
		printf("CUIO_GONE=cuiod@%s.service\n", owner);
	return 0;
}

/* The daemon masks the line itself, unless it was dead or is. */
int verb_udev_unbound(char **arguments)
{
	char owner[80];

	if (original_binding_owner(arguments[0], "", owner, sizeof(owner)))
		(void)pci_card_quiet(arguments[0]);
	return 0;
}
