// SPDX-License-Identifier: GPL-2.0-or-later
// An open /dev/cuse or /dev/fuse. The protocol is the kernel's include/uapi/linux/fuse.h.
#include "front/channel.h"
#include "base/stored.h"
#include <errno.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <string.h>
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

/* Returns the size of all parts, or 0 if they do not fit. */
static size_t join(uint8_t whole[WHOLE_SIZE], const struct iovec *parts, int n_parts)
{
	size_t size = 0;

	for (int i = 0; i < n_parts; i++) {
		size_t n = parts[i].iov_len;

		if (!n)
			continue; /* iov_base may be NULL */
		if (n > WHOLE_SIZE - size)
			return 0;
		memcpy(whole + size, parts[i].iov_base, n);
		size += n;
	}
	return size;
}

int channel_write(const struct channel *channel, const struct iovec *parts, int n_parts)
{
	_Alignas(WHOLE_SIZE) uint8_t whole[WHOLE_SIZE]; /* on one page */
	size_t size = join(whole, parts, n_parts);
	ssize_t n = size ? write(channel->source.fd, whole, size)
			 : writev(channel->source.fd, parts, n_parts);

	return n < 0 ? -errno : 0;
}

int channel_notify_poll(const struct channel *channel, uint64_t handle)
{
	struct fuse_notify_poll_wakeup_out wakeup = { .kh = handle };
	struct fuse_out_header header = { .len = sizeof(header) + sizeof(wakeup),
					  .error = FUSE_NOTIFY_POLL };
	struct iovec parts[] = { { .iov_base = &header, .iov_len = sizeof(header) },
				 { .iov_base = &wakeup, .iov_len = sizeof(wakeup) } };

	return channel_write(channel, parts, 2);
}
