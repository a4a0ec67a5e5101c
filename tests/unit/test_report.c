/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/names.h"
#include "base/report.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

START_TEST(findings_are_lines_with_their_place)
{
	struct report report = { 0 };

	ck_assert_int_eq(report_add(&report, "a.conf", 3, "bad %s", "key"), -EINVAL);
	report_add(&report, "a.conf", 0, "missing");
	report_add(&report, NULL, 7, "no card");
	ck_assert_str_eq(report.text, "a.conf:3: bad key\na.conf: missing\nno card\n");
	ck_assert_uint_eq(report.count, 3);
	report_done(&report);
	ck_assert_ptr_null(report.text);
}
END_TEST

START_TEST(a_finding_is_one_line_whatever_is_in_it)
{
	struct report report = { 0 };

	report_add(&report, "f", 1, "%s", "a\nb\x1b[31m");
	ck_assert_str_eq(report.text, "f:1: a b [31m\n");
	report_done(&report);
}
END_TEST

START_TEST(after_fifty_findings_they_are_only_counted)
{
	struct report report = { 0 };
	size_t length;

	for (int i = 0; i < 50; i++)
		report_add(&report, "f", 1, "x");
	length = strlen(report.text);
	ck_assert(!report_is_full(&report));
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(report_add(&report, "f", 1, "x"), -EINVAL);
	ck_assert_str_eq(report.text + length,
			 "there are more: mend the first 50, then check again\n");
	ck_assert_uint_eq(report.count, 52);
	ck_assert(report_is_full(&report));
	report_done(&report);
}
END_TEST

START_TEST(hints_name_the_near_miss_or_all)
{
	const char *list[] = { "Offset", "Width", "Access" };
	struct names names = { .list = list, .count = 3 };
	char hint[NAMES_HINT_SIZE];

	ck_assert_str_eq(names_hint(&names, "Ofset", hint), "did you mean Offset?");
	ck_assert_str_eq(names_hint(&names, "offset", hint), "did you mean Offset?");
	ck_assert_str_eq(names_hint(&names, "Colour", hint), "there are Offset, Width, Access");
	names.count = 1;
	ck_assert_str_eq(names_hint(&names, "Colour", hint), "there is Offset");
	names.count = 0;
	ck_assert_str_eq(names_hint(&names, "x", hint), "there are none");
}
END_TEST

START_TEST(hints_stay_within_their_buffer)
{
	const char *list[100];
	struct names names = { .list = list, .count = 100 };
	char hint[NAMES_HINT_SIZE];

	for (int i = 0; i < 100; i++)
		list[i] = "a_register_with_a_long_name";
	names_hint(&names, "zzz", hint);
	ck_assert_uint_lt(strlen(hint), NAMES_HINT_SIZE);
	ck_assert_ptr_nonnull(strstr(hint, "..."));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report");
	TCase *tc = tcase_create("report");

	tcase_add_test(tc, findings_are_lines_with_their_place);
	tcase_add_test(tc, a_finding_is_one_line_whatever_is_in_it);
	tcase_add_test(tc, after_fifty_findings_they_are_only_counted);
	tcase_add_test(tc, hints_name_the_near_miss_or_all);
	tcase_add_test(tc, hints_stay_within_their_buffer);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
