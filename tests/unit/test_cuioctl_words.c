// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of cuioctl's command line: numbers, names of registers, options, suggestions. */
#include "number.h"
#include "options.h"
#include "suggest.h"
#include "target.h"
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t parsed(const char *text, unsigned bits, enum number_sign sign)
{
	uint64_t value = 0xdead;

	ck_assert_msg(number_parse(text, bits, sign, &value) == 0, "%s", text);
	return value;
}

static int wrong(const char *text, unsigned bits, enum number_sign sign)
{
	uint64_t value = 0xdead;
	int r = number_parse(text, bits, sign, &value);

	ck_assert_uint_eq(value, 0xdead);
	return r;
}

START_TEST(numbers_have_four_bases)
{
	ck_assert_uint_eq(parsed("42", 32, NUMBER_UNSIGNED), 42);
	ck_assert_uint_eq(parsed("0x2A", 32, NUMBER_UNSIGNED), 42);
	ck_assert_uint_eq(parsed("052", 32, NUMBER_UNSIGNED), 42);
	ck_assert_uint_eq(parsed("0b101010", 32, NUMBER_UNSIGNED), 42);
	ck_assert_uint_eq(parsed("0", 32, NUMBER_UNSIGNED), 0);
	ck_assert_uint_eq(parsed("00", 32, NUMBER_UNSIGNED), 0);
}
END_TEST

START_TEST(garbage_is_no_number)
{
	const char *const texts[] = { "",    "x",   "0x",  "0b", "12 ", " 12", "1_0", "08",
				      "0b2", "0xg", "--1", "+1", "-",	"1e3", "1.0", "0x-1" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ck_assert_msg(wrong(texts[i], 64, NUMBER_EITHER) == -EINVAL, "'%s'", texts[i]);
}
END_TEST

START_TEST(what_does_not_fit_is_refused)
{
	ck_assert_uint_eq(parsed("255", 8, NUMBER_UNSIGNED), 255);
	ck_assert_int_eq(wrong("256", 8, NUMBER_UNSIGNED), -ERANGE);
	ck_assert_int_eq(wrong("-1", 8, NUMBER_UNSIGNED), -ERANGE);
	ck_assert_int_eq(wrong("2", 1, NUMBER_UNSIGNED), -ERANGE);
	ck_assert_int_eq(wrong("1", 0, NUMBER_UNSIGNED), -ERANGE);
	ck_assert_uint_eq(parsed("0xffffffffffffffff", 64, NUMBER_UNSIGNED), UINT64_MAX);
	ck_assert_int_eq(wrong("0x10000000000000000", 64, NUMBER_UNSIGNED), -ERANGE);
	ck_assert_int_eq(wrong("99999999999999999999999", 64, NUMBER_UNSIGNED), -ERANGE);
}
END_TEST

START_TEST(signed_numbers_are_twos_complement)
{
	ck_assert_uint_eq(parsed("-1", 8, NUMBER_SIGNED), 0xff);
	ck_assert_uint_eq(parsed("-128", 8, NUMBER_SIGNED), 0x80);
	ck_assert_uint_eq(parsed("-0", 8, NUMBER_UNSIGNED), 0);
	ck_assert_int_eq(wrong("-129", 8, NUMBER_SIGNED), -ERANGE);
	ck_assert_int_eq(wrong("128", 8, NUMBER_SIGNED), -ERANGE);
	ck_assert_uint_eq(parsed("128", 8, NUMBER_EITHER), 0x80);
	ck_assert_uint_eq(parsed("-9223372036854775808", 64, NUMBER_SIGNED), 1ULL << 63);
	ck_assert_int_eq(wrong("-9223372036854775809", 64, NUMBER_SIGNED), -ERANGE);
}
END_TEST

START_TEST(numbers_are_shown_at_their_width)
{
	char text[NUMBER_TEXT_SIZE];

	ck_assert_str_eq(number_hex(text, 42, 32), "0x0000002a");
	ck_assert_str_eq(number_hex(text, 1, 1), "0x1");
	ck_assert_str_eq(number_hex(text, 42, 9), "0x02a");
	ck_assert_str_eq(number_decimal(text, 0xff, 8, 1), "-1");
	ck_assert_str_eq(number_decimal(text, 0xff, 8, 0), "255");
	ck_assert_str_eq(number_decimal(text, UINT64_MAX, 64, 1), "-1");
}
END_TEST

START_TEST(seconds_may_have_a_fraction)
{
	uint64_t ns = 7;

	ck_assert_int_eq(number_seconds("5", &ns), 0);
	ck_assert_uint_eq(ns, 5000000000ULL);
	ck_assert_int_eq(number_seconds("0.25", &ns), 0);
	ck_assert_uint_eq(ns, 250000000ULL);
	ck_assert_int_eq(number_seconds("0", &ns), -ERANGE);
	ck_assert_int_eq(number_seconds("99999999999999999999", &ns), -ERANGE);
	ck_assert_int_eq(number_seconds("1.", &ns), -EINVAL);
	ck_assert_int_eq(number_seconds("1s", &ns), -EINVAL);
	ck_assert_int_eq(number_seconds("-1", &ns), -EINVAL);
	ck_assert_int_eq(number_seconds("", &ns), -EINVAL);
	ck_assert_uint_eq(ns, 250000000ULL);
}
END_TEST

static int target(const char *text, struct target_name *name)
{
	return target_parse(text, strlen(text), name);
}

START_TEST(times_have_a_unit)
{
	const char *const wrong_times[] = {
		"", "10", "ms", "10 ms", "1.5s", "10ns", "-1ms", "1msx"
	};
	char text[NUMBER_TEXT_SIZE];
	uint64_t time = 7;

	for (size_t i = 0; i < sizeof(wrong_times) / sizeof(*wrong_times); i++)
		ck_assert_int_eq(number_microseconds(wrong_times[i], &time), -EINVAL);
	ck_assert_int_eq(number_microseconds("18446744073709551616us", &time), -ERANGE);
	ck_assert_int_eq(number_microseconds("18446744073709551615ms", &time), -ERANGE);
	ck_assert_uint_eq(time, 7);
	ck_assert_int_eq(number_microseconds("18446744073709551615us", &time), 0);
	ck_assert_uint_eq(time, UINT64_MAX);
	ck_assert_int_eq(number_microseconds("010ms", &time), 0);
	ck_assert_uint_eq(time, 10000);
	ck_assert_int_eq(number_microseconds("2s", &time), 0);
	ck_assert_str_eq(number_time(text, time), "2 s");
	ck_assert_str_eq(number_time(text, 10000), "10 ms");
	ck_assert_str_eq(number_time(text, 10001), "10001 us");
	ck_assert_str_eq(number_time(text, 1), "1 us");
}
END_TEST

START_TEST(a_register_is_named_with_index_and_field)
{
	struct target_name name;

	ck_assert_int_eq(target("status", &name), 0);
	ck_assert_str_eq(name.name, "status");
	ck_assert(!name.indexed && !name.part[0]);
	ck_assert_int_eq(target("csr[0x10].busy", &name), 0);
	ck_assert_str_eq(name.name, "csr");
	ck_assert(name.indexed);
	ck_assert_uint_eq(name.index, 16);
	ck_assert_str_eq(name.part, "busy");
}
END_TEST

START_TEST(other_forms_of_names_are_refused)
{
	const char *const texts[] = { "",     ".f",  "[1]",   "a.",    "a[",	 "a[]",
				      "a[x]", "a[1", "a[1]b", "a.b.c", "a.b[1]", "a[1][2]" };
	struct target_name name;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ck_assert_msg(target(texts[i], &name) == -EINVAL, "'%s'", texts[i]);
	ck_assert_int_eq(target("a[-1]", &name), -ERANGE);
	ck_assert_int_eq(target("a[4294967296]", &name), -ERANGE);
}
END_TEST

START_TEST(a_name_too_long_for_the_kernel_side_is_refused)
{
	char text[CUIO_NAME_SIZE + 1];
	struct target_name name;

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	ck_assert_int_eq(target(text, &name), -EINVAL);
}
END_TEST

static char **words(const char *line)
{
	static char *list[16], copy[256];
	size_t n = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		list[n++] = word;
	return list;
}

START_TEST(options_may_stand_anywhere)
{
	char **list = words("edu --json reg --timeout 2 -5");
	struct options options = { 0 };
	size_t n = 0;

	ck_assert_int_eq(
		options_take("verb", list, 6, VERB_JSON | VERB_TIMEOUT, false, &options, &n), 0);
	ck_assert_uint_eq(n, 3);
	ck_assert_str_eq(list[0], "edu");
	ck_assert_str_eq(list[1], "reg");
	ck_assert_str_eq(list[2], "-5");
	ck_assert_uint_eq(options.given, VERB_JSON | VERB_TIMEOUT);
	ck_assert_uint_eq(options.timeout, 2000000000ULL);
}
END_TEST

START_TEST(two_dashes_end_the_options)
{
	char **list = words("--json -- --json");
	struct options options = { 0 };
	size_t n = 0;

	ck_assert_int_eq(options_take("verb", list, 3, VERB_JSON, false, &options, &n), 0);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(list[0], "--json");
}
END_TEST

START_TEST(global_options_end_at_the_verb)
{
	char **list = words("--json get --value");
	struct options options = { 0 };
	size_t n = 0;

	ck_assert_int_eq(options_take("cuioctl", list, 3, VERB_JSON, true, &options, &n), 0);
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(list[1], "--value");
}
END_TEST

START_TEST(foreign_options_are_refused)
{
	const char *const lines[] = {
		"--all", "--json=1", "--jso", "-j", "--timeout", "--timeout=x"
	};
	struct options options = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		ck_assert_msg(options_take("verb", words(lines[i]), 1, VERB_JSON | VERB_TIMEOUT,
					   false, &options, &n) == 2,
			      "%s", lines[i]);
}
END_TEST

START_TEST(the_nearest_name_is_suggested_first)
{
	const char names[][16] = { "ident", "status", "irq_status", "dma" };
	char text[SUGGEST_SIZE];

	suggest(text, "statsu", names[0], sizeof(names[0]), 4);
	ck_assert_msg(!strncmp(text, "status, ", 8), "%s", text);
	suggest(text, "IRQ", names[0], sizeof(names[0]), 4);
	ck_assert_msg(!strncmp(text, "irq_status, ", 12), "%s", text);
	ck_assert(strstr(text, "dma") && strstr(text, "ident"));
	ck_assert_str_eq(suggest(text, "x", names[0], sizeof(names[0]), 0), "none");
}
END_TEST

START_TEST(a_long_list_is_cut)
{
	char names[40][CUIO_NAME_SIZE], text[SUGGEST_SIZE];

	for (int i = 0; i < 40; i++)
		snprintf(names[i], sizeof(names[i]), "register_%d", i);
	suggest(text, "register_39", names[0], sizeof(names[0]), 40);
	ck_assert(!strncmp(text, "register_39, ", 13));
	ck_assert(strstr(text, "... (28 more)"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cuioctl_words");
	TCase *cases = tcase_create("words");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(cases, numbers_have_four_bases);
	tcase_add_test(cases, garbage_is_no_number);
	tcase_add_test(cases, what_does_not_fit_is_refused);
	tcase_add_test(cases, signed_numbers_are_twos_complement);
	tcase_add_test(cases, numbers_are_shown_at_their_width);
	tcase_add_test(cases, seconds_may_have_a_fraction);
	tcase_add_test(cases, times_have_a_unit);
	tcase_add_test(cases, a_register_is_named_with_index_and_field);
	tcase_add_test(cases, other_forms_of_names_are_refused);
	tcase_add_test(cases, a_name_too_long_for_the_kernel_side_is_refused);
	tcase_add_test(cases, options_may_stand_anywhere);
	tcase_add_test(cases, two_dashes_end_the_options);
	tcase_add_test(cases, global_options_end_at_the_verb);
	tcase_add_test(cases, foreign_options_are_refused);
	tcase_add_test(cases, the_nearest_name_is_suggested_first);
	tcase_add_test(cases, a_long_list_is_cut);
	suite_add_tcase(suite, cases);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
