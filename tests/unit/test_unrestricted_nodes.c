// SPDX-License-Identifier: GPL-2.0-or-later
// The record of nodes whose ioctls are unrestricted, which warns cuioctl.
#include "base/unrestricted_nodes.h"
#include "suite.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static char folder[64];

static void make_folder(void)
{
	char path[128];

	snprintf(folder, sizeof(folder), "/tmp/cuio-nodes-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/dog%d", folder, i);
		ck_assert_int_eq(mkdir(path, 0755), 0);
	}
}

static void remove_folder(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(a_recorded_node_is_found)
{
	const char *const nodes[] = { "ttyCUA0", "lab/ttyCUA1" }, *const one[] = { "watchdogCU0" };

	ck_assert(!unrestricted_nodes_have(folder, "ttyCUA0"));
	ck_assert_int_eq(unrestricted_nodes_record(folder, "dog0", nodes, 2), 0);
	ck_assert_int_eq(unrestricted_nodes_record(folder, "dog1", one, 1), 0);
	ck_assert(unrestricted_nodes_have(folder, "ttyCUA0"));
	ck_assert(unrestricted_nodes_have(folder, "lab/ttyCUA1"));
	ck_assert(unrestricted_nodes_have(folder, "watchdogCU0"));
	ck_assert(!unrestricted_nodes_have(folder, "ttyCUA"));
	ck_assert(!unrestricted_nodes_have(folder, ""));
}
END_TEST

START_TEST(a_later_record_replaces_the_earlier)
{
	const char *const one[] = { "a" }, *const other[] = { "b" };

	ck_assert_int_eq(unrestricted_nodes_record(folder, "dog0", one, 1), 0);
	ck_assert_int_eq(unrestricted_nodes_record(folder, "dog0", other, 1), 0);
	ck_assert(!unrestricted_nodes_have(folder, "a"));
	ck_assert(unrestricted_nodes_have(folder, "b"));
	ck_assert_int_eq(unrestricted_nodes_record(folder, "dog0", NULL, 0), 0);
	ck_assert_int_eq(unrestricted_nodes_record(folder, "dog0", NULL, 0), 0);
	ck_assert(!unrestricted_nodes_have(folder, "b"));
}
END_TEST

START_TEST(without_a_folder_there_is_none)
{
	const char *const one[] = { "a" };

	ck_assert_int_eq(unrestricted_nodes_record(folder, "none", one, 1), -ENOENT);
	ck_assert(!unrestricted_nodes_have("/nonexistent", "a"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("unrestricted_nodes");
	TCase *tcase = tcase_create("unrestricted_nodes");

	tcase_add_checked_fixture(tcase, make_folder, remove_folder);
	tcase_add_test(tcase, a_recorded_node_is_found);
	tcase_add_test(tcase, a_later_record_replaces_the_earlier);
	tcase_add_test(tcase, without_a_folder_there_is_none);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
