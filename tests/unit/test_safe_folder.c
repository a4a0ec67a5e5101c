// SPDX-License-Identifier: GPL-2.0-or-later
// Folders that root creates at a path, of which others may own a part. Other owners need root.
#include "base/safe_folder.h"
#include "suite.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOREIGN 1234U /* a user */

static char folder[64];
static struct report report;

static const char *at(const char *name)
{
	static char paths[4][128];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static void setup(void)
{
	strcpy(folder, "/tmp/cuio-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	umask(077);
}

static void teardown(void)
{
	char command[96];

	report_done(&report);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}

static void make_folder(const char *name, mode_t mode)
{
	ck_assert_int_eq(mkdir(at(name), mode), 0);
	ck_assert_int_eq(chmod(at(name), mode), 0);
}

static mode_t mode_of(const char *name)
{
	struct stat status;

	ck_assert_int_eq(lstat(at(name), &status), 0);
	return status.st_mode & 07777;
}

static bool exists(const char *name)
{
	return access(at(name), F_OK) == 0;
}

static void is_made(const char *name)
{
	ck_assert_msg(safe_folder_make(at(name), "f", &report) == 0, "%s", report.text);
	ck_assert(exists(name));
}

static void is_refused(const char *name, const char *because)
{
	ck_assert_int_eq(safe_folder_check(at(name), "f", &report), -EPERM);
	report_done(&report);
	ck_assert_int_eq(safe_folder_make(at(name), "f", &report), -EPERM);
	ck_assert_msg(strstr(report.text, because) != NULL, "%s", report.text);
	report_done(&report);
}

START_TEST(it_is_made_with_its_parents_for_all)
{
	is_made("one/two//three/");
	ck_assert_uint_eq(mode_of("one"), 0755);
	ck_assert_uint_eq(mode_of("one/two/three"), 0755);
	is_made("one/two/three");
	is_made("one/../one/two/./four");
	ck_assert_int_eq(safe_folder_check(at("one/two"), "f", &report), 0);
	ck_assert_int_eq(safe_folder_check(at("one/five/six"), "f", &report), 0);
	ck_assert(!exists("one/five"));
}
END_TEST

START_TEST(what_exists_keeps_its_mode)
{
	make_folder("mine", 0700);
	is_made("mine/sub");
	is_made("mine");
	ck_assert_uint_eq(mode_of("mine"), 0700);
}
END_TEST

START_TEST(own_links_are_followed_but_not_for_ever)
{
	make_folder("target", 0755);
	ck_assert_int_eq(symlink("target", at("relative")), 0);
	ck_assert_int_eq(symlink(at("target"), at("absolute")), 0);
	ck_assert_int_eq(symlink("loop", at("loop")), 0);
	is_made("relative/one");
	is_made("absolute/two");
	ck_assert(exists("target/one"));
	ck_assert(exists("target/two"));
	ck_assert_int_eq(safe_folder_make(at("loop/one"), "f", &report), -ELOOP);
}
END_TEST

START_TEST(a_file_is_no_folder)
{
	close(open(at("file"), O_CREAT | O_WRONLY, 0600));
	ck_assert_int_eq(safe_folder_make(at("file/one"), "f", &report), -ENOTDIR);
	ck_assert_ptr_nonnull(strstr(report.text, "Not a directory"));
}
END_TEST

START_TEST(nothing_is_made_where_others_write)
{
	make_folder("shared", 0777);
	is_refused("shared/one", "\"shared\" on the way belongs to");
	ck_assert(!exists("shared/one"));
	make_folder("group", 0775);
	is_refused("group/one", "0775");
	make_folder("sticky", 01777);
	is_made("sticky/one/two"); /* as in /tmp */
	is_made("sticky/one");
}
END_TEST

START_TEST(nothing_is_made_or_changed_where_another_owns_a_step)
{
	if (geteuid() != 0)
		return;
	make_folder("home", 0755);
	ck_assert_int_eq(chown(at("home"), FOREIGN, FOREIGN), 0);
	is_refused("home/one", "belongs to user 1234");
	ck_assert(!exists("home/one"));
	/* What the race was for: the user's link leads root to a file that is not his. */
	close(open(at("secret"), O_CREAT | O_WRONLY, 0600));
	ck_assert_int_eq(symlink("../secret", at("home/two")), 0);
	is_refused("home/two", "\"home\" on the way");
	is_refused("home/two/three", "\"home\" on the way");
	ck_assert_uint_eq(mode_of("secret"), 0600);
}
END_TEST

START_TEST(what_another_has_put_into_a_sticky_folder_is_not_used)
{
	if (geteuid() != 0)
		return;
	make_folder("sticky", 01777);
	make_folder("target", 0755);
	make_folder("sticky/trap", 0755);
	ck_assert_int_eq(chown(at("sticky/trap"), FOREIGN, FOREIGN), 0);
	ck_assert_int_eq(symlink("../target", at("sticky/link")), 0);
	ck_assert_int_eq(lchown(at("sticky/link"), FOREIGN, FOREIGN), 0);
	is_refused("sticky/trap", "\"trap\" on the way");
	is_refused("sticky/trap/one", "\"trap\" on the way");
	is_refused("sticky/link", "\"link\" on the way");
	is_refused("sticky/link/one", "\"link\" on the way");
	ck_assert(!exists("target/one"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("safe-folder");
	TCase *cases = tcase_create("safe-folder");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, it_is_made_with_its_parents_for_all);
	tcase_add_test(cases, what_exists_keeps_its_mode);
	tcase_add_test(cases, own_links_are_followed_but_not_for_ever);
	tcase_add_test(cases, a_file_is_no_folder);
	tcase_add_test(cases, nothing_is_made_where_others_write);
	tcase_add_test(cases, nothing_is_made_or_changed_where_another_owns_a_step);
	tcase_add_test(cases, what_another_has_put_into_a_sticky_folder_is_not_used);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
