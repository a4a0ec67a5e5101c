// SPDX-License-Identifier: GPL-2.0-or-later
// The way back: the answer that the device has committed goes out through libfuse.
#define FUSE_USE_VERSION 314
#include "device/argument.h"
#include "front/internal.h"
#include <fuse_lowlevel.h>

static void send_result(struct front *front, fuse_req_t req, const struct request_record *record)
{
	ssize_t result = device_result(front->device);
	struct fuse_file_info info = { .fh = record->file };
	size_t size;
	const void *reply = device_reply(front->device, &size);

	if (result < 0) {
		fuse_reply_err(req, (int)-result);
		return;
	}
	switch (record->operation) {
	case REQUEST_OPEN:
		front->kind->reply_open(req, &info);
		break;
	case REQUEST_READ:
		fuse_reply_buf(req, reply, size);
		break;
	case REQUEST_WRITE:
		fuse_reply_write(req, (size_t)result);
		break;
	case REQUEST_IOCTL:
		fuse_reply_ioctl(req, (int)result, reply, size);
		break;
	case REQUEST_POLL:
		fuse_reply_poll(req, (unsigned)result);
		break;
	default:
		fuse_reply_err(req, 0);
	}
}

void reply_fetch(struct front *front, uint32_t slot, const struct argument_fetch *fetch)
{
	fuse_req_t req = front->requests[slot];

	front->requests[slot] = NULL;
	fuse_reply_ioctl_retry(req, fetch->in, fetch->n_in, fetch->out, fetch->n_out);
}

void reply_send(struct front *front, uint32_t slot)
{
	fuse_req_t req = front->requests[slot];
	uint32_t answered;

	if (!req)
		return;
	front->requests[slot] = NULL;
	/* An answer that nobody waits for any more gets ENOENT: nothing is to be done about it. */
	send_result(front, req, device_answered_request(front->device, &answered));
}
