// SPDX-License-Identifier: GPL-2.0-or-later
// An open /dev/cuse or /dev/fuse. The protocol is the kernel's include/uapi/linux/fuse.h.
#include "front/channel.h"
#include "base/stored.h"
#include <errno.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

int channel_take(struct channel *channel, unsigned index, struct fds *fds)
{
	int fd;

	channel->name = stored_name(STORED_CHANNEL + index);
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
	while (n < 0 && (errno == EINTR || errno == ENOENT)); /* ENOENT: it was interrupted */
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	return n;
}

/* The kernel looks up the page of each part, which costs more than copying a short one. */
#define WHOLE_SIZE 256U

int channel_write(const struct channel *channel, const void *head, size_t head_size,
		  const void *data, size_t size)
{
	_Alignas(WHOLE_SIZE) uint8_t whole[WHOLE_SIZE]; /* on one page */
	ssize_t n;

	if (head_size + size <= sizeof(whole)) {
		memcpy(whole, head, head_size);
		if (size) /* `data` may be NULL */
			memcpy(whole + head_size, data, size);
		n = write(channel->source.fd, whole, head_size + size);
	} else {
		const struct iovec parts[] = {
			{ .iov_base = (void *)head, .iov_len = head_size },
			{ .iov_base = (void *)data, .iov_len = size },
		};

		n = writev(channel->source.fd, parts, 2);
	}
	return n < 0 ? -errno : 0;
}

int channel_notify_poll(const struct channel *channel, uint64_t handle)
{
	const struct {
		struct fuse_out_header header;
		struct fuse_notify_poll_wakeup_out wakeup;
	} message = {
		.header = { .len = sizeof(message), .error = FUSE_NOTIFY_POLL },
		.wakeup = { .kh = handle },
	};

	return channel_write(channel, &message, sizeof(message), NULL, 0);
}
