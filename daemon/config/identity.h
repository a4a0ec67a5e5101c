/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What makes a node the same one after a restart, as "key=value" lines. If one changes, a successor
 * cannot go on with its predecessor's node and makes a fresh one; whatever is not here, such as
 * steps, fields, group and mode, log level, may change while programs hold the node.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "config/instance.h"
#include <cuio/driver.h>
#include <stdbool.h>

/*
 * `card` as the instance asks for it, or as it was found ("" for the simulator, where it is NULL in
 * the instance). NULL: no memory. To be freed.
 */
char *identity_make(const struct instance *instance, const struct cuio_driver *driver,
		    const char *card);
/*
 * The helper's mark holds such a text with the card as it is asked for, and behind it the slot
 * where it was found, if it is one. This cuts the slot off and returns it, or NULL.
 */
char *identity_cut_slot(char *mark);
char *identity_add_slot(const char *asked, const char *slot);
/* Whether `line`, without an end, is one of `text`. */
bool identity_has(const char *text, const char *line);
/* The value of the card's line; NULL if there is none. To be freed. */
char *identity_card(const char *text);
/*
 * The first line that is another one now, as "OLD became NEW"; NULL if none is. To be freed. Of
 * lines that only one of the texts knows nothing is said: it is of another version.
 */
char *identity_difference(const char *old, const char *new);

#endif
