// SPDX-License-Identifier: GPL-2.0-or-later
// The names of calling programs in log lines.
#include "front/caller.h"
#include "suite.h"
#include <limits.h>
#include <sys/prctl.h>
#include <unistd.h>

static char name[CALLER_NAME_SIZE];

static const char *called(const char *as)
{
	ck_assert_int_eq(prctl(PR_SET_NAME, as), 0);
	caller_name((uint32_t)gettid(), name);
	return name;
}

START_TEST(a_caller_is_named)
{
	ck_assert_str_eq(called("edu-tool"), "edu-tool");
	ck_assert_str_eq(called("two words"), "two words");
	ck_assert_str_eq(called("as long as it ca"), "as long as it c");
}
END_TEST

START_TEST(a_name_is_one_line_whatever_is_in_it)
{
	ck_assert_str_eq(called("a\nb"), "a?b");
	ck_assert_str_eq(called("\033[2J\177\344"), "?[2J??");
}
END_TEST

START_TEST(who_has_gone_or_has_no_name_is_a_question_mark)
{
	ck_assert_str_eq(called(""), "?");
	caller_name(INT_MAX, name);
	ck_assert_str_eq(name, "?");
	caller_name(0, name); /* of another PID name space */
	ck_assert_str_eq(name, "?");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("caller");
	TCase *tc = tcase_create("caller");

	tcase_add_test(tc, a_caller_is_named);
	tcase_add_test(tc, a_name_is_one_line_whatever_is_in_it);
	tcase_add_test(tc, who_has_gone_or_has_no_name_is_a_question_mark);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
