/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel sends. */
#include "daemon.h"
#include <sys/socket.h>

void fuzz_send(struct fuzz_daemon *daemon, unsigned channel, uint32_t opcode, const void *body,
	       size_t size, const void *data, size_t data_size)
{
	static uint8_t message[CUIO_TRANSFER_MAX + 4096];
	struct fuse_in_header header = { .len = (uint32_t)(sizeof(header) + size + data_size),
					 .opcode = opcode,
					 .unique = daemon->unique += 2,
					 .pid = FUZZ_ROOT };

	memcpy(message, &header, sizeof(header));
	memcpy(message + sizeof(header), body, size);
	if (data_size)
		memcpy(message + sizeof(header) + size, data, data_size);
	/* What there is no room for is lost. */
	(void)fuzz_send_message(daemon, channel, message);
}

bool fuzz_send_message(struct fuzz_daemon *daemon, unsigned channel, const void *message)
{
	const struct fuse_in_header *header = message;

	return send(daemon->kernel[channel], message, header->len, 0) == (ssize_t)header->len;
}

void fuzz_send_interrupt(struct fuzz_daemon *daemon, unsigned channel, uint64_t unique)
{
	const struct {
		struct fuse_in_header header;
		struct fuse_interrupt_in body;
	} message = { { .len = sizeof(message), .opcode = FUSE_INTERRUPT, .unique = unique | 1 },
		      { .unique = unique } };

	(void)fuzz_send_message(daemon, channel, &message);
}

void fuzz_send_open(struct fuzz_daemon *daemon, unsigned channel, uint32_t flags)
{
	const struct fuse_open_in open = { .flags = flags };

	fuzz_send(daemon, channel, FUSE_OPEN, &open, sizeof(open), NULL, 0);
}

void fuzz_send_release(struct fuzz_daemon *daemon, unsigned channel, uint64_t file)
{
	const struct fuse_release_in release = { .fh = file };

	fuzz_send(daemon, channel, FUSE_RELEASE, &release, sizeof(release), NULL, 0);
}

void fuzz_send_read(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, uint32_t size)
{
	const struct fuse_read_in read = { .fh = file, .size = size, .flags = O_RDWR };

	fuzz_send(daemon, channel, FUSE_READ, &read, sizeof(read), NULL, 0);
}

void fuzz_send_write(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, const void *data,
		     uint32_t size)
{
	const struct fuse_write_in write = { .fh = file, .size = size, .flags = O_RDWR };

	fuzz_send(daemon, channel, FUSE_WRITE, &write, sizeof(write), data, size);
}

void fuzz_send_ioctl(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, uint32_t command,
		     const void *data, uint32_t size)
{
	const struct fuse_ioctl_in ioctl = {
		.fh = file, .cmd = command, .in_size = size, .out_size = size
	};

	fuzz_send(daemon, channel, FUSE_IOCTL, &ioctl, sizeof(ioctl), data, size);
}

void fuzz_send_poll(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, uint64_t handle)
{
	const struct fuse_poll_in poll = { .fh = file,
					   .kh = handle,
					   .flags = FUSE_POLL_SCHEDULE_NOTIFY,
					   .events = CUIO_READY_IN | CUIO_READY_OUT };

	fuzz_send(daemon, channel, FUSE_POLL, &poll, sizeof(poll), NULL, 0);
}
