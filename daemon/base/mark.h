/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The helper's mark: a file that says "this service's descriptors have been handed over to the
 * store". The helper cannot see what is stored; with the mark it opens everything once, and not
 * again at each restart. The file is $RUNTIME_DIRECTORY/handed-over, in a folder that systemd keeps
 * over restarts and removes at a stop, as it does with the store.
 */
#ifndef BASE_MARK_H
#define BASE_MARK_H

#include <stdbool.h>

#define MARK_NAME "handed-over"

/* False also where there is no runtime directory. */
bool mark_present(void);
/* Sets the mark (the helper). -ENOENT outside a service. */
int mark_set(void);
/* Removes it: the next start gets a fresh set of descriptors. 0 if there was none. */
int mark_clear(void);

#endif
