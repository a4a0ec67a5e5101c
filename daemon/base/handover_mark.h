/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The helper's note to itself and to the daemon, in the service's runtime directory: it has handed
 * this service's descriptors over to systemd's store, and for which request. The helper cannot read
 * the store. While there is a complete mark it opens the files again only if the request changes.
 */
#ifndef BASE_HANDOVER_MARK_H
#define BASE_HANDOVER_MARK_H

#define HANDOVER_MARK_NAME "handed-over"
#define HANDOVER_MARK_MAX  4096U

enum handover_mark {
	HANDOVER_NONE,	  /* stored descriptors must not be used */
	HANDOVER_PARTIAL, /* the helper was interrupted */
	HANDOVER_COMPLETE,
};

/* HANDOVER_NONE also without a runtime directory. With HANDOVER_COMPLETE *ret_text says what the
 * descriptors were handed over for, and the caller frees it; else it is NULL. */
enum handover_mark handover_mark_read(char **ret_text);
/* The same of the service of instance `name`, for other processes than its own. */
enum handover_mark handover_mark_read_of(const char *name, char **ret_text);
/* The helper begins to hand over. 0 or -errno (-ENOENT outside a service), like the next. */
int handover_mark_begin(void);
/* The helper has handed everything over, for `text`. */
int handover_mark_set(const char *text);
/* Makes the next start open a new set of descriptors. 0 also if there was no mark. */
int handover_mark_clear(void);

#endif
