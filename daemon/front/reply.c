// SPDX-License-Identifier: GPL-2.0-or-later
// The way back: the answer that the device has committed is encoded as the kernel's
// include/uapi/linux/fuse.h has it, and goes out in one piece. libfuse only releases its side of
// the request: the interface that would let it write through the channel is not part of every
// build.
#define FUSE_USE_VERSION 314
#include "base/log.h"
#include "device/argument.h"
#include "front/internal.h"
#include <errno.h>
#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <string.h>

/* What follows the header: an operation's own structure, and the caller's data. */
struct answer {
	int error; /* 0, or negative */
	const void *body, *data;
	size_t body_size, size;
};

static void send(struct front *front, uint32_t slot, const struct answer *answer)
{
	fuse_req_t req = front->requests[slot];
	const struct connection *connection = fuse_req_userdata(req);
	struct fuse_out_header header = {
		.len = (uint32_t)(sizeof(header) + answer->body_size + answer->size),
		.error = answer->error,
		.unique = request_store_unique(front->store, slot),
	};
	const struct iovec parts[] = {
		{ .iov_base = &header, .iov_len = sizeof(header) },
		{ .iov_base = (void *)answer->body, .iov_len = answer->body_size },
		{ .iov_base = (void *)answer->data, .iov_len = answer->size },
	};
	int r = channel_write(&connection->channel, parts, 3);

	/* Nothing is to be done about an answer that nobody waits for any more. */
	if (r < 0 && r != -ENOENT)
		log_warning("%s: the kernel refused the answer to a request: %s",
			    front->nodes[connection->index].path, strerror(-r));
	front->requests[slot] = NULL;
	fuse_reply_none(req);
}

static void send_result(struct front *front, uint32_t slot, const struct request_record *record)
{
	ssize_t result = device_result(front->device);
	union {
		struct fuse_open_out open;
		struct fuse_write_out write;
		struct fuse_ioctl_out ioctl;
		struct fuse_poll_out poll;
	} body;
	struct answer answer = { .body = &body };

	if (result < 0) {
		answer.error = (int)result;
		send(front, slot, &answer);
		return;
	}
	switch (record->operation) {
	case REQUEST_OPEN:
		body.open = (struct fuse_open_out){ .fh = record->file,
						    .open_flags = front->ops->open_flags(front) };
		answer.body_size = sizeof(body.open);
		break;
	case REQUEST_READ:
		answer.data = device_reply(front->device, &answer.size);
		break;
	case REQUEST_WRITE:
		body.write = (struct fuse_write_out){ .size = (uint32_t)result };
		answer.body_size = sizeof(body.write);
		break;
	case REQUEST_IOCTL:
		body.ioctl = (struct fuse_ioctl_out){ .result = (int32_t)result };
		answer.body_size = sizeof(body.ioctl);
		answer.data = device_reply(front->device, &answer.size);
		break;
	case REQUEST_POLL:
		body.poll = (struct fuse_poll_out){ .revents = (uint32_t)result };
		answer.body_size = sizeof(body.poll);
		break;
	default:
		break;
	}
	send(front, slot, &answer);
}

static size_t add_places(struct fuse_ioctl_iovec *to, const struct iovec *parts, size_t n_parts)
{
	for (size_t i = 0; i < n_parts; i++)
		to[i] = (struct fuse_ioctl_iovec){ .base = (uintptr_t)parts[i].iov_base,
						   .len = parts[i].iov_len };
	return n_parts;
}

void reply_fetch(struct front *front, uint32_t slot, const struct argument_fetch *fetch)
{
	const struct fuse_ioctl_out retry = {
		.flags = FUSE_IOCTL_RETRY,
		.in_iovs = (uint32_t)fetch->n_in,
		.out_iovs = (uint32_t)fetch->n_out,
	};
	struct fuse_ioctl_iovec places[2 * ARGUMENT_PARTS_MAX];
	struct answer answer = { .body = &retry, .body_size = sizeof(retry), .data = places };

	answer.size = add_places(places, fetch->in, fetch->n_in);
	answer.size += add_places(places + answer.size, fetch->out, fetch->n_out);
	answer.size *= sizeof(places[0]);
	send(front, slot, &answer);
}

void reply_send(struct front *front, uint32_t slot)
{
	uint32_t answered;

	if (front->requests[slot])
		send_result(front, slot, device_answered_request(front->device, &answered));
}
