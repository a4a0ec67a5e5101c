// SPDX-License-Identifier: GPL-2.0-or-later
// One open /dev/cuse or /dev/fuse. The protocol is the kernel's include/uapi/linux/fuse.h.
#include "front/channel.h"
#include <errno.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int channel_take(struct channel *channel, unsigned index, struct fds *fds)
{
	int fd;

	snprintf(channel->name, sizeof(channel->name), "channel%u", index);
	fd = fds_take(fds, channel->name);
	return fd < 0 ? -ENOENT : fd;
}

void channel_close(struct channel *channel)
{
	if (channel->source.fd >= 0)
		close(channel->source.fd);
	channel->source.fd = -1;
}

ssize_t channel_read(struct channel *channel, void *buffer, size_t size)
{
	ssize_t n;

	do
		n = read(channel->source.fd, buffer, size);
	while (n < 0 && (errno == EINTR || errno == ENOENT)); /* ENOENT: one was interrupted */
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	return n;
}

ssize_t channel_write(struct channel *channel, struct iovec *parts, int n_parts)
{
	ssize_t n = 0;

	if (channel->muted) {
		for (int i = 0; i < n_parts; i++)
			n += (ssize_t)parts[i].iov_len;
		return n;
	}
	return writev(channel->source.fd, parts, n_parts);
}

int channel_notify_poll(struct channel *channel, uint64_t handle)
{
	struct fuse_notify_poll_wakeup_out wakeup = { .kh = handle };
	struct fuse_out_header header = { .len = sizeof(header) + sizeof(wakeup),
					  .error = FUSE_NOTIFY_POLL };
	struct iovec parts[] = { { .iov_base = &header, .iov_len = sizeof(header) },
				 { .iov_base = &wakeup, .iov_len = sizeof(wakeup) } };

	return channel_write(channel, parts, 2) < 0 ? -errno : 0;
}
