// SPDX-License-Identifier: GPL-2.0-or-later
// Checks what libfuse assumes about a request's body, and decodes interrupt messages.
#include "front/message.h"
#include "front/request_store.h"
#include <linux/fuse.h>
#include <stddef.h>
#include <string.h>

/* A fixed part, followed by strings that each end with a NUL. */
static const struct shape {
	uint32_t opcode, head, texts;
} shapes[] = {
	{ CUSE_INIT, sizeof(struct cuse_init_in), 0 },
	{ FUSE_INIT, offsetof(struct fuse_init_in, flags2), 0 },
	{ FUSE_OPEN, sizeof(struct fuse_open_in), 0 },
	{ FUSE_RELEASE, sizeof(struct fuse_release_in), 0 },
	{ FUSE_READ, sizeof(struct fuse_read_in), 0 },
	{ FUSE_POLL, sizeof(struct fuse_poll_in), 0 },
	{ FUSE_INTERRUPT, sizeof(struct fuse_interrupt_in), 0 },
	/* For a mount: */
	{ FUSE_LOOKUP, 0, 1 },
	{ FUSE_FORGET, sizeof(struct fuse_forget_in), 0 },
	{ FUSE_GETATTR, sizeof(struct fuse_getattr_in), 0 },
	{ FUSE_SETATTR, sizeof(struct fuse_setattr_in), 0 },
	{ FUSE_MKNOD, sizeof(struct fuse_mknod_in), 1 },
	{ FUSE_MKDIR, sizeof(struct fuse_mkdir_in), 1 },
	{ FUSE_CREATE, sizeof(struct fuse_create_in), 1 },
	{ FUSE_UNLINK, 0, 1 },
	{ FUSE_RMDIR, 0, 1 },
	{ FUSE_RENAME, sizeof(struct fuse_rename_in), 2 },
	{ FUSE_RENAME2, sizeof(struct fuse_rename2_in), 2 },
	{ FUSE_LINK, sizeof(struct fuse_link_in), 1 },
	{ FUSE_SYMLINK, 0, 2 },
	{ FUSE_SETXATTR, FUSE_COMPAT_SETXATTR_IN_SIZE, 1 },
	{ FUSE_GETXATTR, sizeof(struct fuse_getxattr_in), 1 },
	{ FUSE_REMOVEXATTR, 0, 1 },
	{ FUSE_OPENDIR, sizeof(struct fuse_open_in), 0 },
	{ FUSE_READDIR, sizeof(struct fuse_read_in), 0 },
	{ FUSE_READDIRPLUS, sizeof(struct fuse_read_in), 0 },
	{ FUSE_RELEASEDIR, sizeof(struct fuse_release_in), 0 },
	{ FUSE_STATFS, 0, 0 },
	{ FUSE_FLUSH, sizeof(struct fuse_flush_in), 0 },
	{ FUSE_FSYNC, sizeof(struct fuse_fsync_in), 0 },
	{ FUSE_FSYNCDIR, sizeof(struct fuse_fsync_in), 0 },
	{ FUSE_ACCESS, sizeof(struct fuse_access_in), 0 },
};

static bool has_texts(const uint8_t *text, size_t left, uint32_t count)
{
	for (; count; count--) {
		const uint8_t *end = memchr(text, '\0', left);

		if (!end)
			return false;
		left -= (size_t)(end + 1 - text);
		text = end + 1;
	}
	return true;
}

static bool has_shape(uint32_t opcode, const void *body, size_t left)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i].opcode == opcode)
			return left >= shapes[i].head &&
			       has_texts((const uint8_t *)body + shapes[i].head,
					 left - shapes[i].head, shapes[i].texts);
	return true; /* libfuse checks the header and refuses the request */
}

bool message_is_possible(const void *bytes, uint32_t size)
{
	const struct fuse_in_header *header = bytes;
	const void *body = header + 1;
	size_t left = size - sizeof(*header);

	if (size < sizeof(*header) || size > RECEIVE_BUFFER_SIZE || header->len != size)
		return false;
	switch (header->opcode) {
	case FUSE_WRITE:
		return left >= sizeof(struct fuse_write_in) &&
		       ((const struct fuse_write_in *)body)->size ==
			       left - sizeof(struct fuse_write_in);
	case FUSE_IOCTL:
		return left >= sizeof(struct fuse_ioctl_in) &&
		       ((const struct fuse_ioctl_in *)body)->in_size ==
			       left - sizeof(struct fuse_ioctl_in) &&
		       ((const struct fuse_ioctl_in *)body)->out_size <= TRANSACTION_REPLY_MAX;
	case FUSE_BATCH_FORGET:
		return left >= sizeof(struct fuse_batch_forget_in) &&
		       ((const struct fuse_batch_forget_in *)body)->count <=
			       (left - sizeof(struct fuse_batch_forget_in)) /
				       sizeof(struct fuse_forget_one);
	default:
		return has_shape(header->opcode, body, left);
	}
}

bool message_is_answered(const void *bytes)
{
	const struct fuse_in_header *header = bytes;

	return header->opcode != FUSE_INTERRUPT && header->opcode != FUSE_FORGET &&
	       header->opcode != FUSE_BATCH_FORGET;
}

bool message_closes(const void *bytes, uint64_t *ret_handle)
{
	const struct fuse_in_header *header = bytes;
	const struct fuse_release_in *release = (const void *)(header + 1);

	if (header->opcode != FUSE_RELEASE)
		return false;
	*ret_handle = release->fh;
	return true;
}

bool message_is_interrupt(const void *bytes, uint64_t *ret_unique)
{
	const struct fuse_in_header *header = bytes;
	const struct fuse_interrupt_in *interrupt = (const void *)(header + 1);

	if (header->opcode != FUSE_INTERRUPT)
		return false;
	*ret_unique = interrupt->unique;
	return true;
}

uint32_t message_thread(const void *bytes)
{
	const struct fuse_in_header *header = bytes;

	return header->pid;
}
