/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers on a window that notes its accesses. */
#include "regmap/description.h"
#include "regmap/regmap.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct report report;
static struct description *description;
static uint64_t last_offset, last_value;
static unsigned last_width;

static uint64_t note_read(const struct window *window, uint64_t offset, unsigned width)
{
	(void)window;
	last_offset = offset;
	last_width = width;
	return 0x1122334455667788;
}

static void note_write(const struct window *window, uint64_t offset, unsigned width, uint64_t value)
{
	note_read(window, offset, width);
	last_value = value;
}

static const struct window_ops ops = { .read = note_read, .write = note_write };
static struct window window = { .name = "bar0", .ops = &ops, .size = 0x100 };

/* Stands in for hardware/hardware.c, which is not linked then. */
const struct window *hardware_window(const struct hardware *hardware, const char *name)
{
	(void)hardware;
	return strcmp(name, window.name) ? NULL : &window;
}

static void load(const char *text)
{
	report_done(&report);
	ck_assert_int_eq(description_parse("f", text, strlen(text), &report, &description), 0);
}

static void teardown(void)
{
	description_free(description);
	description = NULL;
	report_done(&report);
	window.size = 0x100;
}

START_TEST(binding_gives_each_register_its_window)
{
	load("[Device]\n[Window bar0]\nBar=0\n[Register a]\nOffset=8\n[Register b]\nOffset=0xfc\n");
	ck_assert_int_eq(regmap_bind(&description->regmap, NULL, &report), 0);
	ck_assert_ptr_eq(description->regmap.regs[0].window, &window);
	ck_assert_ptr_eq(description->regmap.regs[1].window, &window);
}
END_TEST

START_TEST(a_card_s_smaller_or_missing_window_is_a_finding)
{
	load("[Device]\n[Window bar0]\nBar=0\n[Window bar1]\nBar=1\n"
	     "[Register a]\nWindow=bar0\nOffset=8\n[Register b]\nWindow=bar1\nOffset=0\n");
	window.size = 8;
	ck_assert_int_eq(regmap_bind(&description->regmap, NULL, &report), -EINVAL);
	ck_assert_str_eq(report.text,
			 "f:6: register a ends at 0xc, but the card's window bar0 has only 0x8 "
			 "bytes\nf:9: register b: the card has no window bar1\n");
}
END_TEST

START_TEST(accesses_have_the_register_s_place_and_width)
{
	const struct reg *reg;

	load("[Device]\n[Window bar0]\nBar=0\n"
	     "[Register a]\nOffset=8\nWidth=16\nCount=4\nStride=0x10\n");
	ck_assert_int_eq(regmap_bind(&description->regmap, NULL, &report), 0);
	reg = regmap_find(&description->regmap, "a");
	reg_read(reg, 3);
	ck_assert_uint_eq(last_offset, 0x38);
	ck_assert_uint_eq(last_width, 2);
	reg_write(reg, 1, 0x12345);
	ck_assert_uint_eq(last_offset, 0x18);
	ck_assert_uint_eq(last_value, 0x2345);
	ck_assert_uint_eq(reg_mask(reg), 0xffff);
	ck_assert_uint_eq(reg_end(reg), 0x3a);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("regmap");
	TCase *tc = tcase_create("regmap");

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, binding_gives_each_register_its_window);
	tcase_add_test(tc, a_card_s_smaller_or_missing_window_is_a_finding);
	tcase_add_test(tc, accesses_have_the_register_s_place_and_width);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
