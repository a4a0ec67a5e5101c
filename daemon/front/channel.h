/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A channel: one open /dev/cuse, that is one node, or one /dev/fuse, that is a mount. What the
 * kernel sends is read straight into saved memory. Also the message that wakes poll waiters, which
 * libfuse cannot send for a successor.
 */
#ifndef FRONT_CHANNEL_H
#define FRONT_CHANNEL_H

#include "base/fds.h"
#include "base/loop.h"
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct channel {
	struct loop_source source;
	const char *name; /* in the descriptor store */
};

/* The channel of this number from the store, as a descriptor; -ENOENT: there is none. */
int channel_take(struct channel *channel, unsigned index, struct fds *fds);
/* Closes it unless libfuse's session owns it by now. */
void channel_close(struct channel *channel);

/* Reads the next request. 0: none now; -ENODEV: the node is gone. */
ssize_t channel_read(struct channel *channel, void *buffer, size_t size);
/* Sends a message in one piece. -ENOENT: it is an answer that nobody waits for any more. */
int channel_write(const struct channel *channel, const struct iovec *parts, int n_parts);

/* Wakes those who sleep in poll under this handle. */
int channel_notify_poll(const struct channel *channel, uint64_t handle);

#endif
