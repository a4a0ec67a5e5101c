/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The helper's note to itself and to the daemon, in the service's runtime directory: this service's
 * descriptors have been handed over to systemd's store, and for what. The helper cannot see what is
 * stored. With a complete mark it opens everything once, and again only when something else is
 * asked for.
 */
#ifndef BASE_HANDOVER_MARK_H
#define BASE_HANDOVER_MARK_H

#define HANDOVER_MARK_NAME "handed-over"
#define HANDOVER_MARK_MAX  4096U

enum handover_mark {
	HANDOVER_NONE,	  /* nothing that is stored may be relied on */
	HANDOVER_PARTIAL, /* a helper was interrupted */
	HANDOVER_COMPLETE,
};

/* Also HANDOVER_NONE where there is no runtime directory. With HANDOVER_COMPLETE *ret_text (to be
 * freed) is what the descriptors were handed over for; else it is NULL. */
enum handover_mark handover_mark_read(char **ret_text);
/* The helper begins to hand over. -ENOENT outside a service, as the next. */
int handover_mark_begin(void);
/* All is handed over, for `text`. */
int handover_mark_set(const char *text);
/* The next start gets a new set of descriptors. 0 if there was no mark. */
int handover_mark_clear(void);

#endif
