// SPDX-License-Identifier: GPL-2.0-or-later
// The CUSE operations: libfuse decodes a request, this fills the device's record of it.
#define FUSE_USE_VERSION 314
#include "base/cleanup.h"
#include "base/kill_point.h"
#include "front/internal.h"
#include <cuse_lowlevel.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <stdatomic.h>
#include <string.h>

static struct node *request_node(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

/* Our handle of an open file is its index, so that it means the same to a successor. */
static uint32_t file_index(const struct fuse_file_info *info)
{
	return info->fh < RECORD_FILES ? (uint32_t)info->fh : FILE_NONE;
}

/* What is known of deaths inside this very request, which lay there when its process died, stays at
 * any moment. */
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
static struct request_record *begin(fuse_req_t req, enum request_operation operation,
				    const struct fuse_file_info *info)
{
	struct node *node = request_node(req);
	struct front *front = node->front;
	const struct fuse_ctx *context = fuse_req_ctx(req);
	struct request_record *record;

	front->requests[front->decoding] = req;
	if (front->adopting)
		return NULL;
	record = device_request(front->device, front->decoding);
	clear(record, journal_unique(front->journal, front->decoding));
	record->operation = operation;
	record->node = node->index;
	record->file = file_index(info);
	record->flags = (uint32_t)info->flags;
	record->deadline = TIME_NEVER;
	record->progress = 0;
	record->pid = (uint32_t)context->pid;
	record->uid = (uint32_t)context->uid;
	device_clear_state(front->device, front->decoding);
	kill_subject(front_operation_name(operation));
	kill_point("decoded");
	return record;
}

static void interrupted(fuse_req_t req, void *data)
{
	struct front *front = request_node(req)->front;

	(void)data;
	for (uint32_t slot = RECORD_NODES; slot < RECORD_SLOTS; slot++)
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
	struct front *front = request_node(req)->front;
	uint32_t slot = serve_new(front, front->decoding);

	if (slot != SLOT_NONE)
		watch_interrupt(front, slot);
}

static void cuse_open(fuse_req_t req, struct fuse_file_info *info)
{
	if (!begin(req, REQUEST_OPEN, info))
		return;
	if ((info->flags & O_ACCMODE) == O_ACCMODE)
		dev_refresh_owner(request_node(req));
	serve(req);
}

static void cuse_release(fuse_req_t req, struct fuse_file_info *info)
{
	if (begin(req, REQUEST_RELEASE, info))
		serve(req);
}

static void cuse_read(fuse_req_t req, size_t size, off_t offset, struct fuse_file_info *info)
{
	struct request_record *record = begin(req, REQUEST_READ, info);

	if (!record)
		return;
	record->size = (uint32_t)(size < DRIVER_TRANSFER_MAX ? size : DRIVER_TRANSFER_MAX);
	record->offset = (uint64_t)offset;
	serve(req);
}

static void cuse_write(fuse_req_t req, const char *data, size_t size, off_t offset,
		       struct fuse_file_info *info)
{
	struct request_record *record = begin(req, REQUEST_WRITE, info);

	if (!record)
		return;
	(void)data; /* the journal knows where it is, also after a move */
	record->in_size = (uint32_t)size;
	record->offset = (uint64_t)offset;
	serve(req);
}

static void cuse_ioctl(fuse_req_t req, int command, void *argument, struct fuse_file_info *info,
		       unsigned flags, const void *in, size_t in_size, size_t out_size)
{
	struct request_record *record = begin(req, REQUEST_IOCTL, info);

	if (!record)
		return;
	(void)in;
	record->command = (uint32_t)command;
	record->argument = (uint64_t)(uintptr_t)argument;
	record->in_size = (uint32_t)in_size;
	record->out_size = (uint32_t)out_size;
	record->compat = (flags & FUSE_IOCTL_COMPAT) != 0;
	serve(req);
}

static void cuse_poll(fuse_req_t req, struct fuse_file_info *info, struct fuse_pollhandle *poll)
{
	struct request_record *record = begin(req, REQUEST_POLL, info);

	if (poll)
		fuse_pollhandle_destroy(poll); /* the kernel's handle itself is kept */
	if (!record)
		return;
	record->begun = journal_poll(request_node(req)->front->journal,
				     request_node(req)->front->decoding, &record->argument);
	record->size = info->poll_events;
	serve(req);
}

static void cuse_init(void *data, struct fuse_conn_info *connection)
{
	(void)data;
	connection->max_write = DRIVER_TRANSFER_MAX;
}

static const struct cuse_lowlevel_ops operations = {
	.init = cuse_init,
	.open = cuse_open,
	.release = cuse_release,
	.read = cuse_read,
	.write = cuse_write,
	.ioctl = cuse_ioctl,
	.poll = cuse_poll,
};

/* Never called: the loop reads, into saved memory. libfuse insists on it all the same. */
static ssize_t session_read(int fd, void *buffer, size_t size, void *data)
{
	(void)fd, (void)buffer, (void)size, (void)data;
	errno = EIO;
	return -1;
}

static ssize_t session_write(int fd, struct iovec *parts, int n_parts, void *data)
{
	struct node *node = data;

	(void)fd;
	return channel_write(&node->channel, parts, n_parts);
}

int cuse_session_new(struct node *node)
{
	static const struct fuse_custom_io io = { .read = session_read, .writev = session_write };
	const struct driver *driver = device_driver(node->front->device);
	auto_free char *name = NULL;
	const char *infos[1];
	char *arguments[] = { (char *)"cuiod", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, arguments);
	struct cuse_info info = {
		.dev_major = node->settings->major < 0 ? 0 : (unsigned)node->settings->major,
		.dev_minor = node->settings->minor < 0 ? 0 : (unsigned)node->settings->minor,
		.dev_info_argc = 1,
		.dev_info_argv = infos,
		.flags = driver->unrestricted ? CUSE_UNRESTRICTED_IOCTL : 0,
	};
	int fd, r;

	if (asprintf(&name, "DEVNAME=%s", node->settings->name) < 0)
		return -ENOMEM;
	infos[0] = name;
	/* The session closes what it is given; the channel keeps its own. */
	fd = fcntl(node->channel.source.fd, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return -errno;
	node->session = cuse_lowlevel_new(&args, &info, &operations, node);
	if (!node->session) {
		close(fd);
		return -ENOMEM;
	}
	r = fuse_session_custom_io(node->session, &io, fd);
	if (r < 0) {
		close(fd);
		cuse_session_free(node);
	}
	return r;
}

void cuse_session_free(struct node *node)
{
	if (node->session)
		fuse_session_destroy(node->session);
	node->session = NULL;
}

static void process(struct node *node, void *bytes, uint32_t size)
{
	struct fuse_buf buffer = { .mem = bytes, .size = size };

	fuse_session_process_buf(node->session, &buffer);
}

void cuse_decode(struct node *node, uint32_t slot, void *bytes, uint32_t size)
{
	node->front->decoding = slot;
	process(node, bytes, size);
}

void cuse_adopt(struct node *node, uint32_t slot, void *bytes, uint32_t size)
{
	struct front *front = node->front;

	front->adopting = true;
	cuse_decode(node, slot, bytes, size);
	front->adopting = false;
	if (front->requests[slot])
		watch_interrupt(front, slot);
}

void cuse_decode_init(struct node *node, void *bytes, uint32_t size)
{
	process(node, bytes, size);
}
