// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file that is registers of the card, as stock.c's node in the mode of that name, served as
 * libfuse's own examples do it: one thread, its own loop. For comparison with cuiod's front of the
 * same kind.
 *
 *	file-stock DIRECTORY [SLOT]
 *
 * The file is DIRECTORY/bench. Without a card's SLOT, memory stands for its registers.
 */
#define FUSE_USE_VERSION 314
#include "card.h"
#include <errno.h>
#include <fuse_lowlevel.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FILE_INODE 2
#define FILE_NAME  "bench"

static uint32_t memory[] = { [CARD_IDENT / 4] = 0x010000edu, [CARD_LIVENESS / 4] = 0 };
static struct card card = { .registers = memory };

static void fill(struct stat *status, fuse_ino_t inode)
{
	*status = (struct stat){
		.st_ino = inode,
		.st_mode = inode == FILE_INODE ? S_IFREG | 0600 : S_IFDIR | 0700,
		.st_nlink = 1,
		.st_size = inode == FILE_INODE ? 4 : 0,
	};
}

static void file_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param entry = { .ino = FILE_INODE,
					  .attr_timeout = 1,
					  .entry_timeout = 1 };

	if (parent != FUSE_ROOT_ID || strcmp(name, FILE_NAME) != 0) {
		fuse_reply_err(req, ENOENT);
		return;
	}
	fill(&entry.attr, FILE_INODE);
	fuse_reply_entry(req, &entry);
}

static void file_getattr(fuse_req_t req, fuse_ino_t inode, struct fuse_file_info *info)
{
	struct stat status;

	(void)info;
	fill(&status, inode);
	fuse_reply_attr(req, &status, 1);
}

static void file_open(fuse_req_t req, fuse_ino_t inode, struct fuse_file_info *info)
{
	(void)inode;
	info->direct_io = 1;
	info->nonseekable = 1;
	fuse_reply_open(req, info);
}

static void file_read(fuse_req_t req, fuse_ino_t inode, size_t size, off_t offset,
		      struct fuse_file_info *info)
{
	uint32_t value = card_get(&card, CARD_IDENT);

	(void)inode, (void)info, (void)offset;
	fuse_reply_buf(req, (const char *)&value, size < sizeof(value) ? size : sizeof(value));
}

static void file_write(fuse_req_t req, fuse_ino_t inode, const char *data, size_t size,
		       off_t offset, struct fuse_file_info *info)
{
	uint32_t value;

	(void)inode, (void)info, (void)offset;
	if (size != sizeof(value)) {
		fuse_reply_err(req, EINVAL);
		return;
	}
	memcpy(&value, data, sizeof(value));
	card_set(&card, CARD_LIVENESS, value);
	fuse_reply_write(req, size);
}

static const struct fuse_lowlevel_ops operations = {
	.lookup = file_lookup,
	.getattr = file_getattr,
	.open = file_open,
	.read = file_read,
	.write = file_write,
};

int main(int argc, char **argv)
{
	char *arguments[] = { argv[0], NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, arguments);
	struct fuse_session *session;
	int r = 1;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "file-stock DIRECTORY [SLOT]\n");
		return 2;
	}
	if (argc == 3)
		card_open(&card, argv[2]);
	session = fuse_session_new(&args, &operations, sizeof(operations), NULL);
	if (!session)
		return 1;
	if (fuse_set_signal_handlers(session) == 0 && fuse_session_mount(session, argv[1]) == 0) {
		r = fuse_session_loop(session);
		fuse_session_unmount(session);
	}
	fuse_session_destroy(session);
	return r ? 1 : 0;
}
