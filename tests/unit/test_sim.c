/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulator and its edu: registers, time, a level interrupt, and life after a crash. */
#include "hardware/hardware.h"
#include "suite.h"
#include <check.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define IDENT	   0x00
#define LIVENESS   0x04
#define FACTORIAL  0x08
#define STATUS	   0x20
#define IRQ_STATUS 0x24
#define IRQ_RAISE  0x60
#define IRQ_ACK	   0x64

static const struct window_spec windows[] = {
	{ .name = "bar0", .bar = 0, .size = 0x100, .file = "edu.device", .line = 4 },
	{ .name = "bar2", .bar = 2, .size = 0x1004, .file = "edu.device", .line = 7 },
};
static const struct sim_value values[] = {
	{ "bar2", 0x10, 4, 0x12345678 },
	{ "bar2", 0x1003, 1, 0x9a },
	{ "bar2", 0x2000, 4, 0xffffffff }, /* leaves the window: not set */
};
static const struct hardware_spec spec = {
	.backend = "sim",
	.file = "edusim0.conf",
	.windows = windows,
	.n_windows = 2,
	.interrupt = true,
	.model = "edu",
	.values = values,
	.n_values = 3,
};

static struct report report;
static struct hardware *card;
static const struct window *edu, *memory;

static void open_card(const struct hardware_spec *wanted, struct fds *fds)
{
	ck_assert_int_eq(hardware_open(wanted, fds, &report, &card), 0);
	edu = hardware_window(card, "bar0");
	memory = hardware_window(card, "bar2");
}

static void setup(void)
{
	struct fds *fds;

	report = (struct report){ 0 };
	ck_assert_int_eq(fds_new(&fds), 0);
	open_card(&spec, fds);
	fds_free(fds);
}

static void teardown(void)
{
	hardware_close(card);
	report_done(&report);
}

static uint32_t get(uint64_t offset)
{
	return (uint32_t)window_read(edu, offset, 4);
}

static void set(uint64_t offset, uint32_t value)
{
	window_write(edu, offset, 4, value);
}

static bool readable(int milliseconds)
{
	struct pollfd fd = { .fd = hardware_interrupt_fd(card), .events = POLLIN };

	return poll(&fd, 1, milliseconds) == 1;
}

START_TEST(edu_says_who_it_is_and_that_it_lives)
{
	ck_assert_uint_eq(get(IDENT), 0x010000ed);
	set(LIVENESS, 0x12345678);
	ck_assert_uint_eq(get(LIVENESS), ~0x12345678U);
}
END_TEST

START_TEST(edu_answers_only_32_bits)
{
	ck_assert_uint_eq(window_read(edu, IDENT, 1), 0);
	ck_assert_uint_eq(window_read(edu, IDENT, 2), 0);
	ck_assert(window_read(edu, IDENT, 8) == UINT64_MAX);
}
END_TEST

START_TEST(a_factorial_takes_a_while)
{
	set(FACTORIAL, 10);
	ck_assert_uint_eq(get(STATUS) & 1, 1);
	while (get(STATUS) & 1)
		;
	ck_assert_uint_eq(get(FACTORIAL), 3628800);
	ck_assert_uint_eq(get(IRQ_STATUS), 0);
}
END_TEST

START_TEST(large_factorials_overflow_as_on_the_card)
{
	static const struct {
		uint32_t n, product;
	} cases[] = { { 0, 1 }, { 13, 1932053504 }, { 33, 0x80000000 }, { 34, 0 }, { ~0U, 0 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set(FACTORIAL, cases[i].n);
		while (get(STATUS) & 1)
			;
		ck_assert_uint_eq(get(FACTORIAL), cases[i].product);
	}
}
END_TEST

START_TEST(an_interrupt_tells_of_the_end)
{
	ck_assert_int_eq(hardware_interrupt_unmask(card), 0);
	set(STATUS, 0x80);
	set(FACTORIAL, 5);
	ck_assert(readable(1000));
	ck_assert_int_eq(hardware_interrupt_take(card), 1);
	ck_assert_uint_eq(get(IRQ_STATUS), 1);
	ck_assert_uint_eq(get(FACTORIAL), 120);
}
END_TEST

START_TEST(a_masked_interrupt_shows_nothing)
{
	set(IRQ_RAISE, 4);
	ck_assert(!readable(20));
	ck_assert_int_eq(hardware_interrupt_take(card), 0);
}
END_TEST

START_TEST(unmasking_shows_what_is_still_asserted)
{
	set(IRQ_RAISE, 4);
	hardware_interrupt_unmask(card);
	ck_assert(readable(1000));
	ck_assert_int_eq(hardware_interrupt_take(card), 1);
	ck_assert(!readable(20));
	hardware_interrupt_unmask(card);
	ck_assert(readable(1000));
	ck_assert_int_eq(hardware_interrupt_take(card), 1);
	set(IRQ_ACK, 4);
	hardware_interrupt_unmask(card);
	ck_assert(!readable(20));
}
END_TEST

START_TEST(an_interrupt_acknowledged_before_it_was_taken_is_none)
{
	hardware_interrupt_unmask(card);
	set(IRQ_RAISE, 4);
	ck_assert(readable(1000));
	set(IRQ_ACK, 4);
	ck_assert_int_eq(hardware_interrupt_take(card), 0);
	set(IRQ_RAISE, 8);
	ck_assert(readable(1000));
	ck_assert_int_eq(hardware_interrupt_take(card), 1);
}
END_TEST

START_TEST(a_window_without_a_model_is_memory)
{
	ck_assert_uint_eq(window_read(memory, 0x10, 4), 0x12345678);
	ck_assert_uint_eq(window_read(memory, 0x10, 1), 0x78);
	ck_assert_uint_eq(window_read(memory, 0x1003, 1), 0x9a);
	ck_assert_uint_eq(window_read(memory, 0x1002, 1), 0);
	window_write(memory, 0x20, 8, 0x1122334455667788);
	ck_assert_uint_eq(window_read(memory, 0x24, 2), 0x3344);
	window_write(memory, 0x24, 2, 0xaabb);
	ck_assert(window_read(memory, 0x20, 8) == 0x1122aabb55667788);
	ck_assert_ptr_nonnull(memory->memory);
	ck_assert_ptr_null(edu->memory);
}
END_TEST

/* A crash: the descriptors live on, the process does not. */
static int keep(void *context, const char *name, int fd)
{
	return fds_add(context, name, dup(fd));
}

static void crash_and_reopen(const struct hardware_spec *wanted)
{
	struct fds *fds;

	ck_assert_int_eq(fds_new(&fds), 0);
	ck_assert_int_eq(hardware_each_fd(card, keep, fds), 0);
	ck_assert(fds_has(fds, "sim") && fds_has(fds, "sim-interrupt"));
	hardware_close(card);
	open_card(wanted, fds);
	ck_assert_uint_eq(fds_count(fds), 0);
	fds_free(fds);
}

START_TEST(registers_survive_a_crash)
{
	window_write(memory, 0x10, 4, 77);
	set(LIVENESS, 1);
	crash_and_reopen(&spec);
	ck_assert_uint_eq(window_read(memory, 0x10, 4), 77);
	ck_assert_uint_eq(get(LIVENESS), ~1U);
}
END_TEST

START_TEST(a_computation_ends_while_nobody_is_there)
{
	set(STATUS, 0x80);
	set(FACTORIAL, 6);
	crash_and_reopen(&spec);
	ck_assert(!readable(20));
	hardware_interrupt_unmask(card);
	ck_assert(readable(1000));
	ck_assert_int_eq(hardware_interrupt_take(card), 1);
	ck_assert_uint_eq(get(FACTORIAL), 720);
}
END_TEST

START_TEST(another_layout_is_another_card)
{
	struct window_spec larger[2] = { windows[0], windows[1] };
	struct hardware_spec other = spec;

	window_write(memory, 0x10, 4, 77);
	larger[1].size = 0x2004;
	other.windows = larger;
	crash_and_reopen(&other);
	ck_assert_uint_eq(window_read(memory, 0x10, 4), 0x12345678);
}
END_TEST

START_TEST(an_unknown_model_is_refused)
{
	struct hardware_spec other = spec;
	struct hardware *none;
	struct fds *fds;

	other.model = "ude";
	other.line = 3;
	fds_new(&fds);
	ck_assert_int_lt(hardware_open(&other, fds, &report, &none), 0);
	ck_assert_msg(strstr(report.text, "edusim0.conf:3: the simulator has no model \"ude\", ") &&
			      strstr(report.text, " edu"),
		      "%s", report.text);
	fds_free(fds);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sim");
	TCase *cases = tcase_create("edu");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, edu_says_who_it_is_and_that_it_lives);
	tcase_add_test(cases, edu_answers_only_32_bits);
	tcase_add_test(cases, a_factorial_takes_a_while);
	tcase_add_test(cases, large_factorials_overflow_as_on_the_card);
	tcase_add_test(cases, an_interrupt_tells_of_the_end);
	tcase_add_test(cases, a_masked_interrupt_shows_nothing);
	tcase_add_test(cases, unmasking_shows_what_is_still_asserted);
	tcase_add_test(cases, an_interrupt_acknowledged_before_it_was_taken_is_none);
	tcase_add_test(cases, a_window_without_a_model_is_memory);
	tcase_add_test(cases, registers_survive_a_crash);
	tcase_add_test(cases, a_computation_ends_while_nobody_is_there);
	tcase_add_test(cases, another_layout_is_another_card);
	tcase_add_test(cases, an_unknown_model_is_refused);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
