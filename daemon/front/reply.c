// SPDX-License-Identifier: GPL-2.0-or-later
// Encodes a committed answer as in the kernel's include/uapi/linux/fuse.h and sends it by one
// write.
// libfuse is not used: not every build of it has the interface for writing through the channel.
#include "base/log.h"
#include "device/argument.h"
#include "front/internal.h"
#include <errno.h>
#include <linux/fuse.h>
#include <string.h>

/* The parts after the header: the operation's structure, and data for the caller. */
struct reply {
	int error; /* 0 or -errno */
	const void *body, *data;
	size_t body_size, size;
};

static void send(const struct connection *connection, uint64_t unique, const struct reply *reply)
{
	struct fuse_out_header header = {
		.len = (uint32_t)(sizeof(header) + reply->body_size + reply->size),
		.error = reply->error,
		.unique = unique,
	};
	const struct iovec parts[] = {
		{ .iov_base = &header, .iov_len = sizeof(header) },
		{ .iov_base = (void *)reply->body, .iov_len = reply->body_size },
		{ .iov_base = (void *)reply->data, .iov_len = reply->size },
	};
	int r = channel_write(&connection->channel, parts, 3);

	/* An answer that no request waits for any more needs no action. */
	if (r < 0 && r != -ENOENT)
		log_warning("%s: the kernel refused the answer to a request: %s",
			    connection->front->nodes[connection->index].path, strerror(-r));
}

void reply_send(struct front *front, const struct device_answer *answer)
{
	union {
		struct fuse_open_out open;
		struct fuse_write_out write;
		struct fuse_ioctl_out ioctl;
		struct fuse_poll_out poll;
	} body;
	struct reply reply = { .body = &body, .data = answer->data, .size = answer->size };
	/* From the request's bytes: they are gone if a predecessor has sent the answer. */
	uint64_t unique = request_store_unique(front->store, answer->slot);

	if (!unique)
		return;
	switch (answer->result < 0 ? REQUEST_NONE : answer->request->operation) {
	case REQUEST_OPEN:
		body.open = (struct fuse_open_out){ .fh = answer->request->file,
						    .open_flags = front->ops->open_flags(front) };
		reply.body_size = sizeof(body.open);
		break;
	case REQUEST_WRITE:
		body.write = (struct fuse_write_out){ .size = (uint32_t)answer->result };
		reply.body_size = sizeof(body.write);
		break;
	case REQUEST_IOCTL:
		body.ioctl = (struct fuse_ioctl_out){ .result = (int32_t)answer->result };
		reply.body_size = sizeof(body.ioctl);
		break;
	case REQUEST_POLL:
		body.poll = (struct fuse_poll_out){ .revents = (uint32_t)answer->result };
		reply.body_size = sizeof(body.poll);
		break;
	case REQUEST_NONE:
		reply.error = (int)answer->result;
		break;
	default: /* a read returns only data */
		break;
	}
	send(front_connection(front, answer->request->node), unique, &reply);
}

static size_t add_places(struct fuse_ioctl_iovec *to, const struct iovec *parts, size_t n_parts)
{
	for (size_t i = 0; i < n_parts; i++)
		to[i] = (struct fuse_ioctl_iovec){ .base = (uintptr_t)parts[i].iov_base,
						   .len = parts[i].iov_len };
	return n_parts;
}

void reply_fetch(const struct connection *connection, const struct argument_fetch *fetch)
{
	const struct fuse_ioctl_out retry = {
		.flags = FUSE_IOCTL_RETRY,
		.in_iovs = (uint32_t)fetch->n_in,
		.out_iovs = (uint32_t)fetch->n_out,
	};
	struct fuse_ioctl_iovec places[2 * ARGUMENT_PARTS_MAX];
	struct reply reply = { .body = &retry, .body_size = sizeof(retry), .data = places };

	reply.size = add_places(places, fetch->in, fetch->n_in);
	reply.size += add_places(places + reply.size, fetch->out, fetch->n_out);
	reply.size *= sizeof(places[0]);
	send(connection, request_store_unique(connection->front->store, connection->index), &reply);
}

void reply_again(const struct connection *connection)
{
	const struct reply reply = { .error = -EAGAIN };

	send(connection, request_store_unique(connection->front->store, connection->index), &reply);
}
