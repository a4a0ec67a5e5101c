// SPDX-License-Identifier: GPL-2.0-or-later
// Nodes as files in a mount, over a socketpair: what the kernel is promised, names and attributes,
// positions, and what a daemon leaves to its successor.
#include "front/message.h"
#include "kernel.h"
#include "mailbox.h"
#include "place.h"
#include "suite.h"
#include <cuio/ioctl.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static struct kernel *kernel;

static void with(const struct cuio_driver *driver)
{
	kernel = kernel_new_file(driver);
}

static void teardown(void)
{
	kernel_free(kernel);
}

/* --- requests ----------------------------------------------------------------------------------
 */

static int ask(uint64_t inode, uint32_t opcode, const void *body, size_t size)
{
	uint64_t before = kernel->inode, unique;

	kernel->inode = inode;
	unique = kernel_send(kernel, opcode, body, size, NULL, 0);
	kernel->inode = before;
	return kernel_answer(kernel, unique);
}

static int look_up(uint64_t inode, const char *name, struct fuse_entry_out *ret)
{
	int error = ask(inode, FUSE_LOOKUP, name, strlen(name) + 1);

	memcpy(ret, kernel->payload, sizeof(*ret));
	return error;
}

static int get_attributes(uint64_t inode, struct fuse_attr *ret)
{
	struct fuse_getattr_in in = { 0 };
	int error = ask(inode, FUSE_GETATTR, &in, sizeof(in));

	*ret = ((struct fuse_attr_out *)(void *)kernel->payload)->attr;
	return error;
}

static int set_attributes(struct fuse_setattr_in in, struct fuse_attr *ret)
{
	int error = ask(KERNEL_FILE, FUSE_SETATTR, &in, sizeof(in));

	*ret = ((struct fuse_attr_out *)(void *)kernel->payload)->attr;
	return error;
}

static uint64_t open_file(uint32_t flags, uint32_t *ret_open_flags)
{
	uint64_t handle = kernel_open(kernel, flags);

	*ret_open_flags = ((struct fuse_open_out *)(void *)kernel->payload)->open_flags;
	return handle;
}

static uint64_t send_read_at(uint64_t file, uint64_t offset, uint32_t size, uint32_t flags)
{
	struct fuse_read_in read = { .fh = file, .offset = offset, .size = size, .flags = flags };

	return kernel_send(kernel, FUSE_READ, &read, sizeof(read), NULL, 0);
}

static uint64_t send_write_at(uint64_t file, uint64_t offset, uint32_t flags)
{
	struct fuse_write_in write = { .fh = file, .offset = offset, .size = 4, .flags = flags };

	return kernel_send(kernel, FUSE_WRITE, &write, sizeof(write), "data", 4);
}

/* Where the driver believes that the last write was. */
static struct place told(uint64_t file)
{
	uint64_t unique =
		kernel_send_ioctl(kernel, file, PLACE_TELL, NULL, 0, sizeof(struct place));
	struct place place;
	uint8_t *data;

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&place, data, sizeof(place));
	return place;
}

/* --- the session -------------------------------------------------------------------------------
 */

START_TEST(a_request_fits_the_landing_place_and_nothing_is_on_by_itself)
{
	const struct fuse_init_out *out;

	with(&seekable);
	out = (void *)kernel->payload; /* the answer to INIT is the last one */
	ck_assert_uint_eq(out->max_write, CUIO_TRANSFER_MAX);
	ck_assert_uint_eq(out->max_pages * (unsigned)sysconf(_SC_PAGESIZE), CUIO_TRANSFER_MAX);
	ck_assert_uint_eq(out->flags & (FUSE_WRITEBACK_CACHE | FUSE_ASYNC_DIO | FUSE_SPLICE_READ |
					FUSE_ATOMIC_O_TRUNC | FUSE_POSIX_LOCKS | FUSE_FLOCK_LOCKS |
					FUSE_DO_READDIRPLUS | FUSE_ASYNC_READ),
			  0);
}
END_TEST

/* --- names and attributes ----------------------------------------------------------------------
 */

START_TEST(a_file_is_found_by_its_name)
{
	struct fuse_entry_out entry;

	with(&seekable);
	ck_assert_int_eq(look_up(1, "cuio-unit-test", &entry), 0);
	ck_assert_uint_eq(entry.nodeid, KERNEL_FILE);
	ck_assert_uint_eq(entry.attr.mode, S_IFREG | 0600);
	ck_assert_uint_eq(entry.attr.size, 64);
	ck_assert_uint_eq(entry.attr_valid + entry.attr_valid_nsec + entry.entry_valid, 0);
	ck_assert_int_eq(look_up(1, "another", &entry), -ENOENT);
	ck_assert_int_eq(look_up(KERNEL_FILE, "cuio-unit-test", &entry), -ENOENT);
	ck_assert_int_eq(look_up(77, "cuio-unit-test", &entry), -ENOENT);
}
END_TEST

START_TEST(a_stream_is_empty)
{
	struct fuse_attr attr;

	with(&mailbox);
	ck_assert_int_eq(get_attributes(KERNEL_FILE, &attr), 0);
	ck_assert_uint_eq(attr.size, 0);
	ck_assert_int_eq(get_attributes(1, &attr), 0);
	ck_assert_uint_eq(attr.mode, S_IFDIR | 0755);
	ck_assert_int_eq(get_attributes(77, &attr), -ESTALE);
}
END_TEST

START_TEST(to_truncate_it_changes_nothing_and_to_change_its_mode_is_refused)
{
	struct fuse_attr attr;

	with(&seekable);
	ck_assert_int_eq(set_attributes((struct fuse_setattr_in){ .valid = FATTR_SIZE }, &attr), 0);
	ck_assert_uint_eq(attr.size, 64);
	ck_assert_int_eq(set_attributes((struct fuse_setattr_in){ .valid = FATTR_MTIME }, &attr),
			 0);
	ck_assert_int_eq(set_attributes((struct fuse_setattr_in){ .valid = FATTR_MODE }, &attr),
			 -EPERM);
	ck_assert_int_eq(set_attributes((struct fuse_setattr_in){ .valid = FATTR_UID }, &attr),
			 -EPERM);
}
END_TEST

START_TEST(files_are_neither_made_nor_removed)
{
	const struct {
		struct fuse_mknod_in in;
		char name[8];
	} make = { .name = "another" };

	with(&seekable);
	ck_assert_int_eq(ask(1, FUSE_MKNOD, &make, sizeof(make)), -EPERM);
	ck_assert_int_eq(ask(1, FUSE_UNLINK, "cuio-unit-test", 15), -EPERM);
	ck_assert_int_eq(ask(1, FUSE_RMDIR, "lab", 4), -EPERM);
}
END_TEST

/* The names in a folder, read in pieces of `size` bytes; "lab/" for a folder. */
static void list(uint64_t inode, uint32_t size, char *names)
{
	struct fuse_read_in in = { .size = size };

	*names = '\0';
	for (;;) {
		ck_assert_int_eq(ask(inode, FUSE_READDIR, &in, sizeof(in)), 0);
		if (kernel->payload_size == 0)
			return;
		for (size_t at = 0; at < kernel->payload_size;) {
			const struct fuse_dirent *entry = (void *)(kernel->payload + at);

			sprintf(names + strlen(names), "%.*s%s ", (int)entry->namelen, entry->name,
				entry->type == S_IFDIR >> 12 ? "/" : "");
			in.offset = entry->off;
			at += FUSE_DIRENT_SIZE(entry);
		}
	}
}

#define TWO_NODES                                                                                  \
	"[Device]\nDescription=test\n[Window w]\nBar=0\n[Register r]\nOffset=0\n"                  \
	"[Node a]\n[Node b]\n"
#define TWO_FILES                                                                                  \
	"[Device]\nDescription=./t.device\nBackend=sim\nFront=file\nMount=/run/cuio-unit-test\n"   \
	"[Node a]\nName=lab/left/a\n[Node b]\nName=lab/b\n"

START_TEST(names_with_slashes_are_folders)
{
	struct fuse_entry_out entry;
	char names[256];

	kernel = kernel_new_as(&mailbox, TWO_NODES, TWO_FILES, 2);
	for (uint32_t size = 40; size < 200; size += 80) {
		list(1, size, names);
		ck_assert_str_eq(names, "./ ../ lab/ ");
		ck_assert_int_eq(look_up(1, "lab", &entry), 0);
		list(entry.nodeid, size, names);
		ck_assert_str_eq(names, "./ ../ b left/ ");
		ck_assert_int_eq(look_up(entry.nodeid, "left", &entry), 0);
		list(entry.nodeid, size, names);
		ck_assert_str_eq(names, "./ ../ a ");
	}
	ck_assert_int_eq(look_up(entry.nodeid, "a", &entry), 0);
	ck_assert_uint_eq(entry.nodeid, 2);
}
END_TEST

/* Which of the card's nodes cuio itself says that a file is. */
static uint32_t node_of(uint64_t inode)
{
	struct cuio_info info;
	uint64_t control, unique;
	uint8_t *data;

	kernel->inode = inode;
	control = kernel_open(kernel, O_ACCMODE);
	unique = kernel_send_ioctl(kernel, control, CUIO_IOCTL_INFO, NULL, 0, sizeof(info));
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&info, data, sizeof(info));
	ck_assert_int_eq(kernel_answer(kernel, kernel_send_release(kernel, control)), 0);
	return info.node;
}

START_TEST(all_files_share_a_channel_also_over_a_crash)
{
	uint64_t reads[2], files[2], write;

	kernel = kernel_new_as(&mailbox, TWO_NODES, TWO_FILES, 2);
	ck_assert_uint_eq(node_of(2), 0);
	ck_assert_uint_eq(node_of(3), 1);
	for (unsigned i = 0; i < 2; i++) {
		kernel->inode = 2 + i;
		files[i] = kernel_open(kernel, O_RDWR);
		reads[i] = kernel_send_read(kernel, files[i], 4, O_RDWR);
	}
	kernel_poll(kernel, files[1], 5, CUIO_READY_IN);
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	kernel_receive(kernel); /* the sleeper looks again */
	ck_assert_uint_eq(kernel->header.unique, 0);
	for (unsigned i = 0; i < 2; i++) {
		uint32_t value = 7 + i;

		write = kernel_send_write(kernel, files[1 - i], &value, 4, O_RDWR);
		ck_assert_int_eq(kernel_answer(kernel, write), 0);
		ck_assert_int_eq(kernel_answer(kernel, reads[i]), 0);
		ck_assert_uint_eq(*(uint32_t *)(void *)kernel->payload, value);
	}
	ck_assert_uint_eq(node_of(3), 1);
}
END_TEST

/* --- positions ---------------------------------------------------------------------------------
 */

START_TEST(reads_and_writes_have_the_caller_s_position)
{
	uint32_t flags;
	uint64_t file;

	with(&seekable);
	file = open_file(O_RDWR, &flags);
	ck_assert_uint_eq(flags, FOPEN_DIRECT_IO | FOPEN_NOFLUSH);
	ck_assert_int_eq(kernel_answer(kernel, send_read_at(file, 10, 4, O_RDWR)), 0);
	ck_assert_mem_eq(kernel->payload, "\12\13\14\15", 4);
	ck_assert_int_eq(kernel_answer(kernel, send_read_at(file, 60, 100, O_RDWR)), 0);
	ck_assert_uint_eq(kernel->payload_size, 4);
	ck_assert_int_eq(kernel_answer(kernel, send_write_at(file, 20, O_RDWR)), 0);
	ck_assert_uint_eq(told(file).position, 20);
	ck_assert_uint_eq(told(file).has_position, 1);
}
END_TEST

START_TEST(a_position_is_no_later_piece)
{
	uint32_t flags;
	uint64_t file, read;

	with(&seekable);
	file = open_file(O_RDWR, &flags);
	ck_assert_int_eq(kernel_answer(kernel, send_read_at(file, 63, 1, O_RDWR | O_NONBLOCK)),
			 -EAGAIN);
	read = send_read_at(file, 63, 1, O_RDWR);
	kernel_await_sleep(kernel->daemon);
	ck_assert(!kernel_has_answer(kernel, 0)); /* it waits: 0 would be the end of the file */
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	kernel_send_interrupt(kernel, read);
	ck_assert_int_eq(kernel_answer(kernel, read), -EINTR);
}
END_TEST

START_TEST(a_stream_has_no_positions)
{
	uint32_t flags;
	uint64_t file;

	with(&stream);
	file = open_file(O_RDWR, &flags);
	ck_assert_uint_eq(flags, FOPEN_DIRECT_IO | FOPEN_NOFLUSH | FOPEN_STREAM);
	ck_assert_int_eq(kernel_answer(kernel, send_write_at(file, 131072, O_RDWR)), 0);
	ck_assert_uint_eq(told(file).has_position, 0);
	ck_assert_uint_eq(told(file).offset, 131072);
	/* Where a file ends to which somebody has written means nothing here. */
	ck_assert_int_eq(kernel_answer(kernel, send_write_at(file, 9, O_RDWR | O_APPEND)), 0);
	ck_assert_uint_eq(told(file).offset, 0);
}
END_TEST

/* --- ioctls ------------------------------------------------------------------------------------
 */

START_TEST(an_ioctl_whose_number_says_no_size_is_not_for_files)
{
	uint32_t flags;
	uint64_t file;
	uint8_t *data;

	with(&stream);
	file = open_file(O_RDWR, &flags);
	ck_assert_int_eq(
		kernel_ioctl_answer(
			kernel, kernel_send_ioctl(kernel, file, TERMINAL_GET, NULL, 0, 0), &data),
		-ENOTTY);
	told(file); /* its number says the size */
	ck_assert_uint_eq(node_of(KERNEL_FILE), 0);
}
END_TEST

/* --- what lies in saved memory -----------------------------------------------------------------
 */

static bool possible(uint32_t opcode, const char *body, size_t size, uint32_t length)
{
	struct {
		struct fuse_in_header header;
		char body[256];
	} message = { .header = { .opcode = opcode, .len = length } };

	memcpy(message.body, body, size);
	return message_is_possible(&message, (uint32_t)(sizeof(message.header) + size));
}

START_TEST(names_must_end_within_their_request)
{
	const uint32_t header = sizeof(struct fuse_in_header);

	ck_assert(possible(FUSE_LOOKUP, "edu", 4, header + 4));
	ck_assert(!possible(FUSE_LOOKUP, "edu", 3, header + 3));
	ck_assert(!possible(FUSE_LOOKUP, "edu", 4, header + 3));
	ck_assert(possible(FUSE_RENAME, "12345678a\0b", 12, header + 12));
	ck_assert(!possible(FUSE_RENAME, "12345678a\0b", 11, header + 11));
	ck_assert(!possible(FUSE_RENAME, "1234", 4, header + 4));
	ck_assert(!possible(FUSE_GETATTR, "1234", 4, header + 4));
	ck_assert(possible(FUSE_STATFS, "", 0, header));
	ck_assert(possible(FUSE_LSEEK, "", 0, header)); /* libfuse refuses it by its header */
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("front: files");
	TCase *served = tcase_create("served"), *bytes = tcase_create("bytes");

	tcase_add_checked_fixture(served, NULL, teardown);
	tcase_set_timeout(served, 60);
	tcase_add_test(served, a_request_fits_the_landing_place_and_nothing_is_on_by_itself);
	tcase_add_test(served, a_file_is_found_by_its_name);
	tcase_add_test(served, a_stream_is_empty);
	tcase_add_test(served, to_truncate_it_changes_nothing_and_to_change_its_mode_is_refused);
	tcase_add_test(served, files_are_neither_made_nor_removed);
	tcase_add_test(served, names_with_slashes_are_folders);
	tcase_add_test(served, all_files_share_a_channel_also_over_a_crash);
	tcase_add_test(served, reads_and_writes_have_the_caller_s_position);
	tcase_add_test(served, a_position_is_no_later_piece);
	tcase_add_test(served, a_stream_has_no_positions);
	tcase_add_test(served, an_ioctl_whose_number_says_no_size_is_not_for_files);
	suite_add_tcase(suite, served);
	tcase_add_test(bytes, names_must_end_within_their_request);
	suite_add_tcase(suite, bytes);
	return suite_run(suite);
}
