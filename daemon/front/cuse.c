// SPDX-License-Identifier: GPL-2.0-or-later
// Nodes in /dev, created by CUSE: one channel per node.
#define FUSE_USE_VERSION 314
#include "base/cleanup.h"
#include "front/internal.h"
#include <cuse_lowlevel.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <string.h>

static uint32_t request_node(fuse_req_t req)
{
	const struct connection *connection = fuse_req_userdata(req);

	return connection->index;
}

static void cuse_open(fuse_req_t req, struct fuse_file_info *info)
{
	decode_open(req, request_node(req), info);
}

static void cuse_release(fuse_req_t req, struct fuse_file_info *info)
{
	decode_release(req, request_node(req), info);
}

static void cuse_read(fuse_req_t req, size_t size, off_t offset, struct fuse_file_info *info)
{
	decode_read(req, request_node(req), size, offset, false, info);
}

static void cuse_write(fuse_req_t req, const char *data, size_t size, off_t offset,
		       struct fuse_file_info *info)
{
	(void)data;
	decode_write(req, request_node(req), size, offset, false, info);
}

static void cuse_ioctl(fuse_req_t req, int command, void *argument, struct fuse_file_info *info,
		       unsigned flags, const void *in, size_t in_size, size_t out_size)
{
	(void)in;
	decode_ioctl(req, request_node(req), (unsigned)command, argument, info, flags, in_size,
		     out_size);
}

static void cuse_poll(fuse_req_t req, struct fuse_file_info *info, struct fuse_pollhandle *poll)
{
	decode_poll(req, request_node(req), info, poll);
}

static void cuse_init(void *data, struct fuse_conn_info *connection)
{
	(void)data;
	connection->max_write = CUIO_TRANSFER_MAX;
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

static int cuse_channel(struct connection *connection, struct report *report)
{
	int fd = open("/dev/cuse", O_RDWR | O_CLOEXEC | O_NONBLOCK), error = errno;

	(void)connection;
	if (fd >= 0)
		return fd;
	if (error == ENOENT || error == ENODEV)
		report_add(report, NULL, 0,
			   "no /dev/cuse: load the module with \"modprobe cuse\"; if there is none "
			   "for this kernel (uname -r), install it or reboot into the kernel that "
			   "is installed");
	else if (error == EACCES || error == EPERM)
		report_add(report, NULL, 0,
			   "/dev/cuse: %s: start it as the service cuiod@NAME, or by hand as root",
			   strerror(error));
	else
		report_add(report, NULL, 0, "/dev/cuse: %s", strerror(error));
	return -error;
}

static int cuse_session(struct connection *connection)
{
	const struct instance_node *settings = connection->front->nodes[connection->index].settings;
	auto_free char *name = NULL;
	const char *infos[1];
	char *arguments[] = { (char *)"cuiod", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, arguments);
	struct cuse_info info = {
		.dev_major = settings->major < 0 ? 0 : (unsigned)settings->major,
		.dev_minor = settings->minor < 0 ? 0 : (unsigned)settings->minor,
		.dev_info_argc = 1,
		.dev_info_argv = infos,
		.flags = connection->front->restricted ? 0 : CUSE_UNRESTRICTED_IOCTL,
	};

	if (asprintf(&name, "DEVNAME=%s", settings->name) < 0)
		return -ENOMEM;
	infos[0] = name;
	return decode_attach(connection, cuse_lowlevel_new(&args, &info, &operations, connection));
}

static uint32_t cuse_open_flags(const struct front *front)
{
	(void)front;
	return 0;
}

const struct front_ops cuse_ops = {
	.init = CUSE_INIT,
	.check = dev_check,
	.open = cuse_channel,
	.session_new = cuse_session,
	.open_flags = cuse_open_flags,
	.look = dev_look,
	.refresh_owner = dev_refresh_owner,
};
