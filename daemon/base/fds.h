/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Named descriptors: the set that systemd's store passed to this process, from which each layer
 * takes its own; and functions that change the store.
 */
#ifndef BASE_FDS_H
#define BASE_FDS_H

#include <stdbool.h>
#include <stddef.h>

struct fds;

/* The descriptors of sd_listen_fds_with_names(); an empty set outside systemd. */
int fds_inherit(struct fds **ret);
/* An empty set. */
int fds_new(struct fds **ret);
/* For tests: adds `fd` as if the store had passed it, and replaces an earlier one of this name. The
 * set takes ownership, also on failure. */
int fds_add(struct fds *fds, const char *name, int fd);
/* Closes the descriptors that were not taken. Accepts NULL. */
void fds_free(struct fds *fds);

/* Passes ownership of the descriptor to the caller; -1 if there is none. It remains stored. */
int fds_take(struct fds *fds, const char *name);
/* The same, but the set keeps ownership. */
int fds_peek(const struct fds *fds, const char *name);
bool fds_has(const struct fds *fds, const char *name);
/* Whether the store holds a descriptor of this name (taken or not). */
bool fds_stored(const struct fds *fds, const char *name);
size_t fds_count(const struct fds *fds);
/* Whether a previous process left saved memory, under either of its names. */
bool fds_have_saved_memory(const struct fds *fds);

/* Stores a copy of `fd` under `name`, one of base/stored.h (else -EINVAL), with FDPOLL=0. Blocks
 * until systemd has processed it. Does nothing and returns 0 if fds_supervised() is false. */
int fds_store(struct fds *fds, const char *name, int fd);
/* Removes the stored descriptor `name`, and closes it unless it was taken. */
int fds_remove(struct fds *fds, const char *name);
/* Empties the store. Tries all and returns the first error. */
int fds_remove_all(struct fds *fds);
/* Removes every name in base/stored.h from the store, for a process that does not know its content.
 * Blocks until systemd has done so. */
int fds_forget_all(void);
/* Whether a service manager stores descriptors for this process. */
bool fds_supervised(void);

#endif
