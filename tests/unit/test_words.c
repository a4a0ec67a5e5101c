// SPDX-License-Identifier: GPL-2.0-or-later
/* What the daemon and cuioctl read alike: numbers, times, characters, names, mounts. */
#include "base/digits.h"
#include "base/mounts.h"
#include "base/names.h"
#include "base/time_unit.h"
#include "base/utf8.h"
#include "suite.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void ck_take(const char *text, uint64_t expected, const char *rest)
{
	const char *at = text;
	uint64_t value = 0xdead;

	ck_assert_msg(digits_take(&at, &value) == 0, "'%s'", text);
	ck_assert_msg(value == expected, "'%s' is %llu", text, (unsigned long long)value);
	ck_assert_str_eq(at, rest);
}

START_TEST(a_number_ends_at_what_is_no_digit_of_its_base)
{
	ck_take("42ms", 42, "ms");
	ck_take("0x2Ag", 42, "g");
	ck_take("0b102", 2, "2");
	ck_take("0778", 077, "8");
	ck_take("0", 0, "");
	ck_take("0x", 0, "x");
	ck_take("0b", 0, "b");
	ck_take("09", 0, "9");
	ck_take("0xffffffffffffffff]", UINT64_MAX, "]");
}
END_TEST

START_TEST(what_is_no_number_leaves_the_result)
{
	static const char *const texts[] = { "", "-1", "+1", " 1", "x", "1 ", "0x", "08", "1_0" };
	const char *large = "18446744073709551616, 1", *at = large;
	uint64_t value = 7;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ck_assert_msg(digits_parse(texts[i], &value) == -EINVAL, "'%s'", texts[i]);
	ck_assert_int_eq(digits_parse("18446744073709551616", &value), -ERANGE);
	ck_assert_int_eq(digits_parse("18446744073709551616x", &value), -EINVAL);
	ck_assert_int_eq(digits_take(&at, &value), -ERANGE);
	ck_assert_str_eq(at, ", 1");
	ck_assert_uint_eq(value, 7);
}
END_TEST

START_TEST(a_decimal_number_knows_no_other_base)
{
	const char *at = "010:3", *large = "64";
	uint64_t value = 7;

	ck_assert_int_eq(digits_take_decimal(&at, 63, &value), 0);
	ck_assert_uint_eq(value, 10);
	ck_assert_str_eq(at, ":3");
	ck_assert_int_eq(digits_take_decimal(&large, 63, &value), -ERANGE);
	ck_assert_uint_eq(value, 10);
}
END_TEST

START_TEST(a_unit_of_time_is_its_whole_name)
{
	ck_assert_uint_eq(time_unit_find("ms", 2)->ns, 1000000);
	ck_assert_uint_eq(time_unit_find("sx", 1)->ns, 1000000000);
	ck_assert_ptr_null(time_unit_find("ms", 1));
	ck_assert_ptr_null(time_unit_find("", 0));
}
END_TEST

START_TEST(utf8_is_as_its_rfc_has_it)
{
	static const char *const good[] = { "a",
					    "\x7f",
					    "\xc2\x80",
					    "\xe0\xa0\x80",
					    "\xed\x9f\xbf",
					    "\xef\xbf\xbf",
					    "\xf0\x90\x80\x80",
					    "\xf4\x8f\xbf\xbf" };
	static const char *const wrong[] = { "\x80",
					     "\xc1\xbf",
					     "\xc2",
					     "\xc2x",
					     "\xe0\x9f\xbf",
					     "\xe2\x82",
					     "\xed\xa0\x80",
					     "\xf0\x8f\xbf\xbf",
					     "\xf4\x90\x80\x80",
					     "\xf5\x80\x80\x80" };

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ck_assert_uint_eq(utf8_length(good[i], strlen(good[i])), strlen(good[i]));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_msg(utf8_length(wrong[i], strlen(wrong[i])) == 0, "%zu", i);
	ck_assert_uint_eq(utf8_length("", 0), 0);
	ck_assert_uint_eq(utf8_length("\xc2\x80", 1), 0);
}
END_TEST

START_TEST(what_a_terminal_shows_moves_no_cursor)
{
	char text[] = "a\x1b[1m\n\x7f"
		      "b\xc2\x9b"
		      "1m\x9b\xe2\x82 \xc3\xa9\xc2\xa0";

	utf8_clean(text);
	ck_assert_str_eq(text, "a?[1m??b??1m??? \xc3\xa9\xc2\xa0");
}
END_TEST

START_TEST(names_are_as_far_apart_as_edits_between_them)
{
	char a[128], b[128];

	ck_assert_uint_eq(names_distance("status", "status"), 0);
	ck_assert_uint_eq(names_distance("Status", "sTATUS"), 0);
	ck_assert_uint_eq(names_distance("status", "statsu"), 2);
	ck_assert_uint_eq(names_distance("", "four"), 4);
	ck_assert_uint_eq(names_distance("four", ""), 4);
	/* Long ones count with their beginning, and are not written past the end of a row. */
	memset(a, 'a', sizeof(a));
	memset(b, 'b', sizeof(b));
	a[127] = b[127] = 0;
	ck_assert_uint_eq(names_distance(a, b), NAMES_DISTANCE_MAX);
	ck_assert_uint_eq(names_distance(a, ""), NAMES_DISTANCE_MAX);
	ck_assert_uint_eq(names_distance(a, a + 10), 0);
}
END_TEST

START_TEST(a_mount_of_somebody_else_is_not_cuios)
{
	char *name = NULL, *path = NULL;
	struct stat proc;

	ck_assert_int_eq(mounts_owner("/proc", &name), -EBUSY);
	ck_assert_int_eq(mounts_owner("/proc/self", &name), -ENOENT);
	ck_assert_ptr_null(name);
	ck_assert_int_eq(stat("/proc", &proc), 0);
	ck_assert(!mounts_have(proc.st_dev));
	ck_assert_int_eq(mounts_resolve("/proc/../dev/./x", &path), 0);
	ck_assert_str_eq(path, "/dev/x");
	free(path);
	ck_assert_int_eq(mounts_resolve("/nowhere/at/all", &path), -ENOENT);
	ck_assert_int_eq(mounts_resolve("/dev/", &path), -EINVAL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("words");
	TCase *cases = tcase_create("words");

	tcase_add_test(cases, a_number_ends_at_what_is_no_digit_of_its_base);
	tcase_add_test(cases, what_is_no_number_leaves_the_result);
	tcase_add_test(cases, a_decimal_number_knows_no_other_base);
	tcase_add_test(cases, a_unit_of_time_is_its_whole_name);
	tcase_add_test(cases, utf8_is_as_its_rfc_has_it);
	tcase_add_test(cases, what_a_terminal_shows_moves_no_cursor);
	tcase_add_test(cases, names_are_as_far_apart_as_edits_between_them);
	tcase_add_test(cases, a_mount_of_somebody_else_is_not_cuios);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
