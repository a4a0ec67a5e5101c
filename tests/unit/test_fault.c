/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fault injector around the simulator. */
#include "hardware/fault.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <time.h>

#define IDENT	   0x00
#define IRQ_STATUS 0x24
#define IRQ_RAISE  0x60
#define IRQ_ACK	   0x64

static struct hardware *card;
static struct fault_plan *plan;
static const struct window *edu, *memory;

static void setup(void)
{
	static const struct window_spec windows[] = {
		{ .name = "bar0", .size = 0x100 },
		{ .name = "memory", .bar = 2, .size = 0x100 },
	};
	static const struct hardware_spec spec = { .backend = "sim",
						   .windows = windows,
						   .n_windows = 2,
						   .interrupt = true,
						   .model = "edu" };
	struct report report = { 0 };
	struct hardware *inner;
	struct fds *fds;

	ck_assert_int_eq(fds_new(&fds), 0);
	ck_assert_int_eq(hardware_open(&spec, fds, &report, &inner), 0);
	fds_free(fds);
	ck_assert_int_eq(fault_wrap(inner, &card), 0);
	plan = fault_plan(card);
	edu = hardware_window(card, "bar0");
	memory = hardware_window(card, "memory");
	hardware_interrupt_unmask(card);
}

static void teardown(void)
{
	hardware_close(card);
}

static bool readable(void)
{
	struct pollfd fd = { .fd = hardware_interrupt_fd(card), .events = POLLIN };

	return poll(&fd, 1, 20) == 1;
}

START_TEST(without_a_plan_nothing_changes)
{
	ck_assert_uint_eq(window_read(edu, IDENT, 4), 0x010000ed);
	window_write(edu, IRQ_RAISE, 4, 1);
	ck_assert(readable());
	ck_assert_int_eq(hardware_interrupt_take(card), 1);
	ck_assert(!readable());
	ck_assert_uint_eq(plan->reads, 1);
	ck_assert_uint_eq(plan->writes, 1);
}
END_TEST

START_TEST(a_burst_is_as_many_accesses)
{
	static const uint32_t raise[] = { 0x1, 0x20, 0x4 };
	uint32_t ident[5] = { 0 }, pending[2];

	window_read_many(edu, IDENT, 4, ident, 4);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(ident[i], 0x010000ed);
	ck_assert_uint_eq(ident[4], 0);
	ck_assert_uint_eq(plan->reads, 4);
	window_write_many(edu, IRQ_RAISE, 4, raise, 3);
	ck_assert_uint_eq(plan->writes, 3);
	window_read_many(edu, IRQ_STATUS, 4, pending, 1);
	ck_assert_uint_eq(pending[0], 0x25);
	plan->gone = true;
	window_read_many(edu, IDENT, 4, ident, 4);
	ck_assert_uint_eq(ident[3], UINT32_MAX);
}
END_TEST

START_TEST(a_lost_interrupt_comes_back_with_the_next_unmask)
{
	plan->lose_interrupts = 1;
	window_write(edu, IRQ_RAISE, 4, 1);
	ck_assert(readable());
	ck_assert_int_eq(hardware_interrupt_take(card), 0);
	ck_assert(!readable());
	hardware_interrupt_unmask(card);
	ck_assert(readable());
	ck_assert_int_eq(hardware_interrupt_take(card), 1);
}
END_TEST

START_TEST(a_doubled_interrupt_is_told_twice)
{
	plan->double_interrupts = 1;
	window_write(edu, IRQ_RAISE, 4, 1);
	ck_assert(readable());
	ck_assert_int_eq(hardware_interrupt_take(card), 1);
	window_write(edu, IRQ_ACK, 4, 1);
	ck_assert(readable());
	ck_assert_int_eq(hardware_interrupt_take(card), 1);
	ck_assert(!readable());
	ck_assert_int_eq(hardware_interrupt_take(card), 0);
}
END_TEST

START_TEST(so_many_reads_give_all_ones)
{
	plan->ones_reads = 2;
	ck_assert_uint_eq(window_read(edu, IDENT, 4), 0xffffffff);
	ck_assert_uint_eq(window_read(edu, IDENT, 1), 0xff);
	ck_assert_uint_eq(window_read(edu, IDENT, 4), 0x010000ed);
}
END_TEST

START_TEST(hardware_that_is_gone_says_so)
{
	plan->gone = true;
	ck_assert(window_read(edu, IDENT, 8) == UINT64_MAX);
	window_write(edu, IRQ_RAISE, 4, 1);
	ck_assert_int_eq(hardware_interrupt_take(card), -ENODEV);
	ck_assert_int_eq(hardware_interrupt_unmask(card), -ENODEV);
	plan->gone = false;
	ck_assert(!readable());
}
END_TEST

START_TEST(a_slow_card_takes_its_time)
{
	struct timespec before, after;

	plan->delay = 20000000;
	clock_gettime(CLOCK_MONOTONIC, &before);
	window_read(edu, IDENT, 4);
	clock_gettime(CLOCK_MONOTONIC, &after);
	ck_assert_int_ge((after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec -
				 before.tv_nsec,
			 20000000);
}
END_TEST

START_TEST(bulk_copies_meet_faults_too)
{
	char bytes[8];

	window_put(memory, 0x11, "abcdefg", 8);
	ck_assert_uint_eq(plan->writes, 8);
	window_get(memory, 0x11, bytes, 8);
	ck_assert_str_eq(bytes, "abcdefg");
	ck_assert_uint_eq(plan->reads, 8);
	plan->gone = true;
	window_get(memory, 0x11, bytes, 8);
	ck_assert_mem_eq(bytes, "\377\377\377\377\377\377\377\377", 8);
	plan->gone = false;
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault");
	TCase *cases = tcase_create("plans");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, without_a_plan_nothing_changes);
	tcase_add_test(cases, a_burst_is_as_many_accesses);
	tcase_add_test(cases, a_lost_interrupt_comes_back_with_the_next_unmask);
	tcase_add_test(cases, a_doubled_interrupt_is_told_twice);
	tcase_add_test(cases, so_many_reads_give_all_ones);
	tcase_add_test(cases, hardware_that_is_gone_says_so);
	tcase_add_test(cases, bulk_copies_meet_faults_too);
	tcase_add_test(cases, a_slow_card_takes_its_time);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
