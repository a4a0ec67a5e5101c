// SPDX-License-Identifier: GPL-2.0-or-later
// The ivshmem driver on simulated memory of 64 MiB: positions, ends, ioctls and their callers.
#include "card.h"
#include "suite.h"
#include <cuio/ivshmem.h>
#include <errno.h>

#define SIZE  0x4000000U
#define PIECE CUIO_TRANSFER_MAX

static const char text[] = "[Device]\nDescription=test\nDriver=ivshmem\n"
			   "[Window memory]\nBar=2\nSize=0x4000000\nWriteCombine=yes\n";

static struct cuio_test *card;
static ssize_t file;

static void setup(void)
{
	card = card_new(text, NULL);
	file = card_open(card, O_RDWR);
	ck_assert_int_ge(file, 0);
}

static void teardown(void)
{
	card_free(card);
}

/* The hardware's own. */
static uint8_t *memory(void)
{
	return hardware_window(card->hardware, "memory")->memory;
}

/* No two pieces are the same, nor is one shifted against another. */
static void fill(uint8_t *bytes, size_t size, uint32_t seed)
{
	for (size_t i = 0; i < size; i++) {
		seed = seed * 1664525U + 1013904223U;
		bytes[i] = (uint8_t)(seed >> 24);
	}
}

static int seek(ssize_t which, int64_t offset, unsigned whence, int64_t *ret_position)
{
	struct ivshmem_seek argument = { .offset = offset, .whence = whence };
	ssize_t r = card_ioctl(card, which, IVSHMEM_SEEK, &argument);

	*ret_position = argument.offset;
	return (int)r;
}

static int64_t position(ssize_t which)
{
	int64_t at;

	ck_assert_int_eq(seek(which, 0, SEEK_CUR, &at), 0);
	return at;
}

static void go_to(ssize_t which, int64_t where)
{
	int64_t at;

	ck_assert_int_eq(seek(which, where, SEEK_SET, &at), 0);
	ck_assert_int_eq(at, where);
}

static ssize_t transfer(ssize_t which, uint32_t command, uint64_t at, void *buffer, uint32_t size)
{
	struct ivshmem_transfer argument = { .position = at,
					     .buffer = (uintptr_t)buffer,
					     .size = size };

	return card_ioctl(card, which, command, &argument);
}

/* --- read and write -----------------------------------------------------------------------------
 */

START_TEST(the_description_that_is_installed_is_good)
{
	struct cuio_test *other = card_new("daemon/driver/devices/ivshmem.device", NULL);
	uint64_t size = 0;

	ck_assert_int_eq(card_ioctl(other, card_open(other, O_RDONLY), IVSHMEM_SIZE, &size), 0);
	ck_assert_uint_eq(size, 0x100000);
	card_free(other);
}
END_TEST

START_TEST(all_of_the_memory_is_written_and_read_in_pieces)
{
	uint8_t *wanted = malloc(SIZE), *got = malloc(SIZE);
	ssize_t reader = card_open(card, O_RDONLY);

	fill(wanted, SIZE, 1);
	for (size_t at = 0; at < SIZE; at += PIECE) {
		ck_assert_int_eq(card_write(card, file, wanted + at, PIECE), PIECE);
		ck_assert_int_eq(card_read(card, reader, got + at, PIECE), PIECE);
	}
	ck_assert(memcmp(memory(), wanted, SIZE) == 0);
	ck_assert(memcmp(got, wanted, SIZE) == 0);
	ck_assert_int_eq(position(file), SIZE);
	free(wanted);
	free(got);
}
END_TEST

START_TEST(an_odd_piece_goes_where_it_belongs_and_nowhere_else)
{
	uint8_t bytes[1000], got[1002];

	fill(bytes, sizeof(bytes), 2);
	go_to(file, 4095);
	ck_assert_int_eq(card_write(card, file, bytes, sizeof(bytes)), sizeof(bytes));
	go_to(file, 4094);
	ck_assert_int_eq(card_read(card, file, got, sizeof(got)), sizeof(got));
	ck_assert_uint_eq(got[0], 0);
	ck_assert_uint_eq(got[1001], 0);
	ck_assert_mem_eq(got + 1, bytes, sizeof(bytes));
	ck_assert_int_eq(position(file), 4094 + 1002);
}
END_TEST

START_TEST(a_read_ends_with_the_memory)
{
	uint8_t got[8];

	memcpy(memory() + SIZE - 3, "end", 3);
	go_to(file, SIZE - 3);
	ck_assert_int_eq(card_read(card, file, got, sizeof(got)), 3);
	ck_assert_mem_eq(got, "end", 3);
	ck_assert_int_eq(card_read(card, file, got, sizeof(got)), 0);
	ck_assert_int_eq(position(file), SIZE);
}
END_TEST

START_TEST(a_write_ends_with_the_memory)
{
	go_to(file, SIZE - 3);
	ck_assert_int_eq(card_write(card, file, "12345", 5), 3);
	ck_assert_mem_eq(memory() + SIZE - 3, "123", 3);
	ck_assert_int_eq(card_write(card, file, "45", 2), -ENOSPC);
	ck_assert_int_eq(position(file), SIZE);
}
END_TEST

START_TEST(every_open_file_has_a_position)
{
	ssize_t other = card_open(card, O_RDWR | O_APPEND);

	ck_assert_int_eq(card_write(card, file, "abc", 3), 3);
	ck_assert_int_eq(position(other), 0);
	ck_assert_int_eq(card_write(card, other, "d", 1), 1);
	ck_assert_int_eq(position(file), 3);
	ck_assert_mem_eq(memory(), "dbc", 3);
	card_close(card, other);
	ck_assert_int_eq(position(card_open(card, O_RDONLY)), 0);
}
END_TEST

/* Front=file. */
START_TEST(calls_that_bring_a_position_have_their_own)
{
	char got[8];

	go_to(file, 100);
	ck_assert_int_eq(card_pwrite(card, file, "abc", 3, SIZE - 2), 2);
	ck_assert_int_eq(card_pwrite(card, file, "abc", 3, SIZE), -ENOSPC);
	ck_assert_int_eq(card_pwrite(card, file, "abc", 3, UINT64_MAX), -ENOSPC);
	ck_assert_int_eq(card_pread(card, file, got, 8, SIZE - 2), 2);
	ck_assert_mem_eq(got, "ab", 2);
	ck_assert_int_eq(card_pread(card, file, got, 8, UINT64_MAX), 0);
	ck_assert_int_eq(position(file), 100);
	ck_assert_uint_eq(card->driver->node_size(card->device, 0), SIZE);
}
END_TEST

START_TEST(a_node_is_always_ready)
{
	ck_assert_uint_eq(card_poll(card, file) & (CUIO_READY_IN | CUIO_READY_OUT),
			  CUIO_READY_IN | CUIO_READY_OUT);
	go_to(file, SIZE);
	ck_assert_uint_eq(card_poll(card, file) & (CUIO_READY_IN | CUIO_READY_OUT),
			  CUIO_READY_IN | CUIO_READY_OUT);
}
END_TEST

START_TEST(positions_outlive_the_process)
{
	ssize_t other = card_open(card, O_RDWR);

	go_to(file, 5);
	go_to(other, SIZE);
	card_crash(card);
	ck_assert_int_eq(card_write(card, file, "abc", 3), 3);
	ck_assert_mem_eq(memory() + 5, "abc", 3);
	ck_assert_int_eq(position(file), 8);
	ck_assert_int_eq(position(other), SIZE);
}
END_TEST

/* --- ioctls -------------------------------------------------------------------------------------
 */

START_TEST(size_is_that_of_the_memory)
{
	uint64_t size = 0;

	ck_assert_int_eq(card_ioctl(card, file, IVSHMEM_SIZE, &size), 0);
	ck_assert_uint_eq(size, SIZE);
	ck_assert_int_eq(card_ioctl(card, card_open(card, O_ACCMODE), IVSHMEM_SIZE, &size), 0);
}
END_TEST

START_TEST(seek_goes_by_start_position_and_end)
{
	int64_t at;

	ck_assert_int_eq(seek(file, 10, SEEK_SET, &at), 0);
	ck_assert_int_eq(at, 10);
	ck_assert_int_eq(seek(file, -3, SEEK_CUR, &at), 0);
	ck_assert_int_eq(at, 7);
	ck_assert_int_eq(seek(file, -16, SEEK_END, &at), 0);
	ck_assert_int_eq(at, SIZE - 16);
	ck_assert_int_eq(seek(file, 16, SEEK_CUR, &at), 0);
	ck_assert_int_eq(at, SIZE);
	ck_assert_int_eq(seek(file, -(int64_t)SIZE, SEEK_END, &at), 0);
	ck_assert_int_eq(at, 0);
}
END_TEST

START_TEST(seek_refuses_what_is_no_place)
{
	static const struct ivshmem_seek wrong[] = {
		{ .offset = -1, .whence = SEEK_SET },
		{ .offset = SIZE + 1LL, .whence = SEEK_SET },
		{ .offset = INT64_MIN, .whence = SEEK_SET },
		{ .offset = -101, .whence = SEEK_CUR },
		{ .offset = INT64_MAX, .whence = SEEK_CUR },
		{ .offset = 1, .whence = SEEK_END },
		{ .offset = INT64_MAX, .whence = SEEK_END },
		{ .offset = 0, .whence = 3 /* SEEK_DATA */ },
		{ .offset = 0, .whence = UINT32_MAX },
		{ .offset = 0, .whence = SEEK_SET, .reserved = 1 },
	};

	go_to(file, 100);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct ivshmem_seek argument = wrong[i];

		ck_assert_int_eq(card_ioctl(card, file, IVSHMEM_SEEK, &argument), -EINVAL);
		ck_assert_mem_eq(&argument, &wrong[i], sizeof(argument));
	}
	ck_assert_int_eq(position(file), 100);
}
END_TEST

START_TEST(transfers_leave_the_position_alone)
{
	uint8_t *bytes = malloc(IVSHMEM_TRANSFER_MAX), *got = calloc(1, IVSHMEM_TRANSFER_MAX);
	const uint32_t most = IVSHMEM_TRANSFER_MAX;

	fill(bytes, most, 3);
	go_to(file, 100);
	ck_assert_int_eq(transfer(file, IVSHMEM_WRITE, 12345, bytes, most), most);
	ck_assert(memcmp(memory() + 12345, bytes, most) == 0);
	ck_assert_uint_eq(card->rounds, 3);
	ck_assert_int_eq(transfer(file, IVSHMEM_READ, 12345, got, most), most);
	ck_assert(memcmp(got, bytes, most) == 0);
	ck_assert_int_eq(position(file), 100);
	free(bytes);
	free(got);
}
END_TEST

START_TEST(transfers_end_with_the_memory)
{
	char got[] = "----";

	ck_assert_int_eq(transfer(file, IVSHMEM_WRITE, SIZE - 2, (char[]){ "abc" }, 3), 2);
	ck_assert_int_eq(transfer(file, IVSHMEM_WRITE, SIZE, (char[]){ "abc" }, 3), -ENOSPC);
	ck_assert_int_eq(transfer(file, IVSHMEM_WRITE, UINT64_MAX, (char[]){ "abc" }, 3), -ENOSPC);
	ck_assert_int_eq(transfer(file, IVSHMEM_READ, SIZE - 2, got, 4), 2);
	ck_assert_mem_eq(got, "ab\0\0", 4);
	ck_assert_int_eq(transfer(file, IVSHMEM_READ, SIZE, got, 4), 0);
	ck_assert_int_eq(transfer(file, IVSHMEM_READ, UINT64_MAX - 1, got, 4), 0);
	ck_assert_int_eq(transfer(file, IVSHMEM_READ, 0, NULL, 0), 0);
	ck_assert_int_eq(transfer(file, IVSHMEM_WRITE, SIZE, NULL, 0), 0);
}
END_TEST

START_TEST(transfers_of_more_than_a_piece_are_refused)
{
	struct ivshmem_transfer argument = { .reserved = 1 };

	ck_assert_int_eq(transfer(file, IVSHMEM_READ, 0, NULL, IVSHMEM_TRANSFER_MAX + 1),
			 -EMSGSIZE);
	ck_assert_int_eq(transfer(file, IVSHMEM_WRITE, 0, NULL, UINT32_MAX), -EMSGSIZE);
	ck_assert_int_eq(card_ioctl(card, file, IVSHMEM_READ, &argument), -EINVAL);
	ck_assert_int_eq(card_ioctl(card, file, IVSHMEM_WRITE, &argument), -EINVAL);
}
END_TEST

START_TEST(transfers_need_the_files_mode)
{
	ssize_t reader = card_open(card, O_RDONLY), writer = card_open(card, O_WRONLY | O_NONBLOCK);
	ssize_t control = card_open(card, O_ACCMODE);
	char byte = 'x';

	ck_assert_int_eq(transfer(reader, IVSHMEM_WRITE, 0, &byte, 1), -EBADF);
	ck_assert_int_eq(transfer(control, IVSHMEM_WRITE, 0, &byte, 1), -EBADF);
	ck_assert_uint_eq(memory()[0], 0);
	ck_assert_int_eq(transfer(writer, IVSHMEM_WRITE, 0, &byte, 1), 1);
	ck_assert_uint_eq(memory()[0], 'x');
	ck_assert_int_eq(transfer(writer, IVSHMEM_READ, 0, &byte, 1), -EBADF);
	ck_assert_int_eq(transfer(control, IVSHMEM_READ, 0, &byte, 1), -EBADF);
	ck_assert_int_eq(transfer(reader, IVSHMEM_READ, 0, &byte, 1), 1);
}
END_TEST

/* A file in a FUSE mount: the kernel brings what the number says, and no more. */
START_TEST(transfers_without_their_bytes_are_refused)
{
	static const uint32_t numbers[] = { IVSHMEM_READ, IVSHMEM_WRITE };
	char byte = 'x';
	const struct ivshmem_transfer argument = { .buffer = (uintptr_t)&byte, .size = 1 };

	for (size_t i = 0; i < 2; i++) {
		struct request_record *record =
			card_request(card, REQUEST_IOCTL, (uint32_t)file, 0);

		record->command = numbers[i];
		record->in_size = sizeof(argument);
		ck_assert_int_eq(card_serve(card, &argument, NULL, 0), -EINVAL);
	}
	ck_assert_uint_eq(memory()[0], 0);
}
END_TEST

START_TEST(callers_of_32_bits_have_the_same_layouts)
{
	char got[4] = "";

	card->compat = true;
	go_to(file, 3);
	ck_assert_int_eq(transfer(file, IVSHMEM_WRITE, 0, (char[]){ "abc" }, 4), 4);
	ck_assert_int_eq(transfer(file, IVSHMEM_READ, 0, got, 4), 4);
	ck_assert_str_eq(got, "abc");
	ck_assert_int_eq(position(file), 3);
}
END_TEST

START_TEST(other_ioctls_are_not_this_ones)
{
	uint64_t value = 0;

	ck_assert_int_eq(card_ioctl(card, file, _IO(IVSHMEM_TYPE, 1), &value), -ENOTTY);
	ck_assert_int_eq(card_ioctl(card, file, 0x5401, &value), -ENOTTY);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ivshmem");
	TCase *bytes = tcase_create("bytes"), *ioctls = tcase_create("ioctls");

	tcase_set_timeout(bytes, 60);
	tcase_add_checked_fixture(bytes, setup, teardown);
	tcase_add_test(bytes, the_description_that_is_installed_is_good);
	tcase_add_test(bytes, all_of_the_memory_is_written_and_read_in_pieces);
	tcase_add_test(bytes, an_odd_piece_goes_where_it_belongs_and_nowhere_else);
	tcase_add_test(bytes, a_read_ends_with_the_memory);
	tcase_add_test(bytes, a_write_ends_with_the_memory);
	tcase_add_test(bytes, every_open_file_has_a_position);
	tcase_add_test(bytes, calls_that_bring_a_position_have_their_own);
	tcase_add_test(bytes, a_node_is_always_ready);
	tcase_add_test(bytes, positions_outlive_the_process);
	suite_add_tcase(suite, bytes);
	tcase_add_checked_fixture(ioctls, setup, teardown);
	tcase_add_test(ioctls, size_is_that_of_the_memory);
	tcase_add_test(ioctls, seek_goes_by_start_position_and_end);
	tcase_add_test(ioctls, seek_refuses_what_is_no_place);
	tcase_add_test(ioctls, transfers_leave_the_position_alone);
	tcase_add_test(ioctls, transfers_end_with_the_memory);
	tcase_add_test(ioctls, transfers_of_more_than_a_piece_are_refused);
	tcase_add_test(ioctls, transfers_need_the_files_mode);
	tcase_add_test(ioctls, transfers_without_their_bytes_are_refused);
	tcase_add_test(ioctls, callers_of_32_bits_have_the_same_layouts);
	tcase_add_test(ioctls, other_ioctls_are_not_this_ones);
	suite_add_tcase(suite, ioctls);
	return suite_run(suite);
}
