/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a card was before it was bound, kept in /run/cuio-bind/NAME/former: the record is what
 * unbinding goes by, whatever became of the instance file meanwhile.
 */
#ifndef HELPER_FORMER_H
#define HELPER_FORMER_H

#include "hardware/pci.h"
#include <stddef.h>

#define FORMER_FOLDER "/run/cuio-bind"

struct former {
	char slot[PCI_CARD_SLOT_SIZE];
	char driver[PCI_CARD_DRIVER_SIZE];	    /* "" if none */
	char driver_override[PCI_CARD_DRIVER_SIZE]; /* "" if none */
};

/* /run/cuio-bind/NAME */
int former_make_folder(const char *name);
int former_save(const char *name, const struct former *former);
/* -ENOENT if there is none. */
int former_load(const char *name, struct former *ret);
void former_forget(const char *name);
/* Writes which instance other than `name` has bound the card in `slot` to `owner`; false if none.
 */
bool former_owner(const char *slot, const char *name, char *owner, size_t size);

#endif
