// SPDX-License-Identifier: GPL-2.0-or-later
// Nodes as files in a FUSE mount, with one channel for all. Requests for names and attributes are
// answered at once from constant data: a successor would give the same answers, so these requests
// are not stored.
#define FUSE_USE_VERSION 314
#include "base/cleanup.h"
#include "base/log.h"
#include "base/mountpoint.h"
#include "base/mounts.h"
#include "base/safe_folder.h"
#include "front/internal.h"
#include "front/tree.h"
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER_MODE (S_IFDIR | 0755)
#define FILE_MODE   0600 /* udev's default for a node */
#define LISTING_MAX 4096U

static struct front *request_front(fuse_req_t req)
{
	const struct connection *connection = fuse_req_userdata(req);

	return connection->front;
}

/* The kernel only uses numbers that it got from here, but folders are among them. */
static bool find_node(fuse_req_t req, fuse_ino_t number, uint32_t *ret)
{
	if (tree_node(request_front(req)->tree, number, ret))
		return true;
	fuse_reply_err(req, ESTALE);
	return false;
}

/* --- attributes ------------------------------------------------------------------------------ */

static bool fill(const struct front *front, uint64_t number, struct stat *ret)
{
	struct stat status = {
		.st_ino = number,
		.st_nlink = 1,
		.st_blksize = 4096,
		.st_atime = front->start_time,
		.st_mtime = front->start_time,
		.st_ctime = front->start_time,
	};
	uint32_t index;

	if (tree_node(front->tree, number, &index)) {
		const struct front_node *node = &front->nodes[index];

		status.st_mode = S_IFREG | node->mode;
		status.st_uid = node->owner;
		status.st_gid = node->group;
		status.st_size = (off_t)device_size(front->device, index);
		status.st_blocks = status.st_size / 512; /* no holes, so programs read all of it */
	} else if (tree_is_folder(front->tree, number)) {
		status.st_mode = FOLDER_MODE;
		status.st_nlink = 2;
		status.st_uid = front->nodes[0].owner;
	} else {
		return false;
	}
	*ret = status;
	return true;
}

/* The kernel must not cache attributes: a restart may change sizes, group and mode. */
static void reply_attributes(fuse_req_t req, fuse_ino_t number)
{
	struct stat status;

	if (fill(request_front(req), number, &status))
		fuse_reply_attr(req, &status, 0);
	else
		fuse_reply_err(req, ESTALE);
}

static void file_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	const struct front *front = request_front(req);
	struct fuse_entry_param entry = { .ino = tree_find(front->tree, parent, name) };

	if (entry.ino && fill(front, entry.ino, &entry.attr))
		fuse_reply_entry(req, &entry);
	else
		fuse_reply_err(req, ENOENT);
}

static void file_getattr(fuse_req_t req, fuse_ino_t number, struct fuse_file_info *info)
{
	(void)info;
	reply_attributes(req, number);
}

/* Truncation and times are ignored: a program that writes a file may truncate it first. */
static void file_setattr(fuse_req_t req, fuse_ino_t number, struct stat *status, int which,
			 struct fuse_file_info *info)
{
	(void)status, (void)info;
	if (which & (FUSE_SET_ATTR_MODE | FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID))
		fuse_reply_err(req, EPERM);
	else
		reply_attributes(req, number);
}

/* --- folders --------------------------------------------------------------------------------- */

struct listing {
	fuse_req_t req;
	size_t used, size;
	char bytes[LISTING_MAX];
};

/* Returns false if the buffer is full. */
static bool list(struct listing *listing, uint64_t number, const char *name, off_t next)
{
	struct stat status = { 0 };
	size_t size;

	fill(request_front(listing->req), number, &status);
	size = fuse_add_direntry(listing->req, listing->bytes + listing->used,
				 listing->size - listing->used, name, &status, next);
	if (size > listing->size - listing->used)
		return false;
	listing->used += size;
	return true;
}

/* Directory offsets: 1 after ".", 2 after "..", then 2 + the number of the last listed entry. */
static void file_readdir(fuse_req_t req, fuse_ino_t folder, size_t size, off_t place,
			 struct fuse_file_info *info)
{
	const struct tree *tree = request_front(req)->tree;
	struct listing listing = { .req = req, .size = size < LISTING_MAX ? size : LISTING_MAX };
	uint64_t number = place > 2 ? (uint64_t)place - 2 : 0;
	bool room = true;

	(void)info;
	if (!tree_is_folder(tree, folder)) {
		fuse_reply_err(req, ENOTDIR);
		return;
	}
	if (place < 1)
		room = list(&listing, folder, ".", 1);
	if (place < 2 && room)
		room = list(&listing, tree_parent(tree, folder), "..", 2);
	while (room && (number = tree_next(tree, folder, number)))
		room = list(&listing, number, tree_name(tree, number), (off_t)number + 2);
	fuse_reply_buf(req, listing.bytes, listing.used);
}

/* Only the instance file determines the files: creating, removing and renaming is refused. */
static void file_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t rdev)
{
	(void)parent, (void)name, (void)mode, (void)rdev;
	fuse_reply_err(req, EPERM);
}

static void file_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
	(void)parent, (void)name, (void)mode;
	fuse_reply_err(req, EPERM);
}

static void file_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	(void)parent, (void)name;
	fuse_reply_err(req, EPERM);
}

static void file_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t to,
			const char *new_name, unsigned flags)
{
	(void)parent, (void)name, (void)to, (void)new_name, (void)flags;
	fuse_reply_err(req, EPERM);
}

/* --- open files ------------------------------------------------------------------------------ */

static void file_open(fuse_req_t req, fuse_ino_t number, struct fuse_file_info *info)
{
	uint32_t node;

	if (find_node(req, number, &node))
		decode_open(req, node, info);
}

static void file_release(fuse_req_t req, fuse_ino_t number, struct fuse_file_info *info)
{
	uint32_t node;

	if (find_node(req, number, &node))
		decode_release(req, node, info);
}

static bool is_seekable(fuse_req_t req)
{
	return device_driver(request_front(req)->device)->seekable;
}

static void file_read(fuse_req_t req, fuse_ino_t number, size_t size, off_t offset,
		      struct fuse_file_info *info)
{
	uint32_t node;

	if (find_node(req, number, &node))
		decode_read(req, node, size, offset, is_seekable(req), info);
}

/* In a stream the offset counts the pieces of one call from 0, but with O_APPEND the kernel starts
 * at the supposed end of the file. */
static void file_write(fuse_req_t req, fuse_ino_t number, const char *data, size_t size,
		       off_t offset, struct fuse_file_info *info)
{
	uint32_t node;

	(void)data;
	if (!is_seekable(req) && (info->flags & O_APPEND))
		offset = 0;
	if (find_node(req, number, &node))
		decode_write(req, node, size, offset, is_seekable(req), info);
}

static void file_ioctl(fuse_req_t req, fuse_ino_t number, unsigned command, void *argument,
		       struct fuse_file_info *info, unsigned flags, const void *in, size_t in_size,
		       size_t out_size)
{
	uint32_t node;

	(void)in;
	if (find_node(req, number, &node))
		decode_ioctl(req, node, command, argument, info, flags, in_size, out_size);
}

static void file_poll(fuse_req_t req, fuse_ino_t number, struct fuse_file_info *info,
		      struct fuse_pollhandle *poll)
{
	uint32_t node;

	if (find_node(req, number, &node)) {
		decode_poll(req, node, info, poll);
		return;
	}
	if (poll)
		fuse_pollhandle_destroy(poll);
}

/*
 * Makes a file behave like a device: no page cache, no FLUSH at each close (it would wait for a
 * writer that waits), and for a stream no position, so that its readers do not wait for its
 * writers.
 */
static uint32_t file_open_flags(const struct front *front)
{
	return FOPEN_DIRECT_IO | FOPEN_NOFLUSH |
	       (device_driver(front->device)->seekable ? 0 : FOPEN_STREAM);
}

/* libfuse's default features are meant for file systems: none is enabled. */
static void file_init(void *data, struct fuse_conn_info *connection)
{
	(void)data;
	connection->max_write = CUIO_TRANSFER_MAX;
	connection->want = 0;
}

static const struct fuse_lowlevel_ops operations = {
	.init = file_init,
	.lookup = file_lookup,
	.getattr = file_getattr,
	.setattr = file_setattr,
	.readdir = file_readdir,
	.mknod = file_mknod,
	.mkdir = file_mkdir,
	.unlink = file_unlink,
	.rmdir = file_unlink,
	.rename = file_rename,
	.open = file_open,
	.release = file_release,
	.read = file_read,
	.write = file_write,
	.ioctl = file_ioctl,
	.poll = file_poll,
};

/* --- the mount ------------------------------------------------------------------------------- */

static int file_session(struct connection *connection)
{
	char *arguments[] = { (char *)"cuiod", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, arguments);

	return decode_attach(connection,
			     fuse_session_new(&args, &operations, sizeof(operations), connection));
}

/* Mounts without a service manager. A service gets its mount from the helper and may not mount. */
static int file_channel(struct connection *connection, struct report *report)
{
	struct front *front = connection->front;
	const struct instance *instance = front->instance;
	int fd, r;

	if (fds_supervised()) {
		report_add(report, NULL, 0,
			   "no mount at %s was handed over: cuio-helper says why, in the lines "
			   "before",
			   instance->mount);
		return -ENOENT;
	}
	r = safe_folder_make(instance->mount, instance->document->path, report);
	if (r < 0)
		return r;
	r = mountpoint_new(instance->mount, instance->name, report, &front->mountpoint);
	if (r < 0)
		return r;
	/* The mount closes its own descriptor. */
	fd = fcntl(mountpoint_fd(front->mountpoint), F_DUPFD_CLOEXEC, 3);
	if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return fd;
}

/* Without a service manager a crashed predecessor may have left its mount. */
static int clear_place(const struct instance *instance, const char *path, struct report *report)
{
	auto_free char *owner = NULL;
	struct stat status;
	int r = mounts_owner(path, &owner);

	if (r == -ENOENT)
		return 0;
	if (r < 0) {
		report_add(report, NULL, 0, "%s: %s", path,
			   r == -EBUSY ? "something else is mounted there" : strerror(-r));
		return r;
	}
	if (strcmp(owner, instance->name) != 0 || stat(path, &status) == 0 || errno != ENOTCONN) {
		report_add(report, NULL, 0,
			   "%s: cuiod serves %s there; stop it, or choose another place", path,
			   owner);
		return -EBUSY;
	}
	r = mountpoint_detach(path, instance->name);
	if (r < 0)
		report_add(
			report, NULL, 0,
			"%s: the mount of a cuiod that has crashed cannot be taken away: %s; try "
			"fusermount3 -u %s",
			path, strerror(-r), path);
	else
		log_notice("%s: the mount of a cuiod that has crashed is taken away", path);
	return r;
}

static int file_check(const struct instance *instance, struct report *report)
{
	auto_free char *path = NULL;
	int r;

	if (fds_supervised())
		return 0;
	r = mounts_resolve(instance->mount, &path);
	if (r == -ENOENT)
		return 0; /* there is no folder yet */
	if (r >= 0)
		return clear_place(instance, path, report);
	report_add(report, NULL, 0, "%s, where the files are to be: %s", instance->mount,
		   strerror(-r));
	return r;
}

/* The file exists since the mount; sets its owner, group and mode. */
static bool file_look(struct front_node *node)
{
	const struct instance_node *settings = node->settings;

	node->owner = fds_supervised() ? 0 : geteuid();
	if (!dev_group(settings, &node->group))
		node->group = fds_supervised() ? 0 : getegid();
	node->mode = settings->mode ? settings->mode : FILE_MODE;
	device_set_owner(node->front->device, node->index, node->owner);
	node->there = true;
	return true;
}

static void file_refresh_owner(struct front_node *node)
{
	(void)node; /* chown is refused */
}

const struct front_ops file_ops = {
	.init = FUSE_INIT,
	.shared_connection = true,
	.check = file_check,
	.open = file_channel,
	.session_new = file_session,
	.open_flags = file_open_flags,
	.look = file_look,
	.refresh_owner = file_refresh_owner,
};
