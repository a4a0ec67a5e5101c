/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver that a card had before it was bound to UIO, in /run/cuio-bind/NAME/original. Unbinding
 * uses this record, because the instance file may have been edited meanwhile.
 */
#ifndef HELPER_ORIGINAL_BINDING_H
#define HELPER_ORIGINAL_BINDING_H

#include "hardware/pci.h"
#include <stddef.h>

#define BINDING_FOLDER "/run/cuio-bind"

struct original_binding {
	char slot[PCI_CARD_SLOT_SIZE];
	char driver[PCI_CARD_DRIVER_SIZE];	    /* "" if none */
	char driver_override[PCI_CARD_DRIVER_SIZE]; /* "" if none */
};

/* Makes /run/cuio-bind/NAME if it does not exist. */
int original_binding_make_folder(const char *name);
int original_binding_save(const char *name, const struct original_binding *original);
/* -ENOENT: there is no record; -EBADMSG: it is damaged. */
int original_binding_load(const char *name, struct original_binding *ret);
void original_binding_forget(const char *name);
/* Finds the instance other than `name` that has bound the card in `slot` and writes its name to
 * `owner`; false if there is none. */
bool original_binding_owner(const char *slot, const char *name, char *owner, size_t size);

#endif
