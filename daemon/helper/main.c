/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of the root helper's verbs, see cuio-helper(8). systemd and udev call it. */
#include "base/log.h"
#include "helper/helper.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2

static const struct verb {
	const char *name;
	int n_arguments;
	int (*run)(char **arguments);
	const char *usage;
} verbs[] = {
	{ "bind", 1, verb_bind,
	  "bind NAME           load the modules, bind the card of NAME to UIO" },
	{ "unbind", 1, verb_unbind,
	  "unbind NAME         give the card back to its original driver" },
	{ "open", 1, verb_open,
	  "open NAME           hand the nodes' channels and the card over to cuiod@NAME" },
	{ "stopping", 1, verb_stopping,
	  "stopping NAME       say whether cuiod@NAME has a successor, load what that needs" },
	{ "unmount", 1, verb_unmount,
	  "unmount NAME        remove the mount and the symlinks of NAME" },
	{ "sleep", 0, verb_sleep,
	  "sleep               hold all programs that use nodes, until it is ended" },
	{ "udev", 1, verb_udev, "udev NODE           print a new node's group and mode for udev" },
	{ "udev-card", 2, verb_udev_card,
	  "udev-card SLOT ID   print which services a new card starts, for udev" },
	{ "udev-gone", 1, verb_udev_gone,
	  "udev-gone SLOT      print which service has lost its card, for udev" },
	{ "udev-unbound", 1, verb_udev_unbound,
	  "udev-unbound SLOT   mask the interrupt of a card that somebody has unbound" },
};

static int usage(FILE *file, int status)
{
	fprintf(file, "Usage: cuio-helper VERB ARGUMENT...\n\n");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		fprintf(file, "  %s\n", verbs[i].usage);
	fprintf(file, "\nThe part of cuio that needs root; systemd and udev call it. "
		      "See cuio-helper(8).\n");
	return status;
}

int main(int argc, char **argv)
{
	log_set_program("cuio-helper");
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, EXIT_SUCCESS);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("cuio-helper %s\n", CUIO_VERSION);
		return EXIT_SUCCESS;
	}
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(argv[1], verbs[i].name) != 0)
			continue;
		if (argc - 2 != verbs[i].n_arguments)
			break;
		return verbs[i].run(argv + 2) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
	}
	return usage(stderr, EXIT_USAGE);
}
