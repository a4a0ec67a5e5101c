// SPDX-License-Identifier: GPL-2.0-or-later
// What makes a node the same one after a restart, and the notes by which helper and daemon know it.
#include "base/exit_note.h"
#include "base/handover_mark.h"
#include "config/configuration.h"
#include "config/identity.h"
#include "driver/table.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONF "[Device]\nDescription=./t.device\nBackend=sim\n[Node]\nName=same\n"
#define DEVICE                                                                                     \
	"[Device]\nDescription=One\n[Window w]\nBar=0\n[Register r]\nOffset=0\n[State]\n"          \
	"Device=taken:u32\n[Read]\nStep=wait dev.taken == 0\nStep=return 0\n"

static char folder[64], conf[80], device[80];

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void setup(void)
{
	strcpy(folder, "/tmp/cuio-identity-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(conf, sizeof(conf), "%s/t.conf", folder);
	snprintf(device, sizeof(device), "%s/t.device", folder);
	setenv("RUNTIME_DIRECTORY", folder, 1);
}

static void teardown(void)
{
	unlink(conf);
	unlink(device);
	rmdir(folder);
}

static char *identity_of(const char *conf_text, const char *device_text)
{
	struct report report = { 0 };
	struct instance *instance;
	const struct cuio_driver *driver;
	char *text;

	write_text(conf, conf_text);
	write_text(device, device_text);
	ck_assert_msg(instance_load("t", conf, &report, &instance) == 0, "%s", report.text);
	ck_assert_msg(configuration_load_driver(instance->description, NULL, &report, &driver) == 0,
		      "%s", report.text);
	text = identity_make(instance, driver, instance->card);
	ck_assert_ptr_nonnull(text);
	driver_unload(driver);
	instance_free(instance);
	report_done(&report);
	return text;
}

/* The difference to the files above; `expected` is how it begins, NULL: there is none. */
static void differs(const char *conf_text, const char *device_text, const char *expected)
{
	char *old = identity_of(CONF, DEVICE), *new = identity_of(conf_text, device_text);
	char *difference = identity_difference(old, new);

	if (expected) {
		ck_assert_ptr_nonnull(difference);
		ck_assert_msg(strncmp(difference, expected, strlen(expected)) == 0, "%s",
			      difference);
	} else {
		ck_assert_ptr_null(difference);
	}
	free(difference);
	free(new);
	free(old);
}

START_TEST(steps_fields_rights_and_log_may_change)
{
	differs(CONF, DEVICE, NULL);
	differs(CONF "Mode=0600\n[Log]\nLevel=debug\n", DEVICE, NULL);
	differs(CONF,
		"[Device]\nDescription=Other words\n[Window w]\nBar=0\n[Register r]\nOffset=0\n"
		"Access=ro\nField=low 3:0\n[State]\nDevice=taken:u32\n[Write]\nStep=return count\n",
		NULL);
	differs(CONF,
		DEVICE "[Ioctl TAKE]\nNumber=_IOWR('t', 1, u32)\nStep=let dev.taken = arg\n"
		       "Step=wait dev.taken == 0\nStep=let arg = 7\n",
		NULL);
}
END_TEST

START_TEST(name_number_backend_and_card_may_not)
{
	differs("[Device]\nDescription=./t.device\nBackend=sim\n[Node]\nName=other\n", DEVICE,
		"node=/dev/same became node=/dev/other");
	differs(CONF "Number=240:7\n", DEVICE, "number=any became number=240:7");
	differs("[Device]\nDescription=./t.device\nCard=pci:1234:5678\n[Node]\nName=same\n", DEVICE,
		"backend=sim became backend=uio");
}
END_TEST

#define FILE_CONF "[Device]\nDescription=./t.device\nBackend=sim\nFront=file\n[Node]\nName=same\n"

START_TEST(neither_front_nor_mount_may)
{
	char *files = identity_of(FILE_CONF, DEVICE), *nodes = identity_of(CONF, DEVICE);
	char *moved = identity_of("[Device]\nDescription=./t.device\nBackend=sim\nFront=file\n"
				  "Mount=/run/cards\n[Node]\nName=same\n",
				  DEVICE);
	char *difference = identity_difference(files, moved);

	differs(FILE_CONF, DEVICE, "node=/dev/same became node=file:same");
	ck_assert_str_eq(difference, "mount=/run/cuio-mount/t became mount=/run/cards");
	free(difference);
	difference = identity_difference(files, nodes);
	ck_assert_str_eq(difference, "node=file:same became node=/dev/same");
	free(difference);
	/* An upgrade from a version without files goes on. */
	ck_assert(identity_has(nodes, "node=/dev/same"));
	ck_assert(identity_has(nodes, "number=any"));
	ck_assert_ptr_null(strstr(nodes, "front="));
	free(files);
	free(nodes);
	free(moved);
}
END_TEST

START_TEST(windows_and_state_may_not)
{
	differs(CONF,
		"[Device]\nDescription=One\n[Window w]\nBar=1\n[Register r]\nOffset=0\n[State]\n"
		"Device=taken:u32\n[Read]\nStep=wait dev.taken == 0\nStep=return 0\n",
		"windows=#");
	differs(CONF,
		"[Device]\nDescription=One\n[Window w]\nBar=0\n[Register r]\nOffset=0\n[State]\n"
		"Device=taken:u32 more:u64\n[Read]\nStep=wait dev.taken == 0\nStep=return 0\n",
		"state=");
	/* As large, but not the same. */
	differs(CONF,
		"[Device]\nDescription=One\n[Window w]\nBar=0\n[Register r]\nOffset=0\n[State]\n"
		"Device=given:u32\n[Read]\nStep=wait dev.given == 0\nStep=return 0\n",
		"state=");
}
END_TEST

START_TEST(lines_are_found_whole)
{
	const char *text = "node=/dev/edu\nnumber=240:1\n";

	ck_assert(identity_has(text, "node=/dev/edu") && identity_has(text, "number=240:1"));
	ck_assert(!identity_has(text, "node=/dev/ed") && !identity_has(text, "number=240:10"));
	ck_assert(!identity_has("", "node=/dev/edu"));
}
END_TEST

static void difference_is(const char *old, const char *new, const char *expected)
{
	char *difference = identity_difference(old, new);

	if (expected)
		ck_assert_str_eq(difference, expected);
	else
		ck_assert_ptr_null(difference);
	free(difference);
}

START_TEST(nodes_are_compared_in_their_order)
{
	difference_is("node=/dev/a\nnode=/dev/b\n", "node=/dev/b\nnode=/dev/a\n",
		      "node=/dev/a became node=/dev/b");
	difference_is("node=/dev/a\n", "node=/dev/a\nnode=/dev/b\n", "nothing became node=/dev/b");
	difference_is("node=/dev/a\nnode=/dev/b\n", "node=/dev/a\n", "node=/dev/b became nothing");
}
END_TEST

START_TEST(what_another_version_does_not_know_is_no_difference)
{
	difference_is("node=/dev/a\n", "colour=red\nnode=/dev/a\n", NULL);
	difference_is("node=/dev/a\ntaste=sweet\ntaste=sour\n", "node=/dev/a\n", NULL);
	difference_is("node=/dev/a\ntaste=sweet\n", "colour=red\nnode=/dev/b\n",
		      "node=/dev/a became node=/dev/b");
	difference_is("", "node=/dev/a\n", NULL);
}
END_TEST

START_TEST(the_card_is_found)
{
	char *card = identity_card("backend=uio\ncard=pci:1234:11e8\n");

	ck_assert_str_eq(card, "pci:1234:11e8");
	free(card);
	ck_assert_ptr_null(identity_card("backend=sim\ncards=2\n"));
}
END_TEST

START_TEST(a_slot_is_added_and_cut)
{
	char *mark = identity_add_slot("backend=uio\ncard=pci:1234:11e8\n", "0000:00:04.0");
	char none[] = "backend=sim\ncard=\n";

	ck_assert_str_eq(identity_cut_slot(mark), "0000:00:04.0");
	ck_assert_str_eq(mark, "backend=uio\ncard=pci:1234:11e8\n");
	ck_assert_ptr_null(identity_cut_slot(none));
	ck_assert_str_eq(none, "backend=sim\ncard=\n");
	free(mark);
}
END_TEST

/* --- the notes -------------------------------------------------------------------------------- */

static void mark_is(enum handover_mark expected, const char *expected_text)
{
	char *text = (char *)"";

	ck_assert_int_eq(handover_mark_read(&text), expected);
	if (expected_text)
		ck_assert_str_eq(text, expected_text);
	else
		ck_assert_ptr_null(text);
	free(text);
}

START_TEST(a_mark_is_begun_set_changed_and_cleared)
{
	mark_is(HANDOVER_NONE, NULL);
	ck_assert_int_eq(handover_mark_clear(), 0);
	ck_assert_int_eq(handover_mark_begin(), 0);
	mark_is(HANDOVER_PARTIAL, NULL);
	ck_assert_int_eq(handover_mark_set("card=1\n"), 0);
	mark_is(HANDOVER_COMPLETE, "card=1\n");
	ck_assert_int_eq(handover_mark_set("card=2\n"), 0);
	mark_is(HANDOVER_COMPLETE, "card=2\n");
	ck_assert_int_eq(handover_mark_clear(), 0);
	mark_is(HANDOVER_NONE, NULL);
	ck_assert_int_eq(handover_mark_clear(), 0);
}
END_TEST

START_TEST(outside_a_service_there_is_no_mark)
{
	unsetenv("RUNTIME_DIRECTORY");
	ck_assert_int_eq(handover_mark_begin(), -ENOENT);
	ck_assert_int_eq(handover_mark_set("card=1\n"), -ENOENT);
	ck_assert_int_eq(handover_mark_clear(), 0);
	exit_note_write();
	ck_assert(!exit_note_exists());
	mark_is(HANDOVER_NONE, NULL);
}
END_TEST

/* The folder is the daemon's, who must not lead root anywhere. */
START_TEST(what_the_daemon_puts_in_the_way_is_not_followed)
{
	char mark[96], fresh[96], victim[96];
	struct stat status;

	snprintf(mark, sizeof(mark), "%s/" HANDOVER_MARK_NAME, folder);
	snprintf(fresh, sizeof(fresh), "%s/" HANDOVER_MARK_NAME ".new", folder);
	snprintf(victim, sizeof(victim), "%s/victim", folder);
	write_text(victim, "precious\n");
	ck_assert_int_eq(symlink(victim, mark), 0);
	ck_assert_int_eq(symlink(victim, fresh), 0);
	mark_is(HANDOVER_NONE, NULL);
	ck_assert_int_eq(handover_mark_set("card=1\n"), 0);
	mark_is(HANDOVER_COMPLETE, "card=1\n");
	ck_assert_int_eq(stat(victim, &status), 0);
	ck_assert_int_eq(status.st_size, 9);
	ck_assert_int_eq(handover_mark_clear(), 0);
	ck_assert_int_eq(mkfifo(mark, 0600), 0);
	mark_is(HANDOVER_NONE, NULL);
	unlink(mark);
	unlink(victim);
}
END_TEST

START_TEST(a_note_of_leaving_holds_until_a_successor_is_there)
{
	ck_assert(!exit_note_exists());
	exit_note_write();
	exit_note_write();
	ck_assert(exit_note_exists());
	exit_note_clear();
	ck_assert(!exit_note_exists());
	exit_note_clear();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("identity");
	TCase *cases = tcase_create("lines"), *notes = tcase_create("notes");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, steps_fields_rights_and_log_may_change);
	tcase_add_test(cases, name_number_backend_and_card_may_not);
	tcase_add_test(cases, windows_and_state_may_not);
	tcase_add_test(cases, neither_front_nor_mount_may);
	tcase_add_test(cases, lines_are_found_whole);
	tcase_add_test(cases, nodes_are_compared_in_their_order);
	tcase_add_test(cases, what_another_version_does_not_know_is_no_difference);
	tcase_add_test(cases, the_card_is_found);
	tcase_add_test(cases, a_slot_is_added_and_cut);
	suite_add_tcase(suite, cases);
	tcase_add_checked_fixture(notes, setup, teardown);
	tcase_add_test(notes, a_mark_is_begun_set_changed_and_cleared);
	tcase_add_test(notes, outside_a_service_there_is_no_mark);
	tcase_add_test(notes, what_the_daemon_puts_in_the_way_is_not_followed);
	tcase_add_test(notes, a_note_of_leaving_holds_until_a_successor_is_there);
	suite_add_tcase(suite, notes);
	return suite_run(suite);
}
