/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors by name: those that systemd's store handed to this process, each taken by the layer
 * that knows its name; and the way back into the store.
 */
#ifndef BASE_FDS_H
#define BASE_FDS_H

#include <stdbool.h>
#include <stddef.h>

struct fds;

/* What sd_listen_fds_with_names() gave (an empty set outside systemd). */
int fds_inherit(struct fds **ret);
/* An empty set. */
int fds_new(struct fds **ret);
/* Puts `fd` into the set as if the store had handed it over, in place of an earlier one of this
 * name; the set owns it from now on, also on failure. For tests. */
int fds_add(struct fds *fds, const char *name, int fd);
/* Closes what nobody took. */
void fds_free(struct fds *fds);

/* Hands the descriptor of this name over to the caller; -1 if there is none. Marks it as stored. */
int fds_take(struct fds *fds, const char *name);
/* The same without taking it: it stays the set's. */
int fds_peek(const struct fds *fds, const char *name);
bool fds_has(const struct fds *fds, const char *name);
/* Whether a descriptor of this name came out of the store (taken or not). */
bool fds_stored(const struct fds *fds, const char *name);
size_t fds_count(const struct fds *fds);
/* Whether a previous process has left saved memory, under one of its names. */
bool fds_have_saved_memory(const struct fds *fds);

/* Stores a copy of `fd` under `name`, one of base/stored.h (else -EINVAL), with FDPOLL=0. Blocks
 * until systemd has it. 0 where there is no systemd to store it (fds_supervised() is false). */
int fds_store(struct fds *fds, const char *name, int fd);
/* Removes what the store holds under `name`. */
int fds_remove(struct fds *fds, const char *name);
/* Empties the store: the first error, after all were tried. */
int fds_remove_all(struct fds *fds);
/* Removes all that may be stored (base/stored.h), without knowing what is, and returns when systemd
 * has done so. */
int fds_forget_all(void);
/* Whether a service manager keeps descriptors for this process. */
bool fds_supervised(void);

#endif
