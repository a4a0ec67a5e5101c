// SPDX-License-Identifier: GPL-2.0-or-later
// libfuse decodes requests of CUSE and FUSE; this file fills the device's record from them. No
// object
// of libfuse is kept: the record and the kernel's bytes suffice for an answer, also by a successor.
#define FUSE_USE_VERSION 314
#include "base/probe.h"
#include "front/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <malloc.h>
#include <unistd.h>

/* The handle of an open file is its index, which a successor can use, too. */
static uint32_t file_index(const struct fuse_file_info *info)
{
	return info->fh < RECORD_FILES ? (uint32_t)info->fh : FILE_NONE;
}

/* libfuse passes only the connection to its callbacks; the connection's index is the request's
 * slot. */
static struct connection *request_connection(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

/* Resets the record of the request that is being decoded, fills in the common fields, and ends
 * libfuse's part. */
static struct request_record *begin(fuse_req_t req, enum request_operation operation, uint32_t node,
				    const struct fuse_file_info *info)
{
	const struct connection *connection = request_connection(req);
	const struct fuse_ctx *context = fuse_req_ctx(req);
	struct front *front = connection->front;
	struct request_record *record = device_request(front->device, connection->index);

	request_record_reset(record, request_store_unique(front->store, connection->index));
	record->operation = operation;
	record->node = node;
	record->file = file_index(info);
	record->flags = (uint32_t)info->flags;
	record->pid = (uint32_t)context->pid;
	record->uid = (uint32_t)context->uid;
	fuse_reply_none(req);
	return record;
}

static void set_offset(struct request_record *record, off_t offset, bool positioned)
{
	record->positioned = positioned;
	if (positioned)
		record->position = (uint64_t)offset;
	else
		record->offset = (uint64_t)offset;
}

void decode_open(fuse_req_t req, uint32_t node, struct fuse_file_info *info)
{
	struct front *front = request_connection(req)->front;

	begin(req, REQUEST_OPEN, node, info);
	if ((info->flags & O_ACCMODE) == O_ACCMODE)
		front->ops->refresh_owner(&front->nodes[node]);
}

void decode_release(fuse_req_t req, uint32_t node, struct fuse_file_info *info)
{
	begin(req, REQUEST_RELEASE, node, info);
}

void decode_read(fuse_req_t req, uint32_t node, size_t size, off_t offset, bool positioned,
		 struct fuse_file_info *info)
{
	struct request_record *record = begin(req, REQUEST_READ, node, info);

	record->size = (uint32_t)(size < CUIO_TRANSFER_MAX ? size : CUIO_TRANSFER_MAX);
	set_offset(record, offset, positioned);
}

/* The data stay in the request store, which finds them also after a move. */
void decode_write(fuse_req_t req, uint32_t node, size_t size, off_t offset, bool positioned,
		  struct fuse_file_info *info)
{
	struct request_record *record = begin(req, REQUEST_WRITE, node, info);

	record->in_size = (uint32_t)size;
	set_offset(record, offset, positioned);
}

void decode_ioctl(fuse_req_t req, uint32_t node, unsigned command, void *argument,
		  struct fuse_file_info *info, unsigned flags, size_t in_size, size_t out_size)
{
	struct request_record *record = begin(req, REQUEST_IOCTL, node, info);

	record->command = command;
	record->argument = (uint64_t)(uintptr_t)argument;
	record->in_size = (uint32_t)in_size;
	record->out_size = (uint32_t)out_size;
	record->compat = (flags & FUSE_IOCTL_COMPAT) != 0;
}

void decode_poll(fuse_req_t req, uint32_t node, struct fuse_file_info *info,
		 struct fuse_pollhandle *poll)
{
	const struct connection *connection = request_connection(req);
	struct request_record *record = begin(req, REQUEST_POLL, node, info);

	if (poll)
		fuse_pollhandle_destroy(poll); /* the record keeps the kernel's handle */
	record->poll_waits = request_store_poll(connection->front->store, connection->index,
						&record->poll_handle);
	record->poll_events = info->poll_events;
}

/* --- sessions -------------------------------------------------------------------------------- */

/* Raises malloc(3)'s limit for fast allocations above the size of libfuse's allocation per
 * request. */
static void keep_small_memory(void)
{
	mallopt(M_MXFAST, 80 * sizeof(size_t) / 4);
}

int decode_attach(struct connection *connection, struct fuse_session *session)
{
	if (!session)
		return -ENOMEM;
	connection->session = session;
	keep_small_memory();
	return 0;
}

void decode_detach(struct connection *connection)
{
	if (connection->session)
		fuse_session_destroy(connection->session);
	connection->session = NULL;
}

static void process(struct connection *connection, void *bytes, uint32_t size)
{
	struct fuse_buf buffer = { .mem = bytes, .size = size };

	fuse_session_process_buf(connection->session, &buffer);
}

bool decode(struct connection *connection, void *bytes, uint32_t size)
{
	struct request_record *record =
		device_request(connection->front->device, connection->index);

	record->operation = REQUEST_NONE;
	process(connection, bytes, size);
	if (record->operation == REQUEST_NONE)
		return false;
	PROBE("decoded");
	return true;
}

/*
 * The session's own descriptor is for the requests that libfuse answers itself: the first one, and
 * those that it refuses. If a predecessor has answered the first one, libfuse's answer goes to
 * /dev/null. The session closes this descriptor; the channel keeps its own.
 */
int decode_init(struct connection *connection, void *bytes, uint32_t size, bool answered)
{
	int channel = connection->channel.source.fd;
	int fd = answered ? open("/dev/null", O_WRONLY | O_CLOEXEC)
			  : fcntl(channel, F_DUPFD_CLOEXEC, 3);
	char path[32];

	if (fd < 0)
		return -errno;
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	if (fuse_session_mount(connection->session, path) < 0) {
		close(fd);
		return -EIO;
	}
	process(connection, bytes, size);
	if (answered && dup3(channel, fd, O_CLOEXEC) < 0)
		return -errno;
	return 0;
}
