/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a card was before it was bound, kept in /run/cuio-bind/NAME/original: the record is what
 * unbinding goes by, whatever became of the instance file meanwhile.
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

/* /run/cuio-bind/NAME */
int original_binding_make_folder(const char *name);
int original_binding_save(const char *name, const struct original_binding *original);
/* -ENOENT if there is none. */
int original_binding_load(const char *name, struct original_binding *ret);
void original_binding_forget(const char *name);
/* Writes which instance other than `name` has bound the card in `slot` to `owner`; false if none.
 */
bool original_binding_owner(const char *slot, const char *name, char *owner, size_t size);

#endif
