/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values, places and registers in steps. */
#include "fake_card.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* The value of an expression over the argument `a`. */
static uint64_t value_of(const char *expression, uint64_t a)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "[Const]\nTEN=10\nDOZEN=TEN + 2\n"
		 "[Ioctl RUN]\nNumber=_IOWR('x', 1, u64)\nStep=let a = arg\nStep=let arg = %s\n",
		 expression);
	load(text);
	ck_assert_int_eq(run(&a), 0);
	fake_done(&device);
	return a;
}

START_TEST(expressions_have_c_s_precedence)
{
	static const struct {
		const char *expression;
		uint64_t a, value;
	} cases[] = {
		{ "1 + 2 * 3", 0, 7 },
		{ "(1 + 2) * 3", 0, 9 },
		{ "a + 2 * 3", 1, 7 },
		{ "10 - 4 - 3", 0, 3 },
		{ "a - 4 - 3", 10, 3 },
		{ "a / 4 * 3 % 7", 10, 6 },
		{ "1 << a + 1", 3, 16 },
		{ "a & 6 == 6", 7, 1 },
		{ "(a & 6) == 6", 7, 1 },
		{ "(a & 6) == 6", 5, 0 },
		{ "a | 1 ^ 3 & 2", 8, 11 },
		{ "a < 3 == 1", 2, 1 },
		{ "a == 1 || a == 2 && 0", 1, 1 },
		{ "!a == 0", 5, 1 },
		{ "~a & 0xff", 0x0f, 0xf0 },
		{ "-a + 1", 1, 0 },
		{ "-1 > 0", 0, 1 },
		{ "a >= 3 && a <= 5", 4, 1 },
		{ "a != 3", 3, 0 },
		{ "a << 64", 1, 0 },
		{ "a >> 64", 1, 0 },
		{ "a << 63", 3, UINT64_C(1) << 63 },
		{ "'V' + '\\n'", 0, 'V' + '\n' },
		{ "DOZEN * TEN", 0, 120 },
		{ "0x10 + 010", 0, 24 },
		{ "((((a))))", 9, 9 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ck_assert_msg(value_of(cases[i].expression, cases[i].a) == cases[i].value, "%s",
			      cases[i].expression);
}
END_TEST

START_TEST(division_by_zero_is_einval)
{
	uint64_t arg = 0;

	load("[Ioctl RUN]\nNumber=_IOWR('x', 1, u64)\nStep=let arg = 1 / arg\n");
	ck_assert_int_eq(run(&arg), -EINVAL);
	fake_done(&device);
	/* What && and || do not ask cannot fail. */
	ck_assert_uint_eq(value_of("a && 1 / a", 0), 0);
	ck_assert_uint_eq(value_of("!a || 1 % a", 0), 1);
}
END_TEST

START_TEST(fields_are_changed_alone)
{
	uint64_t arg = 5;

	load("[Ioctl RUN]\nNumber=_IOWR('x', 1, u64)\nStep=write control.speed arg\n"
	     "Step=read control.speed arg\n");
	fake_memory_set(&memory, 4, 0xffff0001);
	ck_assert_int_eq(run(&arg), 0);
	ck_assert_uint_eq(fake_memory_get(&memory, 4), 0xffff0501);
	ck_assert_uint_eq(arg, 5);
	arg = 0x1f;
	run(&arg);
	ck_assert_uint_eq(fake_memory_get(&memory, 4), 0xffff0f01);
	fake_done(&device);
}
END_TEST

START_TEST(shadows_remember_what_cannot_be_read)
{
	uint64_t arg = 5;

	load("[Ioctl RUN]\nNumber=_IOWR('x', 1, u64)\nStep=write latch.led arg\n"
	     "Step=read latch arg\n");
	ck_assert_int_eq(run(&arg), 0);
	ck_assert_uint_eq(arg, 0xf5);
	ck_assert_uint_eq(fake_memory_get(&memory, 8), 0xf5);
	ck_assert_uint_eq(memory.reads, 0);
	fake_done(&device);
}
END_TEST

START_TEST(elements_and_offsets_are_checked_before_access)
{
	static const struct {
		uint64_t arg;
		int result;
		uint64_t offset;
	} by_index[] = { { 0, 0, 0x200 },
			 { 7, 0, 0x238 },
			 { 8, -EINVAL, 0 },
			 { 2, -EACCES, 0 },
			 { 1, 0, 0x208 },
			 { 3, 0, 0x218 },
			 { ~UINT64_C(0), -EINVAL, 0 } },
	  by_offset[] = { { 0, 0, 0x200 },	{ 0x38, 0, 0x238 }, { 0x40, -EINVAL, 0 },
			  { 0x10, -EACCES, 0 }, { 4, -EINVAL, 0 },  { 1, -EINVAL, 0 } };

	load("[Ioctl RUN]\nNumber=_IOW('x', 1, u64)\nStep=write slots[arg] 7\n");
	for (size_t i = 0; i < sizeof(by_index) / sizeof(*by_index); i++) {
		uint64_t arg = by_index[i].arg;

		memory.writes = 0;
		ck_assert_int_eq(run(&arg), by_index[i].result);
		ck_assert_uint_eq(memory.writes, by_index[i].result ? 0 : 1);
		if (!by_index[i].result)
			ck_assert_uint_eq(memory.last_offset, by_index[i].offset);
	}
	fake_done(&device);
	load("[Ioctl RUN]\nNumber=_IOW('x', 1, u64)\nStep=write slots@arg 7\n");
	for (size_t i = 0; i < sizeof(by_offset) / sizeof(*by_offset); i++) {
		uint64_t arg = by_offset[i].arg;

		memory.writes = 0;
		ck_assert_int_eq(run(&arg), by_offset[i].result);
		ck_assert_uint_eq(memory.writes, by_offset[i].result ? 0 : 1);
		if (!by_offset[i].result)
			ck_assert_uint_eq(memory.last_offset, by_offset[i].offset);
	}
	fake_done(&device);
}
END_TEST

START_TEST(slices_move_blocks_and_bursts)
{
	uint32_t words[4] = { 1, 2, 3, 4 };
	uint8_t bytes[5];

	load("[Write]\nStep=write ram[offset:count / 4] data.u32[0:count / 4]\nStep=return count\n"
	     "[Read]\nStep=read fifo[0:count] data.u8[0:count]\nStep=return count\n");
	request.offset = 2;
	ck_assert_int_eq(fake_write(&file, &request, words, sizeof(words)), 16);
	ck_assert_uint_eq(fake_memory_get(&memory, 0x108), 1);
	ck_assert_uint_eq(fake_memory_get(&memory, 0x114), 4);
	/* 14 + 4 elements are too many: nothing is touched. */
	request.offset = 13;
	memory.writes = 0;
	ck_assert_int_eq(fake_write(&file, &request, words, sizeof(words)), -EINVAL);
	ck_assert_uint_eq(memory.writes, 0);
	memory.bytes[0xc] = 0x5a;
	ck_assert_int_eq(fake_read(&file, &request, bytes, sizeof(bytes)), 5);
	ck_assert_uint_eq(memory.reads, 5);
	ck_assert_uint_eq(bytes[4], 0x5a);
	fake_done(&device);
}
END_TEST

START_TEST(a_slice_can_be_filled_and_lengths_must_agree)
{
	uint64_t arg = 3;

	load("[State]\nDevice=buffer[8]:u32\n"
	     "[Ioctl RUN]\nNumber=_IOW('x', 1, u64)\nStep=write ram[0:16] 7\n"
	     "Step=read ram[0:arg] dev.buffer[1:3]\nStep=return dev.buffer[3]\n");
	ck_assert_int_eq(run(&arg), 7);
	ck_assert_uint_eq(fake_memory_get(&memory, 0x13c), 7);
	arg = 2;
	ck_assert_int_eq(run(&arg), -EINVAL);
	fake_done(&device);
}
END_TEST

START_TEST(data_stays_within_the_caller_s_buffer)
{
	uint8_t bytes[8] = { 0 };

	load("[Read]\nStep=let data.u32[1] = 0x01020304\nStep=return 8\n");
	ck_assert_int_eq(fake_read(&file, &request, bytes, 7), -EINVAL);
	ck_assert_int_eq(fake_read(&file, &request, bytes, 8), 8);
	ck_assert_uint_eq(bytes[4], 4);
	fake_done(&device);
	load("[Read]\nStep=return 8\n");
	ck_assert_int_eq(fake_read(&file, &request, bytes, 7), -EINVAL);
	fake_done(&device);
}
END_TEST

/* The buffer still holds the data of an earlier call, of another caller. */
START_TEST(bytes_of_a_read_that_no_step_sets_are_zero)
{
	uint8_t bytes[16];

	load("[Read]\nStep=let data.u16[3] = 0x0706 if count < 16\n"
	     "Step=let data.u8[1] = 1 if count < 16\n"
	     "Step=return 12 if count < 16\nStep=return count\n");
	memset(bytes, 0xa5, sizeof(bytes));
	ck_assert_int_eq(fake_read(&file, &request, bytes, 16), 16);
	ck_assert_mem_eq(bytes, (uint8_t[16]){ 0 }, 16);
	memset(bytes, 0xa5, sizeof(bytes));
	ck_assert_int_eq(fake_read(&file, &request, bytes, 14), 12);
	ck_assert_mem_eq(bytes, ((uint8_t[12]){ 0, 1, 0, 0, 0, 0, 6, 7 }), 12);
	fake_done(&device);
}
END_TEST

START_TEST(signed_values_are_extended)
{
	int32_t values[2] = { -1, 0 };

	load("[Ioctl RUN]\nNumber=_IOWR('x', 1, s32)\nStep=return 1 if arg >> 63\n");
	ck_assert_int_eq(run((uint64_t *)(void *)values), 1);
	values[0] = 1;
	ck_assert_int_eq(run((uint64_t *)(void *)values), 0);
	fake_done(&device);
}
END_TEST

START_TEST(an_argument_by_value_is_cut_to_its_type)
{
	uint64_t arg = 0xffffffff12345678;

	load("[Ioctl RUN]\nNumber=_IO('x', 1)\nArg=value:u16\nStep=write control arg\n");
	ck_assert_int_eq(run(&arg), 0);
	ck_assert_uint_eq(fake_memory_get(&memory, 4), 0x5678);
	fake_done(&device);
}
END_TEST

START_TEST(results_beyond_an_int_are_einval)
{
	uint64_t arg = 0x7fffffff;

	load("[Ioctl RUN]\nNumber=_IOW('x', 1, u64)\nStep=return arg\n");
	ck_assert_int_eq(run(&arg), 0x7fffffff);
	arg++;
	ck_assert_int_eq(run(&arg), -EINVAL);
	fake_done(&device);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("steps_values");
	TCase *tc = tcase_create("steps_values");

	tcase_add_test(tc, expressions_have_c_s_precedence);
	tcase_add_test(tc, division_by_zero_is_einval);
	tcase_add_test(tc, fields_are_changed_alone);
	tcase_add_test(tc, shadows_remember_what_cannot_be_read);
	tcase_add_test(tc, elements_and_offsets_are_checked_before_access);
	tcase_add_test(tc, slices_move_blocks_and_bursts);
	tcase_add_test(tc, a_slice_can_be_filled_and_lengths_must_agree);
	tcase_add_test(tc, data_stays_within_the_caller_s_buffer);
	tcase_add_test(tc, bytes_of_a_read_that_no_step_sets_are_zero);
	tcase_add_test(tc, signed_values_are_extended);
	tcase_add_test(tc, an_argument_by_value_is_cut_to_its_type);
	tcase_add_test(tc, results_beyond_an_int_are_einval);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
