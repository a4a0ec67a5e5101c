// SPDX-License-Identifier: GPL-2.0-or-later
// Configuration space as a window, with a plain file in place of sysfs's.
#include "hardware/backend.h"
#include "suite.h"
#include <check.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SPACE 0x100U

static int file;
static struct window window;

static void setup(void)
{
	file = memfd_create("config", MFD_CLOEXEC);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(ftruncate(file, SPACE), 0);
	window = (struct window){
		.ops = &config_window_ops,
		.type = WINDOW_CONFIG,
		.size = SPACE,
		.context = &file,
	};
}

static void teardown(void)
{
	close(file);
}

START_TEST(a_write_is_of_its_width_and_little_endian)
{
	uint8_t bytes[8];

	window_write(&window, 0x60, 4, 0x11223344);
	window_write(&window, 0x64, 2, 0x5566);
	window_write(&window, 0x66, 1, 0x77);
	ck_assert_int_eq(pread(file, bytes, 8, 0x60), 8);
	ck_assert_mem_eq(bytes, "\x44\x33\x22\x11\x66\x55\x77\0", 8);
	ck_assert_uint_eq(window_read(&window, 0x60, 4), 0x11223344);
	ck_assert_uint_eq(window_read(&window, 0x62, 2), 0x1122);
	ck_assert_uint_eq(window_read(&window, 0x63, 1), 0x11);
}
END_TEST

START_TEST(the_header_is_read_never_written)
{
	ck_assert_int_eq(pwrite(file, "\x86\x80\xab\x25", 4, 0), 4);
	ck_assert_uint_eq(window_read(&window, 0, 4), 0x25ab8086);
	for (uint64_t offset = 0; offset < WINDOW_CONFIG_HEADER; offset += 4)
		window_write(&window, offset, 4, 0xffffffff);
	ck_assert_uint_eq(window_read(&window, 0, 4), 0x25ab8086);
	for (uint64_t offset = 4; offset < WINDOW_CONFIG_HEADER; offset += 4)
		ck_assert_uint_eq(window_read(&window, offset, 4), 0);
	window_write(&window, WINDOW_CONFIG_HEADER, 1, 1);
	ck_assert_uint_eq(window_read(&window, WINDOW_CONFIG_HEADER, 1), 1);
}
END_TEST

/* Whoever has not opened it as root sees the header alone; of a card that has gone, nothing. */
START_TEST(what_is_not_shown_is_all_ones)
{
	ck_assert_int_eq(ftruncate(file, 0x40), 0);
	ck_assert_uint_eq(window_read(&window, 0x60, 2), 0xffff);
	close(file);
	file = -1;
	ck_assert_uint_eq(window_read(&window, 0, 1), 0xff);
	window_write(&window, 0x60, 1, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config");
	TCase *tcase = tcase_create("config");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_write_is_of_its_width_and_little_endian);
	tcase_add_test(tcase, the_header_is_read_never_written);
	tcase_add_test(tcase, what_is_not_shown_is_all_ones);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
