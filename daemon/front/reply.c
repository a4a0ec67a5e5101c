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

/* What precedes the caller's data. */
struct reply {
	struct fuse_out_header header;
	union {
		struct fuse_open_out open;
		struct fuse_write_out write;
		struct fuse_ioctl_out ioctl;
		struct fuse_poll_out poll;
	} body;
};

static void send(const struct connection *connection, uint64_t unique, struct reply *reply,
		 size_t body_size, const void *data, size_t size)
{
	size_t head = sizeof(reply->header) + body_size;
	int r;

	reply->header.unique = unique;
	reply->header.len = (uint32_t)(head + size);
	r = channel_write(&connection->channel, reply, head, data, size);
	/* An answer that no request waits for any more needs no action. */
	if (r < 0 && r != -ENOENT)
		log_warning("%s: the kernel refused the answer to a request: %s",
			    connection->front->nodes[connection->index].path, strerror(-r));
}

/* The kernel returns an ioctl's result from the system call as it is. After a signal it takes this
 * one as that of a driver of its own: it runs the signal's handler, or stops the program, and then
 * repeats the call, or returns EINTR if the handler has no SA_RESTART (fs/fuse/ioctl.c,
 * include/linux/errno.h). An error in the header could not be this one. */
#define KERNEL_RESTARTSYS 512

static bool has_body(const struct device_answer *answer)
{
	return answer->result >= 0 ||
	       (answer->result == DEVICE_REPEAT && answer->request->operation == REQUEST_IOCTL);
}

static int32_t ioctl_result(const struct device_answer *answer)
{
	return answer->result == DEVICE_REPEAT ? -KERNEL_RESTARTSYS : (int32_t)answer->result;
}

void reply_send(struct front *front, const struct device_answer *answer)
{
	struct reply reply = { .header = { 0 } };
	size_t body_size = 0;
	/* From the request's bytes: they are gone if a predecessor has sent the answer. */
	uint64_t unique = request_store_unique(front->store, answer->slot);

	if (!unique)
		return;
	switch (has_body(answer) ? answer->request->operation : REQUEST_NONE) {
	case REQUEST_OPEN:
		reply.body.open =
			(struct fuse_open_out){ .fh = answer->request->file,
						.open_flags = front->ops->open_flags(front) };
		body_size = sizeof(reply.body.open);
		break;
	case REQUEST_WRITE:
		reply.body.write = (struct fuse_write_out){ .size = (uint32_t)answer->result };
		body_size = sizeof(reply.body.write);
		break;
	case REQUEST_IOCTL:
		reply.body.ioctl = (struct fuse_ioctl_out){ .result = ioctl_result(answer) };
		body_size = sizeof(reply.body.ioctl);
		break;
	case REQUEST_POLL:
		reply.body.poll = (struct fuse_poll_out){ .revents = (uint32_t)answer->result };
		body_size = sizeof(reply.body.poll);
		break;
	case REQUEST_NONE:
		reply.header.error = answer->result == DEVICE_REPEAT ? -EINTR : (int)answer->result;
		break;
	default: /* a read returns only data */
		break;
	}
	send(front_connection(front, answer->request->node), unique, &reply, body_size,
	     answer->data, answer->size);
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
	struct reply reply = {
		.body.ioctl = {
			.flags = FUSE_IOCTL_RETRY,
			.in_iovs = (uint32_t)fetch->n_in,
			.out_iovs = (uint32_t)fetch->n_out,
		},
	};
	struct fuse_ioctl_iovec places[2 * ARGUMENT_PARTS_MAX];
	size_t n = add_places(places, fetch->in, fetch->n_in);

	n += add_places(places + n, fetch->out, fetch->n_out);
	send(connection, request_store_unique(connection->front->store, connection->index), &reply,
	     sizeof(reply.body.ioctl), places, n * sizeof(places[0]));
}

void reply_again(const struct connection *connection)
{
	struct reply reply = { .header = { .error = -EAGAIN } };

	send(connection, request_store_unique(connection->front->store, connection->index), &reply,
	     0, NULL, 0);
}
