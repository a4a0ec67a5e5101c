/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notes between the helper and the daemon, in the service's runtime directory, which systemd keeps
 * over restarts and removes at a stop, as it does with the store.
 *
 * The helper's mark says that this service's descriptors have been handed over to the store, and
 * for what: the helper cannot see what is stored. With the mark it opens everything once, and again
 * only when something else is asked for.
 *
 * The daemon's note says that it ended because it was told to. After a crash edited files have to
 * wait for whoever edited them to restart the service: nobody shall lose his node by a crash.
 */
#ifndef BASE_MARK_H
#define BASE_MARK_H

#include <stdbool.h>

#define MARK_NAME     "handed-over"
#define MARK_TEXT_MAX 4096U

enum mark {
	MARK_NONE,  /* nothing that is stored may be relied on */
	MARK_BEGUN, /* a helper has died on its way */
	MARK_SET,
};

/* Also MARK_NONE where there is no runtime directory. With MARK_SET *ret_text (to be freed) is what
 * the descriptors were handed over for; else it is NULL. */
enum mark mark_read(char **ret_text);
/* The helper begins to hand over. -ENOENT outside a service, as the next. */
int mark_begin(void);
/* All is handed over, for `text`. */
int mark_set(const char *text);
/* The next start gets a fresh set of descriptors. 0 if there was no mark. */
int mark_clear(void);

/* The daemon ends because it was told to. */
void mark_leave(void);
/* Whether the one before did. */
bool mark_left(void);
/* The daemon is there: a note of its predecessor's is of no use any more. */
void mark_arrive(void);

#endif
