// SPDX-License-Identifier: GPL-2.0-or-later
/* What cuioctl list makes of instance files and descriptions, whole and broken. */
#include "config.h"
#include "list.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64];
static char instances[128], devices[128];
static struct config_folders folders = { instances, devices };
static struct config config;

static void setup(void)
{
	char own[160];

	snprintf(root, sizeof(root), "/tmp/cuioctl-list-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(instances, sizeof(instances), "%s/etc", root);
	snprintf(devices, sizeof(devices), "%s/share", root);
	snprintf(own, sizeof(own), "%s/devices", instances);
	ck_assert_int_eq(mkdir(instances, 0755) | mkdir(devices, 0755) | mkdir(own, 0755), 0);
}

static void teardown(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

static void put(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void load(const char *text)
{
	put(instances, "one.conf", text);
	config_load(&folders, "one", &config);
}

START_TEST(the_default_node_is_named_like_the_description)
{
	put(devices, "edu.device", "[Device]\nDescription=A card\nMatch=pci:1234:11e8\n");
	load("[Device]\nDescription=edu.device\n");
	ck_assert_str_eq(config.problem, "");
	ck_assert_uint_eq(config.outline.n_nodes, 1);
	ck_assert_str_eq(config.outline.nodes[0].name, "edu");
	ck_assert_str_eq(config.outline.title, "A card");
	ck_assert_str_eq(config.outline.card, "pci:1234:11e8");
}
END_TEST

START_TEST(files_have_a_mount)
{
	put(devices, "edu.device", "[Device]\nMatch=pci:1234:11e8\n");
	load("[Device]\nDescription=edu.device\nFront=file\n");
	ck_assert_str_eq(config.outline.mount, "/run/cuio-mount/one");
	load("[Device]\nDescription=edu.device\nFront=file\nMount=/srv/cards\n");
	ck_assert_str_eq(config.outline.mount, "/srv/cards");
	load("[Device]\nDescription=edu.device\nFront=cuse\n");
	ck_assert_str_eq(config.outline.mount, "");
}
END_TEST

START_TEST(the_instance_names_node_and_card)
{
	put(devices, "edu.device", "[Device]\nMatch=pci:1234:11e8\n");
	load("[Device]\nDescription=edu.device\nCard=pci:0000:00:04.0\n[Node]\nName=lab/edu\n"
	     "Mode=0660\n");
	ck_assert_uint_eq(config.outline.n_nodes, 1);
	ck_assert_str_eq(config.outline.nodes[0].name, "lab/edu");
	ck_assert_str_eq(config.outline.card, "pci:0000:00:04.0");
}
END_TEST

START_TEST(every_node_of_a_card_is_known)
{
	put(devices, "dio.device",
	    "[Device]\n[Node a]\nName=dio-a\n[Node b]\n[Register r]\n"
	    "Name=no\n[Nodes]\nName=no\n");
	load("[Device]\nDescription=dio.device\n[Node b]\nName=other\n");
	ck_assert_uint_eq(config.outline.n_nodes, 2);
	ck_assert_str_eq(config.outline.nodes[0].name, "dio-a");
	ck_assert_str_eq(config.outline.nodes[1].name, "other");
}
END_TEST

START_TEST(the_simulator_has_no_card)
{
	put(devices, "edu.device", "[Device]\nMatch=pci:1234:11e8\n");
	load("[Device]\nDescription=edu.device\nBackend=sim\n");
	ck_assert_str_eq(config.outline.card, "");
	ck_assert_str_eq(config.outline.backend, "sim");
}
END_TEST

START_TEST(the_own_description_goes_before_the_shipped_one)
{
	char own[160];

	snprintf(own, sizeof(own), "%s/devices", instances);
	put(own, "edu.device", "[Device]\nDescription=mine\n");
	put(devices, "edu.device", "[Device]\nDescription=shipped\n");
	load("[Device]\nDescription=edu.device\n");
	ck_assert_str_eq(config.outline.title, "mine");
	put(instances, "here.device", "[Device]\nDescription=here\n");
	load("[Device]\nDescription=./here.device\n");
	ck_assert_str_eq(config.outline.title, "here");
}
END_TEST

static void ck_problem(const char *file, const char *rest)
{
	char expected[512];

	snprintf(expected, sizeof(expected), "%s%s%s", root, file, rest);
	ck_assert_str_eq(config.problem, expected);
}

START_TEST(broken_files_say_what_is_wrong)
{
	load("[Device]\nrubbish\n");
	ck_problem("/etc/one.conf", ":2: neither a comment, a [Section] nor KEY=VALUE");
	load("[Node]\nName=x\n");
	ck_problem("/etc/one.conf", ": no section [Device], expected one with Description=");
	load("[Device]\n[Node]\nName=x\n");
	ck_problem("/etc/one.conf",
		   ":1: [Device] lacks Description=, expected one such as edu.device");
	ck_assert_str_eq(config.outline.nodes[0].name, "x");
	load("[Device]\nDescription=none.device\n[Node a]\nName=a\n[Node b]\n");
	ck_assert_ptr_nonnull(
		strstr(config.problem, "one.conf:2: no description \"none.device\" in "));
	ck_assert_uint_eq(config.outline.n_nodes, 1);
	put(devices, "bad.device", "[Device\n[Node]\nName=there\n");
	load("[Device]\nDescription=bad.device\n");
	ck_problem("/share/bad.device",
		   ":1: section without its ']', expected [KIND] or [KIND NAME]");
	ck_assert_str_eq(config.outline.nodes[0].name, "there");
	config_load(&folders, "missing", &config);
	ck_problem("/etc/missing.conf", ": No such file or directory");
}
END_TEST

START_TEST(what_is_good_beside_a_mistake_is_shown)
{
	put(devices, "edu.device", "[Device]\nDescription=A card\nMatch=pci:1234:11e8\nrubbish\n");
	load("rubbish\n[Device]\nrubbish\nDescription=edu.device\n[Device]\nDescription=none\n");
	ck_problem("/etc/one.conf", ":1: neither a comment, a [Section] nor KEY=VALUE");
	ck_assert_str_eq(config.outline.description, "edu.device");
	ck_assert_str_eq(config.outline.title, "A card");
	ck_assert_str_eq(config.outline.card, "pci:1234:11e8");
	ck_assert_str_eq(config.outline.nodes[0].name, "edu");
}
END_TEST

START_TEST(long_words_are_cut_not_overrun)
{
	char text[1024] = "[Device]\nDescription=";

	memset(text + strlen(text), 'x', 900);
	load(text);
	ck_assert(config.problem[0]);
	ck_assert_uint_lt(strlen(config.outline.description), sizeof(config.outline.description));
}
END_TEST

START_TEST(state_says_when_unit_and_node_disagree)
{
	char text[64];

	ck_assert_str_eq(list_state("active", true, text), "active");
	ck_assert_str_eq(list_state("active", false, text), "active, no node");
	ck_assert_str_eq(list_state("failed", false, text), "failed");
	ck_assert_str_eq(list_state("activating", true, text), "activating, node there");
	ck_assert_str_eq(list_state("", false, text), "no node");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cuioctl_list");
	TCase *cases = tcase_create("list");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, the_default_node_is_named_like_the_description);
	tcase_add_test(cases, files_have_a_mount);
	tcase_add_test(cases, the_instance_names_node_and_card);
	tcase_add_test(cases, every_node_of_a_card_is_known);
	tcase_add_test(cases, the_simulator_has_no_card);
	tcase_add_test(cases, the_own_description_goes_before_the_shipped_one);
	tcase_add_test(cases, broken_files_say_what_is_wrong);
	tcase_add_test(cases, what_is_good_beside_a_mistake_is_shown);
	tcase_add_test(cases, long_words_are_cut_not_overrun);
	tcase_add_test(cases, state_says_when_unit_and_node_disagree);
	suite_add_tcase(suite, cases);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
