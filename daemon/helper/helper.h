/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cuio-helper: the few things that need root, one verb a file. Everything else runs as the user
 * cuio, in cuiod.
 */
#ifndef HELPER_HELPER_H
#define HELPER_HELPER_H

#include "base/report.h"
#include "config/instance.h"
#include "hardware/pci.h"

/* Verbs return 0 or -errno and have said on stderr what went wrong. */
int verb_bind(char **arguments);
int verb_unbind(char **arguments);
int verb_modules(char **arguments);
int verb_open(char **arguments);
int verb_unmount(char **arguments);
int verb_udev(char **arguments);
int verb_udev_card(char **arguments);
int verb_udev_gone(char **arguments);

/*
 * Everything that can be found wrong before a card is touched: the instance file, its description
 * and driver, and nodes whose name or number is taken.
 */
int check_instance(const char *name, struct report *report, struct instance **ret);
/* Nodes whose name or number is taken, but not by those of `had` (identity.h; NULL: none). */
int check_nodes(const struct instance *instance, const char *had, struct report *report);

/* The instance's card, if it can be served: it is there, has what the description needs, and is no
 * other instance's. */
int find_card(const struct instance *instance, struct report *report, struct pci_card *ret);
/* Binds it if it is not bound yet, and remembers its original driver. */
int bind_card(const struct instance *instance, struct report *report, struct pci_card *ret);
/* Gives the card that is bound for instance `name` back. 0 if there is none. */
int unbind_card(const char *name);

/* Empties the service's descriptor store and waits until nodes of the instance's names (NULL: none)
 * have gone. */
int fdstore_clear(const struct instance *instance);

/* Has udev give nodes that are there already the group and mode of an edited file; waits for it. */
void rights_refresh(const struct instance *instance);

/* Loads kernel modules (NULL-terminated) that are not there yet. */
int modules_load(const char *const *modules, struct report *report);

#endif
