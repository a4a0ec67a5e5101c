// SPDX-License-Identifier: GPL-2.0-or-later
/* The verbs of cuioctl on a node that answers from tables. */
#include "capture.h"
#include "test_cuioctl_node.h"
#include "verb.h"
#include <check.h>
#include <stdlib.h>

static char output[65536]; /* what the last verb printed */

/* Runs a verb with the blank-separated words of `line` after NODE. */
static int run_with(const struct verb *verb, struct node *node, const char *line, unsigned options)
{
	struct verb_call call = { .node = node, .options = options, .json = options & VERB_JSON };
	char copy[1024], *arguments[32];
	struct capture capture;
	int r;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		arguments[call.n_arguments++] = word;
	call.arguments = arguments;
	capture = capture_start(stdout);
	r = verb->run(&call);
	capture_end(&capture, output, sizeof(output));
	return r;
}

static int run(const struct verb *verb, struct node *node, const char *line)
{
	return run_with(verb, node, line, 0);
}

#define ck_printed(text)   ck_assert_msg(strstr(output, text) != NULL, "%s", output)
#define ck_unprinted(text) ck_assert_msg(strstr(output, text) == NULL, "%s", output)

START_TEST(get_shows_a_register_with_its_fields)
{
	struct node node = fake_node();

	fake.values[STATUS][0] = 0x80000071;
	ck_assert_int_eq(run(&get_verb, &node, "status"), 0);
	ck_printed("0x80000071");
	ck_printed("status.mode");
	ck_printed("0x7");
	ck_printed("write-only");
	ck_assert_int_eq(run_with(&get_verb, &node, "status.mode ident", VERB_VALUE), 0);
	ck_assert_str_eq(output, "0x7\n0x00000000\n");
}
END_TEST

START_TEST(get_reads_what_is_named_even_with_side_effects)
{
	struct node node = fake_node();

	ck_assert_int_eq(run_with(&get_verb, &node, "fifo csr[2].top", VERB_VALUE), 0);
	ck_assert_str_eq(output, "0x00\n0x0\n");
	ck_assert_uint_eq(fake.reads, 2);
}
END_TEST

START_TEST(get_reads_nothing_when_one_name_is_wrong)
{
	static const char *const wrong[] = { "ident statsu", "ident status.bsy", "ident ident.x",
					     "ident csr",    "ident csr[20]",	 "ident ident[1]",
					     "ident .status" };
	struct node node = fake_node();

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_msg(run(&get_verb, &node, wrong[i]) == 2, "%s", wrong[i]);
	ck_assert_int_eq(run(&get_verb, &node, "ident doorbell"), 1);
	ck_assert_int_eq(run(&get_verb, &node, "ident status.go"), 1);
	ck_assert_uint_eq(fake.reads, 0);
	ck_assert_str_eq(output, "");
}
END_TEST

START_TEST(get_json_has_numbers_and_clean_strings)
{
	struct node node = fake_node();

	fake.values[IDENT][0] = 0x010000ed;
	ck_assert_int_eq(run_with(&get_verb, &node, "ident status.busy", VERB_JSON), 0);
	ck_printed("\"registers\": [");
	ck_printed("\"value\": 16777453,");
	ck_printed("\"hex\": \"0x010000ed\"");
	ck_printed("\"kind\": \"field\"");
	ck_assert_int_eq(run_with(&get_verb, &node, "status", VERB_JSON), 0);
	ck_printed("\"state \\\"of\\\" ?\"");
}
END_TEST

START_TEST(refused_access_prints_no_half_table)
{
	struct node node = fake_node();

	fake.refuse = -EPERM;
	ck_assert_int_eq(run(&get_verb, &node, "ident"), 1);
	ck_assert_str_eq(output, "");
	ck_assert_int_eq(run(&dump_verb, &node, ""), 1);
	ck_assert_str_eq(output, "");
	ck_assert_int_eq(run(&set_verb, &node, "status=1"), 1);
	ck_assert_uint_eq(fake.writes, 0);
}
END_TEST

START_TEST(set_changes_the_bits_of_a_field_alone)
{
	struct node node = fake_node();

	fake.values[STATUS][0] = 0xffffff0f;
	ck_assert_int_eq(run(&set_verb, &node, "status.mode=0b1010 csr[19]=0xffffffffffffffff"), 0);
	ck_assert_uint_eq(fake.values[STATUS][0], 0xffffffaf);
	ck_assert_uint_eq(fake.values[CSR][19], UINT64_MAX);
	ck_assert_int_eq(run(&set_verb, &node, "csr[19].top=0"), 0);
	ck_assert_uint_eq(fake.values[CSR][19], UINT64_MAX >> 4);
}
END_TEST

START_TEST(set_changes_nothing_when_one_assignment_is_wrong)
{
	static const struct {
		const char *line;
		int status;
	} wrong[] = {
		{ "status=1 statsu=1", 2 },	 { "status=1 status.mode=16", 2 },
		{ "status=1 status", 2 },	 { "status=1 status=", 2 },
		{ "status=1 status=x", 2 },	 { "status=1 status=0x100000000", 2 },
		{ "status=1 status=-1", 2 },	 { "status=1 doorbell=0x10000", 2 },
		{ "status=1 csr[20]=1", 2 },	 { "status=1 ident=1", 1 },
		{ "status=1 status.busy=1", 1 }, { "status=1 csr[3]=1", 1 },
	};
	struct node node = fake_node();

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_msg(run(&set_verb, &node, wrong[i].line) == wrong[i].status, "%s",
			      wrong[i].line);
	ck_assert_uint_eq(fake.writes, 0);
}
END_TEST

START_TEST(set_works_with_a_daemon_that_knows_no_check)
{
	struct node node = fake_node();

	fake.old = true;
	ck_assert_int_eq(run(&set_verb, &node, "doorbell=7"), 0);
	ck_assert_uint_eq(fake.values[DOORBELL][0], 7);
}
END_TEST

START_TEST(dump_leaves_side_effects_and_write_only_registers_alone)
{
	struct node node = fake_node();

	ck_assert_int_eq(run(&dump_verb, &node, ""), 0);
	ck_assert_uint_eq(fake.reads_of[FIFO], 0);
	ck_assert_uint_eq(fake.reads_of[DOORBELL], 0);
	ck_assert_uint_eq(fake.reads_of[IDENT], 1);
	ck_printed("reading it has side effects");
	ck_printed("write-only");
}
END_TEST

START_TEST(dump_cuts_arrays_and_passes_over_excepted_elements)
{
	struct node node = fake_node();

	ck_assert_int_eq(run(&dump_verb, &node, ""), 0);
	ck_printed("20 elements, 16 shown: see --all");
	ck_printed("csr[3]");
	ck_printed("excepted");
	ck_printed("csr[15]");
	ck_unprinted("csr[16]");
	ck_assert_int_eq(run_with(&dump_verb, &node, "", VERB_ALL | VERB_JSON), 0);
	ck_printed("\"csr[19]\"");
	ck_printed("\"value\": null");
}
END_TEST

START_TEST(info_lists_without_touching_the_device)
{
	struct node node = fake_node();

	ck_assert_int_eq(run(&info_verb, &node, ""), 0);
	ck_printed("fake");
	ck_assert_int_eq(run_with(&info_verb, &node, "", VERB_JSON), 0);
	ck_printed("\"info\": [");
	ck_assert_int_eq(run_with(&info_verb, &node, "", VERB_REGISTERS), 0);
	ck_printed("doorbell");
	ck_unprinted("VALUE");
	ck_assert_int_eq(run_with(&info_verb, &node, "", VERB_IOCTLS), 0);
	ck_printed("u16[2]");
	ck_printed("s16");
	ck_assert_uint_eq(fake.reads + fake.writes + fake.calls, 0);
	ck_assert_int_eq(run_with(&info_verb, &node, "", VERB_IOCTLS | VERB_REGISTERS), 2);
}
END_TEST

START_TEST(more_than_any_device_has_is_refused)
{
	struct node node = fake_node();

	node.info.n_registers = UINT32_MAX;
	ck_assert_int_eq(run(&get_verb, &node, "ident"), 1);
	node.info.n_operations = UINT32_MAX;
	ck_assert_int_eq(run_with(&info_verb, &node, "", VERB_IOCTLS), 1);
	ck_assert_str_eq(output, "");
	ck_assert_uint_eq(fake.reads, 0);
}
END_TEST

START_TEST(wait_goes_on_after_a_signal_and_says_the_cause)
{
	struct node node = fake_node();

	fake.signals = 3;
	ck_assert_int_eq(run_with(&wait_verb, &node, "", VERB_JSON), 0);
	ck_printed("\"cause\": 257,");
	ck_printed("\"count\": 9,");
	fake.wait = -ETIMEDOUT;
	ck_assert_int_eq(run(&wait_verb, &node, ""), 1);
	fake.wait = -ENOTCONN;
	ck_assert_int_eq(run(&wait_verb, &node, ""), 1);
	fake.wait = -EPERM;
	ck_assert_int_eq(run(&wait_verb, &node, ""), 1);
	ck_assert_str_eq(output, "");
}
END_TEST

START_TEST(ioctl_takes_and_shows_one_value)
{
	struct node node = fake_node();
	char line[64];

	ck_assert_int_eq(run(&ioctl_verb, &node, "EDU_FACTORIAL 5"), 0);
	ck_printed("120");
	snprintf(line, sizeof(line), "0x%lx 5", (unsigned long)NUMBER_FACTORIAL);
	ck_assert_int_eq(run_with(&ioctl_verb, &node, line, VERB_JSON), 0);
	ck_printed("\"name\": \"EDU_FACTORIAL\"");
	ck_printed("\"hex\": \"0x00000078\"");
	ck_assert_int_eq(run(&ioctl_verb, &node, "EDU_FACTORIAL hex:00000000"), 0);
}
END_TEST

START_TEST(ioctl_by_value_passes_the_value_itself)
{
	struct node node = fake_node();

	ck_assert_int_eq(run_with(&ioctl_verb, &node, "EDU_RAISE 0x80000001", VERB_JSON), 0);
	ck_assert_uint_eq(fake.value, 0x80000001);
	ck_printed("\"value\": 7,");
	ck_assert_int_eq(run(&ioctl_verb, &node, "EDU_RAISE 0x100000000"), 2);
	ck_assert_int_eq(run(&ioctl_verb, &node, "EDU_RAISE"), 2);
}
END_TEST

START_TEST(ioctl_fills_and_decodes_a_struct)
{
	struct node node = fake_node();

	ck_assert_int_eq(run_with(&ioctl_verb, &node,
				  "DEV_REG addr=0x10 offset=-2 bytes=hex:01020304 table[1]=9",
				  VERB_JSON),
			 0);
	ck_assert_uint_eq(fake.given.addr, 16);
	ck_assert_int_eq(fake.given.offset, -2);
	ck_assert_uint_eq(fake.given.bytes[3], 4);
	ck_assert_uint_eq(fake.given.table[0], 0);
	ck_assert_uint_eq(fake.given.table[1], 9);
	ck_printed("\"value\": 17,");
	ck_printed("\"value\": -2,");
	ck_printed("\"hex:01020304\"");
	ck_printed("\"table[1]\"");
}
END_TEST

START_TEST(ioctl_with_a_wrong_argument_is_not_called)
{
	static const char *const wrong[] = {
		"NOPE",
		"DEV_REG adr=1",
		"DEV_REG addr",
		"DEV_REG addr=x",
		"DEV_REG is_write=256",
		"DEV_REG offset=40000",
		"DEV_REG table=1",
		"DEV_REG table[2]=1",
		"DEV_REG addr[1]=1",
		"DEV_REG bytes=hex:0",
		"DEV_REG bytes=hex:0000000g",
		"DEV_REG addr.x=1",
		"EDU_FACTORIAL",
		"EDU_FACTORIAL 1 2",
		"EDU_FACTORIAL 4294967296",
		"EDU_FACTORIAL hex:1",
		"0x100000000",
	};
	struct node node = fake_node();

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_msg(run(&ioctl_verb, &node, wrong[i]) == 2, "%s", wrong[i]);
	ck_assert_uint_eq(fake.calls, 0);
}
END_TEST

START_TEST(ioctl_by_an_unknown_number_goes_by_its_bits)
{
	struct node node = fake_node();
	char line[64];

	snprintf(line, sizeof(line), "%lu", (unsigned long)NUMBER_UNKNOWN);
	ck_assert_int_eq(run(&ioctl_verb, &node, line), 0);
	ck_printed("hex:0102ff");
	ck_assert_int_eq(run(&ioctl_verb, &node, "0x5401"), 1);
	ck_assert_str_eq(output, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cuioctl_verbs");
	TCase *cases = tcase_create("verbs");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(cases, get_shows_a_register_with_its_fields);
	tcase_add_test(cases, get_reads_what_is_named_even_with_side_effects);
	tcase_add_test(cases, get_reads_nothing_when_one_name_is_wrong);
	tcase_add_test(cases, get_json_has_numbers_and_clean_strings);
	tcase_add_test(cases, refused_access_prints_no_half_table);
	tcase_add_test(cases, set_changes_the_bits_of_a_field_alone);
	tcase_add_test(cases, set_changes_nothing_when_one_assignment_is_wrong);
	tcase_add_test(cases, set_works_with_a_daemon_that_knows_no_check);
	tcase_add_test(cases, dump_leaves_side_effects_and_write_only_registers_alone);
	tcase_add_test(cases, dump_cuts_arrays_and_passes_over_excepted_elements);
	tcase_add_test(cases, more_than_any_device_has_is_refused);
	tcase_add_test(cases, info_lists_without_touching_the_device);
	tcase_add_test(cases, wait_goes_on_after_a_signal_and_says_the_cause);
	tcase_add_test(cases, ioctl_takes_and_shows_one_value);
	tcase_add_test(cases, ioctl_by_value_passes_the_value_itself);
	tcase_add_test(cases, ioctl_fills_and_decodes_a_struct);
	tcase_add_test(cases, ioctl_with_a_wrong_argument_is_not_called);
	tcase_add_test(cases, ioctl_by_an_unknown_number_goes_by_its_bits);
	suite_add_tcase(suite, cases);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
