// SPDX-License-Identifier: GPL-2.0-or-later
// What CUSE's and FUSE's requests for a node have in common: libfuse decodes a request, this fills
// the device's record of it.
#define FUSE_USE_VERSION 314
#include "base/probe.h"
#include "front/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <malloc.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static struct front *request_front(fuse_req_t req)
{
	const struct connection *connection = fuse_req_userdata(req);

	return connection->front;
}

/* Our handle of an open file is its index, so that it means the same to a successor. */
static uint32_t file_index(const struct fuse_file_info *info)
{
	return info->fh < RECORD_FILES ? (uint32_t)info->fh : FILE_NONE;
}

/* What is known of crashes inside this very request, which lay there when its process crashed,
 * stays at any moment. */
static void clear(struct request_record *record, uint64_t unique)
{
	if (record->unique != unique) {
		record->crashes = 0;
		record->survived = 0;
		record->touched = 0;
		record->replays = 0;
		atomic_signal_fence(memory_order_seq_cst);
		record->unique = unique;
	}
	memset(&record->turn, 0,
	       offsetof(struct request_record, crashes) - offsetof(struct request_record, turn));
}

/*
 * The record of the request that is being decoded, filled with what all have in common. NULL: only
 * libfuse's side of it is wanted, the record is in saved memory already.
 */
static struct request_record *begin(fuse_req_t req, enum request_operation operation, uint32_t node,
				    const struct fuse_file_info *info)
{
	struct front *front = request_front(req);
	const struct fuse_ctx *context = fuse_req_ctx(req);
	struct request_record *record;

	front->requests[front->decoding] = req;
	if (front->adopting)
		return NULL;
	record = device_request(front->device, front->decoding);
	clear(record, request_store_unique(front->store, front->decoding));
	record->operation = operation;
	record->node = node;
	record->file = file_index(info);
	record->flags = (uint32_t)info->flags;
	record->deadline = TIME_NEVER;
	record->progress = 0;
	record->pid = (uint32_t)context->pid;
	record->uid = (uint32_t)context->uid;
	PROBE("decoded");
	return record;
}

static void interrupted(fuse_req_t req, void *data)
{
	struct front *front = request_front(req);

	(void)data;
	for_each_parked_slot (slot)
		if (front->requests[slot] == req) {
			serve_interrupted(front, slot);
			return;
		}
}

static void watch_interrupt(struct front *front, uint32_t slot)
{
	fuse_req_interrupt_func(front->requests[slot], interrupted, NULL);
}

/* A signal is of interest only to a request that waits. */
static void serve(fuse_req_t req)
{
	struct front *front = request_front(req);
	uint32_t slot = serve_new(front, front->decoding);

	if (slot != SLOT_NONE)
		watch_interrupt(front, slot);
}

void decode_open(fuse_req_t req, uint32_t node, struct fuse_file_info *info)
{
	struct front *front = request_front(req);

	if (!begin(req, REQUEST_OPEN, node, info))
		return;
	if ((info->flags & O_ACCMODE) == O_ACCMODE)
		front->ops->refresh_owner(&front->nodes[node]);
	serve(req);
}

void decode_release(fuse_req_t req, uint32_t node, struct fuse_file_info *info)
{
	if (begin(req, REQUEST_RELEASE, node, info))
		serve(req);
}

void decode_read(fuse_req_t req, uint32_t node, size_t size, off_t offset, bool positioned,
		 struct fuse_file_info *info)
{
	struct request_record *record = begin(req, REQUEST_READ, node, info);

	if (!record)
		return;
	record->size = (uint32_t)(size < CUIO_TRANSFER_MAX ? size : CUIO_TRANSFER_MAX);
	record->offset = (uint64_t)offset;
	record->positioned = positioned;
	serve(req);
}

/* The request store knows where the data are, also after a move. */
void decode_write(fuse_req_t req, uint32_t node, size_t size, off_t offset, bool positioned,
		  struct fuse_file_info *info)
{
	struct request_record *record = begin(req, REQUEST_WRITE, node, info);

	if (!record)
		return;
	record->in_size = (uint32_t)size;
	record->offset = (uint64_t)offset;
	record->positioned = positioned;
	serve(req);
}

void decode_ioctl(fuse_req_t req, uint32_t node, unsigned command, void *argument,
		  struct fuse_file_info *info, unsigned flags, size_t in_size, size_t out_size)
{
	struct request_record *record = begin(req, REQUEST_IOCTL, node, info);

	if (!record)
		return;
	record->command = command;
	record->argument = (uint64_t)(uintptr_t)argument;
	record->in_size = (uint32_t)in_size;
	record->out_size = (uint32_t)out_size;
	record->compat = (flags & FUSE_IOCTL_COMPAT) != 0;
	serve(req);
}

void decode_poll(fuse_req_t req, uint32_t node, struct fuse_file_info *info,
		 struct fuse_pollhandle *poll)
{
	struct request_record *record = begin(req, REQUEST_POLL, node, info);
	struct front *front = request_front(req);

	if (poll)
		fuse_pollhandle_destroy(poll); /* the kernel's handle itself is kept */
	if (!record)
		return;
	record->begun = request_store_poll(front->store, front->decoding, &record->argument);
	record->size = info->poll_events;
	serve(req);
}

/* --- sessions -------------------------------------------------------------------------------- */

/* libfuse allocates something for each request that is a little larger than what malloc(3) has at
 * hand if it is not told. */
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

void decode(struct connection *connection, uint32_t slot, void *bytes, uint32_t size)
{
	connection->front->decoding = slot;
	process(connection, bytes, size);
}

void decode_adopt(struct connection *connection, uint32_t slot, void *bytes, uint32_t size)
{
	struct front *front = connection->front;

	front->adopting = true;
	decode(connection, slot, bytes, size);
	front->adopting = false;
	if (front->requests[slot])
		watch_interrupt(front, slot);
}

/*
 * The session's own descriptor takes what libfuse answers by itself: the first request, and those
 * that it refuses. The session closes it, the channel keeps its own.
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
