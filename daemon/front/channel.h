/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A channel: an open /dev/cuse, which is one node, or /dev/fuse, which is a mount. Requests are
 * read directly into saved memory. The messages that wake poll waiters are written here, because
 * libfuse cannot send them for a successor.
 */
#ifndef FRONT_CHANNEL_H
#define FRONT_CHANNEL_H

#include "base/fds.h"
#include "base/loop.h"
#include <stdint.h>
#include <sys/types.h>

struct channel {
	struct loop_source source;
	const char *name; /* in the descriptor store */
};

/* Takes the descriptor of this number from the store; -ENOENT: there is none. */
int channel_take(struct channel *channel, unsigned index, struct fds *fds);
/* Closes the descriptor unless libfuse's session owns it. */
void channel_close(struct channel *channel);

/* Reads the next request; never blocks. Returns its size; 0: there is none; -ENODEV: the node is
 * gone. */
ssize_t channel_read(struct channel *channel, void *buffer, size_t size);
/* Sends a message, `head` and then `data`, by one write. -ENOENT: no request waits for this answer
 * any more. */
int channel_write(const struct channel *channel, const void *head, size_t head_size,
		  const void *data, size_t size);

/* Wakes the callers that wait in poll under this handle. */
int channel_notify_poll(const struct channel *channel, uint64_t handle);

#endif
