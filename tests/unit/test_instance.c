/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instance files: what is read from a good one, all mistakes of a bad one at once, and udev's
 * questions. */
#include "config/instance.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

static char folder[64], path[128];
static struct report report;
static struct instance *instance;

#define ONE                                                                                        \
	"[Device]\nDescription=One\n[Window bar0]\nBar=0\n[Register id]\nWindow=bar0\n"            \
	"Offset=0\nWidth=32\nAccess=ro\n"
#define TWO                                                                                        \
	"[Device]\nDescription=Two\nMatch=pci:1234:5678\n[Node digital]\nName=two/digital\n"       \
	"[Node analog]\n[Window bar0]\nBar=0\n[Register id]\nWindow=bar0\nOffset=0\nWidth=32\n"    \
	"Access=ro\n[Interrupt]\n"

static void write_file(const char *name, const char *text)
{
	char full[160];
	FILE *file;

	snprintf(full, sizeof(full), "%s/%s", folder, name);
	file = fopen(full, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void setup(void)
{
	report = (struct report){ 0 };
	instance = NULL;
	strcpy(folder, "/tmp/cuio-instance-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/x.conf", folder);
	write_file("one.device", ONE);
	write_file("two.device", TWO);
}

static void teardown(void)
{
	char command[128];

	instance_free(instance);
	report_done(&report);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}

static int load(const char *text)
{
	write_file("x.conf", text);
	return instance_load("x", path, &report, &instance);
}

static void load_good(const char *text)
{
	int r = load(text);

	ck_assert_msg(r == 0, "%s", report.text ? report.text : strerror(-r));
}

static void ck_finding(const char *line_and_text)
{
	char expected[512];

	snprintf(expected, sizeof(expected), "%s:%s", path, line_and_text);
	ck_assert_msg(report.text && strstr(report.text, expected), "expected %s, got %s", expected,
		      report.text ? report.text : "nothing");
}

START_TEST(a_short_file_has_sensible_defaults)
{
	load_good("[Device]\nDescription=./one.device\nBackend=sim\n");
	ck_assert_str_eq(instance->name, "x");
	ck_assert_str_eq(instance->backend, "sim");
	ck_assert_ptr_null(instance->card);
	ck_assert_uint_eq(instance->n_nodes, 1);
	ck_assert_str_eq(instance->nodes[0].name, "one");
	ck_assert_ptr_null(instance->nodes[0].group);
	ck_assert_uint_eq(instance->nodes[0].mode, 0);
	ck_assert_int_eq(instance->nodes[0].major, -1);
	ck_assert_int_eq(instance->port_access, PORTS_SYSFS);
	ck_assert_int_eq(instance->log_level, LOG_INFO);
}
END_TEST

START_TEST(every_key_is_read)
{
	load_good("[Device]\nDescription=./one.device\nCard=pci:0000:00:04.0\nBackend=uio\n"
		  "[Node]\nName=lab/one-0\nGroup=root\nMode=0640\nNumber=240:7\n"
		  "[Log]\nLevel=debug\n");
	ck_assert_str_eq(instance->card, "pci:0000:00:04.0");
	ck_assert_uint_eq(instance->card_line, 3);
	ck_assert_str_eq(instance->nodes[0].name, "lab/one-0");
	ck_assert_str_eq(instance->nodes[0].group, "root");
	ck_assert_uint_eq(instance->nodes[0].mode, 0640);
	ck_assert_int_eq(instance->nodes[0].major, 240);
	ck_assert_int_eq(instance->nodes[0].minor, 7);
	ck_assert_int_eq(instance->log_level, LOG_DEBUG);
}
END_TEST

START_TEST(ports_are_reached_as_asked_for)
{
	struct hardware_spec spec;

	load_good("[Device]\nDescription=./two.device\nPortAccess=ioperm\n");
	instance_hardware(instance, &spec);
	ck_assert_int_eq(spec.port_access, PORTS_IOPERM);
	ck_assert_uint_eq(spec.port_access_line, 3);
	instance_free(instance);
	instance = NULL;
	load_good("[Device]\nDescription=./two.device\nPortAccess=sysfs\n");
	instance_hardware(instance, &spec);
	ck_assert_int_eq(spec.port_access, PORTS_SYSFS);
}
END_TEST

START_TEST(ioctls_are_restricted_as_asked_for)
{
	load_good("[Device]\nDescription=./one.device\nBackend=sim\n");
	ck_assert_int_eq(instance->ioctl, INSTANCE_IOCTL_DEFAULT);
	instance_free(instance);
	instance = NULL;
	load_good("[Device]\nDescription=./one.device\nBackend=sim\nIoctl=restricted\n");
	ck_assert_int_eq(instance->ioctl, INSTANCE_IOCTL_RESTRICTED);
	instance_free(instance);
	instance = NULL;
	load_good("[Device]\nDescription=./one.device\nBackend=sim\nIoctl=unrestricted\n");
	ck_assert_int_eq(instance->ioctl, INSTANCE_IOCTL_UNRESTRICTED);
	ck_assert_int_eq(instance_check_ioctl(instance, &(struct cuio_driver){ 0 }, &report),
			 -EINVAL);
	ck_assert_ptr_nonnull(
		strstr(report.text, "x.conf:4: Ioctl=unrestricted: the driver has no ioctl"));
}
END_TEST

START_TEST(a_group_alone_means_0660)
{
	load_good("[Device]\nDescription=./one.device\nBackend=sim\n[Node]\nGroup=root\n");
	ck_assert_uint_eq(instance->nodes[0].mode, 0660);
}
END_TEST

START_TEST(nodes_are_in_the_order_of_the_description)
{
	struct hardware_spec spec;

	load_good("[Device]\nDescription=./two.device\n[Node analog]\nName=a\nMode=600\n");
	ck_assert_uint_eq(instance->n_nodes, 2);
	ck_assert_str_eq(instance->nodes[0].name, "two/digital");
	ck_assert_str_eq(instance->nodes[1].name, "a");
	ck_assert_uint_eq(instance->nodes[1].mode, 0600);
	ck_assert_str_eq(instance->card, "pci:1234:5678");
	ck_assert_uint_eq(instance->card_line, 0);
	instance_hardware(instance, &spec);
	ck_assert_str_eq(spec.backend, "uio");
	ck_assert_str_eq(spec.card, "pci:1234:5678");
	ck_assert_str_eq(spec.match, "pci:1234:5678");
	ck_assert_str_eq(spec.instance, "x");
	ck_assert_uint_eq(spec.n_windows, 1);
	ck_assert(spec.interrupt);
}
END_TEST

START_TEST(all_mistakes_are_found_at_once)
{
	ck_assert_int_lt(load("[Device]\nDescription=./one.device\nCard=pci:1\n"
			      "[Node]\nName=../x\nGroup=nosuchgroup\nMode=9\nNumber=1\n"
			      "[Log]\nLevel=all\nLevle=info\n[Bus]\n"),
			 0);
	ck_assert_uint_eq(report.count, 8);
	ck_finding("3: Card=pci:1, expected");
	ck_finding("5: node name \"../x\"");
	ck_finding("6: Group=nosuchgroup");
	ck_finding("7: Mode=9");
	ck_finding("8: Number=1");
	ck_finding("10: unknown Level=all");
	ck_finding("11: unknown key Levle=");
	ck_finding("12: unknown section [Bus]");
}
END_TEST

START_TEST(nodes_are_checked_without_a_description)
{
	ck_assert_int_lt(load("[Device]\nDescription=./none.device\nBackend=sim\n"
			      "[Node digital]\nMode=9\n"),
			 0);
	ck_assert_uint_eq(report.count, 2);
	ck_finding("2: no description ");
	ck_finding("5: Mode=9");
}
END_TEST

START_TEST(two_default_names_may_clash_with_a_given_one)
{
	ck_assert_int_lt(load("[Device]\nDescription=./two.device\n"
			      "[Node analog]\nName=two/digital\n"),
			 0);
	ck_finding("4: two nodes have the name two/digital");
}
END_TEST

START_TEST(names_of_instances_are_checked)
{
	static const char *const bad[] = { "",	       ".x",  "-x",
					   "a/b",      "a b", "a@b",
					   "\xc3\xa4", "a.b", "27-characters_for_one_name_" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_lt(instance_check_name(bad[i]), 0);
		ck_assert_int_lt(instance_load(bad[i], path, &report, &instance), 0);
	}
	ck_assert_int_eq(instance_check_name("edu0"), 0);
	ck_assert_int_eq(instance_check_name("lab-3_b2"), 0);
	ck_assert_int_eq(instance_check_name("26-characters_for_one_name"), 0);
}
END_TEST

START_TEST(a_missing_file_is_said)
{
	ck_assert_int_eq(instance_load("nosuchinstance", NULL, &report, &instance), -ENOENT);
	ck_assert_ptr_nonnull(
		strstr(report.text, "/cuio/nosuchinstance.conf: there is no such file"));
}
END_TEST

static struct document *document(const char *text)
{
	struct document *read;

	write_file("x.conf", text);
	ck_assert_int_eq(document_load(path, &report, &read), 0);
	return read;
}

static void ck_rights(const char *text, const char *node, const char *group, mode_t mode)
{
	struct document *read = document(text);
	char *got_group = NULL;
	mode_t got_mode = 0;

	ck_assert_int_eq(instance_peek_rights(read, node, &got_group, &got_mode), 0);
	if (group)
		ck_assert_str_eq(got_group, group);
	else
		ck_assert_ptr_null(got_group);
	ck_assert_uint_eq(got_mode, mode);
	free(got_group);
	document_free(read);
}

START_TEST(udev_learns_rights_from_a_file_with_mistakes_elsewhere)
{
	ck_rights("[Device]\nDescription=./none.device\nFoo=1\n[Node]\nName=x\nGroup=root\n", "x",
		  "root", 0660);
	ck_rights("[Node a]\nName=x\nMode=0666\n[Node b]\nName=y\nMode=0600\n", "y", NULL, 0600);
	ck_rights("[Device]\nDescription=./one.device\n[Node]\nMode=0666\n", "one", NULL, 0666);
	ck_rights("[Device]\nDescription=./two.device\n[Node digital]\nMode=0666\n", "two/digital",
		  NULL, 0666);
	ck_rights("[Device]\nDescription=./two.device\n[Node analog]\nMode=0640\n", "analog", NULL,
		  0640);
}
END_TEST

START_TEST(udev_learns_nothing_that_is_not_sure)
{
	static const char *const texts[] = {
		"[Device]\nDescription=./one.device\n[Node]\nName=y\nMode=0666\n",
		"[Device]\nDescription=./none.device\n[Node]\nMode=0666\n",
		"[Device]\nDescription=./none.device\n[Node x]\nMode=0666\n",
		"[Node]\nName=x\nGroup=nosuchgroup\n",
		"[Node]\nName=x\nMode=777777\n",
		"[Device]\nDescription=./one.device\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct document *read = document(texts[i]);
		char *group = NULL;
		mode_t mode = 0;

		ck_assert_int_lt(instance_peek_rights(read, "x", &group, &mode), 0);
		ck_assert_ptr_null(group);
		ck_assert_uint_eq(mode, 0);
		document_free(read);
	}
}
END_TEST

START_TEST(udev_learns_which_card_is_wanted)
{
	static const struct {
		const char *text, *card;
	} cases[] = {
		{ "[Device]\nDescription=./two.device\n", "pci:1234:5678" },
		{ "[Device]\nDescription=./two.device\nCard=pci:1:2\n", "pci:1:2" },
		{ "[Device]\nDescription=./two.device\nBackend=sim\n", NULL },
		{ "[Device]\nDescription=./one.device\n", NULL },
		{ "[Node]\n", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct document *read = document(cases[i].text);
		char *card = NULL;
		int r = instance_peek_card(read, &card);

		ck_assert_int_eq(r, cases[i].card ? 0 : -ENOENT);
		if (card)
			ck_assert_str_eq(card, cases[i].card);
		free(card);
		document_free(read);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("instance");
	TCase *cases = tcase_create("files");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, a_short_file_has_sensible_defaults);
	tcase_add_test(cases, every_key_is_read);
	tcase_add_test(cases, ports_are_reached_as_asked_for);
	tcase_add_test(cases, ioctls_are_restricted_as_asked_for);
	tcase_add_test(cases, a_group_alone_means_0660);
	tcase_add_test(cases, nodes_are_in_the_order_of_the_description);
	tcase_add_test(cases, all_mistakes_are_found_at_once);
	tcase_add_test(cases, nodes_are_checked_without_a_description);
	tcase_add_test(cases, two_default_names_may_clash_with_a_given_one);
	tcase_add_test(cases, names_of_instances_are_checked);
	tcase_add_test(cases, a_missing_file_is_said);
	tcase_add_test(cases, udev_learns_rights_from_a_file_with_mistakes_elsewhere);
	tcase_add_test(cases, udev_learns_nothing_that_is_not_sure);
	tcase_add_test(cases, udev_learns_which_card_is_wanted);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
