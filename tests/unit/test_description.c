/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a description says, and what every wrong one in tests/cli/broken is told. */
#include "base/cleanup.h"
#include "driver/table.h"
#include "regmap/description.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct report report;

static struct description *parse(const char *text)
{
	struct description *description = NULL;

	report_done(&report);
	description_parse("/x/card.device", text, strlen(text), &report, &description);
	return description;
}

START_TEST(a_small_description_has_defaults)
{
	struct description *description = parse("[Device]\n[Window regs]\nBar=2\n"
						"[Register id]\nOffset=4\n");
	const struct reg *reg;

	ck_assert_msg(description != NULL, "%s", report.text);
	ck_assert_str_eq(description->driver, "registers");
	ck_assert_str_eq(description->title, "");
	ck_assert_ptr_null(description->match);
	ck_assert_ptr_null(description->model);
	ck_assert(!description->interrupt);
	ck_assert_uint_eq(description->n_nodes, 1);
	ck_assert_str_eq(description->nodes[0].key, "");
	ck_assert_str_eq(description->nodes[0].name, "card");
	ck_assert_uint_eq(description->n_windows, 1);
	ck_assert_uint_eq(description->windows[0].bar, 2);
	ck_assert_uint_eq(description->windows[0].size, 8);
	ck_assert_int_eq(description->windows[0].type, WINDOW_MEMORY);
	reg = regmap_find(&description->regmap, "id");
	ck_assert_uint_eq(reg->width, 4);
	ck_assert_uint_eq(reg->count, 1);
	ck_assert(reg->read && reg->write && !reg->side_effect && !reg->shadow);
	ck_assert_str_eq(reg->window_name, "regs");
	ck_assert_ptr_null(regmap_find(&description->regmap, "ID"));
	description_free(description);
}
END_TEST

START_TEST(registers_and_fields_are_as_written)
{
	struct description *description = parse(
		"[Device]\nDescription=A card\nMatch=pci:1234:11E8\n"
		"[Window a]\nBar=0\nType=ports\nSize=0x20\n[Window b]\nBar=1\nWriteCombine=yes\n"
		"[Register fifo]\nWindow=a\nOffset=6\nWidth=16\nStride=0\nAccess=wo\n"
		"[Register ram]\nWindow=b\nOffset=0x100\nWidth=64\nCount=16\nStride=0x10\n"
		"Except=0x20-0x2f, 0x40-0x47\nReset=7\nDescription=Memory\n"
		"Field=high 63:32 ro upper half\nField=low 31:0 rod\n");
	const struct reg *fifo, *ram;

	ck_assert_msg(description != NULL, "%s", report.text);
	ck_assert_uint_eq(description->windows[0].size, 0x20);
	ck_assert_uint_eq(description->windows[1].size, 0x100 + 15 * 0x10 + 8);
	ck_assert(description->windows[1].write_combine);
	ck_assert_str_eq(description->match, "pci:1234:11E8");
	fifo = regmap_find(&description->regmap, "fifo");
	ck_assert_uint_eq(fifo->stride, 0);
	ck_assert_uint_eq(fifo->width, 2);
	ck_assert(!fifo->read && fifo->write);
	ram = regmap_find(&description->regmap, "ram");
	ck_assert_str_eq(ram->title, "Memory");
	ck_assert_uint_eq(ram->n_excepts, 2);
	ck_assert_uint_eq(ram->excepts[1].first, 0x40);
	ck_assert_uint_eq(ram->fields[0].shift, 32);
	ck_assert_uint_eq(ram->fields[0].bits, 32);
	ck_assert_str_eq(ram->fields[0].title, "upper half");
	ck_assert(ram->fields[0].read && !ram->fields[0].write);
	ck_assert_str_eq(ram->fields[1].title, "rod");
	ck_assert(ram->fields[1].write);
	ck_assert_uint_eq(field_mask(&ram->fields[0]), 0xffffffff00000000);
	ck_assert_uint_eq(description->n_values, 16);
	ck_assert_uint_eq(description->values[15].offset, 0x1f0);
	ck_assert_uint_eq(description->values[15].value, 7);
	description_free(description);
}
END_TEST

START_TEST(excepted_and_missing_elements_are_told_apart)
{
	struct description *description =
		parse("[Device]\n[Window b]\nBar=1\n[Register ram]\nOffset=0\nCount=16\n"
		      "Except=0x9-0xa 0x30-0x30\n[Register fifo]\nOffset=0x80\nStride=0\n");
	const struct reg *ram = regmap_find(&description->regmap, "ram");
	const struct reg *fifo = regmap_find(&description->regmap, "fifo");

	ck_assert_int_eq(reg_check(ram, 1), 0);
	ck_assert_int_eq(reg_check(ram, 2), -EACCES);
	ck_assert_int_eq(reg_check(ram, 3), 0);
	ck_assert_int_eq(reg_check(ram, 11), 0);
	ck_assert_int_eq(reg_check(ram, 12), -EACCES);
	ck_assert_int_eq(reg_check(ram, 13), 0);
	ck_assert_int_eq(reg_check(ram, 16), -EINVAL);
	ck_assert_int_eq(reg_check(ram, UINT64_MAX), -EINVAL);
	ck_assert_int_eq(reg_check_range(ram, 3, 9), 0);
	ck_assert_int_eq(reg_check_range(ram, 3, 10), -EACCES);
	ck_assert_int_eq(reg_check_range(ram, 13, 3), 0);
	ck_assert_int_eq(reg_check_range(ram, 13, 4), -EINVAL);
	ck_assert_int_eq(reg_check_range(ram, 13, UINT64_MAX), -EINVAL);
	ck_assert_int_eq(reg_check_range(ram, 2, 0), 0);
	ck_assert_int_eq(reg_check_range(fifo, 0, 100000), 0);
	ck_assert_int_eq(reg_check_range(fifo, 1, 1), -EINVAL);
	description_free(description);
}
END_TEST

START_TEST(places_may_be_shared_where_nothing_is_confused)
{
	/* Interleaved arrays, a read and a write register at one place, and one that says so. */
	struct description *description =
		parse("[Device]\n[Window b]\nBar=0\n"
		      "[Register source]\nOffset=0x0\nCount=4\nStride=0x10\n"
		      "[Register target]\nOffset=0x4\nCount=4\nStride=0x10\n"
		      "[Register rx]\nOffset=0x80\nAccess=ro\n"
		      "[Register tx]\nOffset=0x80\nAccess=wo\n"
		      "[Register all]\nOffset=0x0\nCount=0x100\nOverlap=yes\n");

	ck_assert_msg(description != NULL, "%s", report.text);
	description_free(description);
	ck_assert_ptr_null(parse("[Device]\n[Window b]\nBar=0\n"
				 "[Register source]\nOffset=0x0\nCount=4\nStride=0x10\n"
				 "[Register target]\nOffset=0x8\nCount=4\nStride=0x8\n"));
	ck_assert_ptr_nonnull(strstr(report.text, ":8: register target overlaps register source"));
}
END_TEST

START_TEST(several_nodes_keep_their_order)
{
	struct description *description =
		parse("[Device]\n[Window b]\nBar=0\nSize=16\n[Node a]\nName=card/a\n[Node b]\n");

	ck_assert_msg(description != NULL, "%s", report.text);
	ck_assert_uint_eq(description->n_nodes, 2);
	ck_assert_str_eq(description->nodes[0].name, "card/a");
	ck_assert_str_eq(description->nodes[1].key, "b");
	ck_assert_str_eq(description->nodes[1].name, "b");
	description_free(description);
	ck_assert_ptr_null(
		parse("[Device]\n[Window b]\nBar=0\nSize=16\n[Node a]\n[Node]\nName=x\n"));
}
END_TEST

START_TEST(node_names_stay_below_dev)
{
	static const char *const good[] = { "edu", "edu/0", "a.b_c-d", "0" };
	static const char *const bad[] = { "",	 "/edu", "../x", "a/../b", "a//b", "a/",
					   ".x", "-x",	 "a b",	 "a\"b",   "a/.b" };

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ck_assert_ptr_null(description_node_fault(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_ptr_nonnull(description_node_fault(bad[i]));
}
END_TEST

START_TEST(a_missing_file_is_named)
{
	struct description *description = NULL;

	report_done(&report);
	ck_assert_int_eq(description_load("/nowhere/x.device", &report, &description), -ENOENT);
	ck_assert_str_eq(report.text, "/nowhere/x.device: No such file or directory\n");
}
END_TEST

#define TABLE "tests/cli/broken/descriptions" /* its first lines say how it is written */

struct text {
	char name[64], bytes[4096], expected[1024];
	size_t size;
	unsigned blanks; /* lines, which belong to it if more follows */
};

static void text_add(struct text *text, const char *bytes, size_t size)
{
	ck_assert_uint_lt(text->blanks + size, sizeof(text->bytes) - text->size);
	for (; text->blanks; text->blanks--)
		text->bytes[text->size++] = '\n';
	memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
}

/* "^ TEXT" of the line before, or of the file as a whole. */
static void text_expect(struct text *text, const char *said)
{
	unsigned line = 0;

	for (size_t i = 0; i < text->size; i++)
		line += text->bytes[i] == '\n';
	if (line)
		snprintf(text->expected, sizeof(text->expected), "%s:%u: %s", text->name, line,
			 said);
	else
		snprintf(text->expected, sizeof(text->expected), "%s: %s", text->name, said);
}

static void check_broken(const struct text *text)
{
	struct description *description = NULL;
	const struct cuio_driver *driver = NULL;
	int r;

	report_done(&report);
	r = description_parse(text->name, text->bytes, text->size, &report, &description);
	if (r >= 0)
		r = driver_load(description, &report, &driver);
	if (r >= 0)
		r = description_check_rest(description, &report);
	ck_assert_msg(r < 0 && text->expected[0], "%s: no finding", text->name);
	ck_assert_msg(report.text && !strncmp(report.text, text->expected, strlen(text->expected)),
		      "expected %sfound    %s", text->expected, report.text);
	driver_unload(driver);
	description_free(description);
}

START_TEST(every_broken_description_is_told_what_is_wrong)
{
	static struct text common, text;
	auto_fclose FILE *table = fopen(TABLE, "r");
	struct text *into = NULL;
	unsigned count = 0;
	char line[512];

	ck_assert_ptr_nonnull(table);
	while (fgets(line, sizeof(line), table)) {
		if (!strncmp(line, "++ ", 3) || !strncmp(line, "== ", 3)) {
			if (into == &text)
				check_broken(into);
			into = *line == '+' ? &common : &text;
			*into = (struct text){ 0 };
			snprintf(into->name, sizeof(into->name), "%.*s.device",
				 (int)strcspn(line + 3, "\n"), line + 3);
			count += into == &text;
		} else if (!into) {
			continue;
		} else if (!strncmp(line, "^ ", 2)) {
			text_expect(into, line + 2);
		} else if (*line == '@') {
			text_add(into, common.bytes, common.size);
		} else if (*line == '\n') {
			into->blanks++;
		} else {
			text_add(into, line, strlen(line));
		}
	}
	check_broken(&text);
	ck_assert_uint_ge(count, 97);
	report_done(&report);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("description");
	TCase *tc = tcase_create("description");

	tcase_add_test(tc, a_small_description_has_defaults);
	tcase_add_test(tc, registers_and_fields_are_as_written);
	tcase_add_test(tc, excepted_and_missing_elements_are_told_apart);
	tcase_add_test(tc, places_may_be_shared_where_nothing_is_confused);
	tcase_add_test(tc, several_nodes_keep_their_order);
	tcase_add_test(tc, node_names_stay_below_dev);
	tcase_add_test(tc, a_missing_file_is_named);
	tcase_add_test(tc, every_broken_description_is_told_what_is_wrong);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
