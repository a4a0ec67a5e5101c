/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a node depends on, as "key=value" lines. If a line changes, a successor cannot take over its
 * predecessor's node and makes a new one. Everything else, such as steps, fields, group, mode and
 * log level, may change while programs hold the node.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "config/instance.h"
#include <cuio/driver.h>
#include <stdbool.h>

/*
 * `card` is the name that the instance gives, or the name of the card that was found ("" or NULL
 * for the simulator). NULL: out of memory. To be freed.
 */
char *identity_make(const struct instance *instance, const struct cuio_driver *driver,
		    const char *card);
/*
 * The helper's mark holds such a text with the card as the instance names it, followed by the slot
 * of the card that was found, if any. identity_cut_slot() cuts the slot off and returns a pointer
 * to it in `mark`, or NULL. identity_add_slot() returns a new text, to be freed; NULL: out of
 * memory.
 */
char *identity_cut_slot(char *mark);
char *identity_add_slot(const char *asked, const char *slot);
/* Whether `text` contains `line`, which has no newline. */
bool identity_has(const char *text, const char *line);
/* The value of the "card" line; NULL if there is none. To be freed. */
char *identity_card(const char *text);
/*
 * The first line that differs, as "OLD became NEW"; NULL if none does. To be freed. A key that only
 * one text has is skipped: the other text is of another version.
 */
char *identity_difference(const char *old, const char *new);

#endif
