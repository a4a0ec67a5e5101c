/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cuio-helper: the few things that need root, one verb a file. Everything else runs in
 * cuiod, as a user of its instance.
 */
#ifndef HELPER_HELPER_H
#define HELPER_HELPER_H

#include "base/report.h"
#include "config/instance.h"
#include "hardware/pci.h"

/* Verbs return 0, or -errno after they logged the cause. */
int verb_bind(char **arguments);
int verb_unbind(char **arguments);
int verb_stopping(char **arguments);
int verb_open(char **arguments);
int verb_unmount(char **arguments);
int verb_sleep(char **arguments);
int verb_udev(char **arguments);
int verb_udev_card(char **arguments);
int verb_udev_gone(char **arguments);
int verb_udev_unbound(char **arguments);

/*
 * Loads an instance and makes all checks that need no bound card: its file, its description and
 * driver, and that no node's name or number is taken, except by the nodes of `had` (check_nodes()).
 * Reports all findings.
 */
int check_instance(const char *name, const char *had, struct report *report, struct instance **ret);
/* Checks that no node's name or number is taken, except by the nodes of `had` (config/identity.h;
 * NULL: none). 0 or -EEXIST, reported. */
int check_nodes(const struct instance *instance, const char *had, struct report *report);

/* Finds the instance's card. Checks that it has what the description needs and that no other
 * instance has bound it. */
int find_card(const struct instance *instance, struct report *report, struct pci_card *ret);
/* Finds the card, records its original driver, and binds it to UIO unless it is bound. */
int bind_card(const struct instance *instance, struct report *report, struct pci_card *ret);
/* Whether cuio-bind@ of instance `name` is being restarted: cuiod@, which restarts with it, goes on
 * with the card and the mount that it has. */
bool binding_is_kept(const char *name);
/* Gives the card of instance `name` back to its original driver. 0 if none is bound. */
int unbind_card(const char *name);

/* Empties the service's descriptor store and waits until the instance's nodes (NULL: none) are
 * gone. */
int fdstore_clear(const struct instance *instance);

/* Has udev apply an edited group and mode to nodes that exist already, and waits for it. */
void rights_refresh(const struct instance *instance);

/* Loads those kernel modules (NULL-terminated) that are not loaded yet. Waits for modprobe. */
int modules_load(const char *const *modules, struct report *report);

#endif
