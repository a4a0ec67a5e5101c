/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shipped descriptions, served by the registers driver, on small fake cards. */
#include "fake_core.h"
#include "fake_edu.h"
#include <check.h>
#include <cuio/edu.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define EDU_DEVICE	"daemon/driver/devices/edu.device"
#define LITEPCIE_DEVICE "daemon/driver/devices/litepcie-csr.device"

static struct cuio_device device;
static struct cuio_file file, other;
static struct fake_edu edu;

static void edu_setup(void)
{
	fake_edu_init(&edu);
	fake_load(&device, EDU_DEVICE, &edu.window);
	file = (struct cuio_file){ .device = &device };
	other = (struct cuio_file){ .device = &device };
}

static void teardown(void)
{
	fake_done(&device);
}

static ssize_t write_number(struct cuio_request *request, uint32_t n)
{
	return fake_write(&file, request, &n, sizeof(n));
}

static void finish(void)
{
	fake_edu_finish(&edu);
	fake_edu_raise(&edu);
	fake_interrupt(&device);
}

START_TEST(edu_interrupts_at_the_end_of_computations)
{
	ck_assert_uint_eq(edu.irqfact, 0x80);
	device.driver->stop(&device);
	ck_assert_uint_eq(edu.irqfact, 0);
}
END_TEST

START_TEST(edu_read_waits_for_the_interrupt)
{
	struct cuio_request w = { 0 }, r = { 0 };
	uint32_t result = 0;

	ck_assert_int_eq(write_number(&w, 5), 4);
	ck_assert_int_eq(fake_read(&other, &r, &result, 4), cuio_not_yet);
	fake_edu_finish(&edu);
	ck_assert_int_eq(fake_read(&other, &r, &result, 4), cuio_not_yet);
	fake_edu_raise(&edu);
	fake_interrupt(&device);
	ck_assert_int_eq(fake_read(&other, &r, &result, 4), 4);
	ck_assert_uint_eq(result, 120);
	ck_assert_uint_eq(edu.irq_status, 0);
}
END_TEST

START_TEST(edu_second_write_waits_until_the_result_was_read)
{
	struct cuio_request a = { 0 }, b = { 0 }, r = { 0 };
	uint32_t result = 0;

	ck_assert_int_eq(write_number(&a, 3), 4);
	ck_assert_int_eq(write_number(&b, 4), cuio_not_yet);
	finish();
	ck_assert_int_eq(write_number(&b, 4), cuio_not_yet);
	ck_assert_int_eq(fake_read(&file, &r, &result, 4), 4);
	ck_assert_uint_eq(result, 6);
	ck_assert_int_eq(write_number(&b, 4), 4);
	ck_assert_uint_eq(edu.n, 4);
}
END_TEST

START_TEST(edu_sizes_are_checked)
{
	struct cuio_request r = { 0 };
	uint64_t n = 0;

	ck_assert_int_eq(fake_write(&file, &r, &n, 3), -EINVAL);
	ck_assert_int_eq(fake_write(&file, &r, &n, 8), -EINVAL);
	ck_assert_int_eq(fake_read(&file, &r, &n, 3), -EINVAL);
}
END_TEST

START_TEST(edu_poll_tells_the_truth)
{
	struct cuio_request w = { 0 }, r = { 0 };
	uint32_t result;

	ck_assert_uint_eq(device.driver->poll(&file), CUIO_READY_OUT);
	write_number(&w, 3);
	ck_assert_uint_eq(device.driver->poll(&file), 0);
	finish();
	ck_assert_uint_eq(device.driver->poll(&file), CUIO_READY_IN);
	ck_assert_int_eq(fake_read(&file, &r, &result, 131072), 4);
	ck_assert_uint_eq(device.driver->poll(&file), CUIO_READY_OUT);
}
END_TEST

START_TEST(edu_ident_and_liveness)
{
	struct cuio_request a = { 0 }, b = { 0 };
	uint32_t arg = 0;

	ck_assert_int_eq(fake_ioctl(&file, &a, "EDU_IOCTL_IDENT", &arg), 0);
	ck_assert_uint_eq(arg, 0x010000ed);
	arg = 0x12345678;
	ck_assert_int_eq(fake_ioctl(&file, &b, "EDU_IOCTL_LIVENESS", &arg), 0);
	ck_assert_uint_eq(arg, ~0x12345678U);
}
END_TEST

START_TEST(edu_factorial_holds_the_device_until_done)
{
	struct cuio_request r = { 0 };
	uint32_t arg = 10;
	uint64_t start = device.now;

	ck_assert_int_eq(fake_ioctl(&file, &r, "EDU_IOCTL_FACTORIAL", &arg), cuio_not_yet);
	ck_assert(r.hold);
	ck_assert_uint_gt(r.deadline, start);
	ck_assert_uint_le(r.deadline, start + 1000000);
	ck_assert_uint_eq(device.driver->poll(&file), 0);
	device.now = r.deadline;
	ck_assert_int_eq(fake_ioctl(&file, &r, "EDU_IOCTL_FACTORIAL", &arg), cuio_not_yet);
	ck_assert(r.hold);
	fake_edu_finish(&edu);
	device.now = r.deadline;
	ck_assert_int_eq(fake_ioctl(&file, &r, "EDU_IOCTL_FACTORIAL", &arg), 0);
	ck_assert_uint_eq(arg, 3628800);
	ck_assert_uint_eq(device.driver->poll(&file), CUIO_READY_OUT);
}
END_TEST

START_TEST(edu_factorial_times_out_and_drains)
{
	struct cuio_request r = { 0 }, w = { 0 };
	uint32_t arg = 10;
	uint64_t end = device.now + 1000000000;
	int result;

	while ((result = fake_ioctl(&file, &r, "EDU_IOCTL_FACTORIAL", &arg)) == cuio_not_yet) {
		ck_assert_uint_le(r.deadline, end);
		device.now = r.deadline;
	}
	ck_assert_int_eq(result, -ETIMEDOUT);
	ck_assert_uint_eq(device.now, end);
	ck_assert_int_eq(write_number(&w, 3), cuio_not_yet);
	finish();
	ck_assert_int_eq(write_number(&w, 3), 4);
}
END_TEST

START_TEST(edu_factorial_leaves_no_interrupt_for_a_later_read)
{
	struct cuio_request f = { 0 }, w = { 0 }, r = { 0 };
	uint32_t arg = 4, result = 0;

	edu.busy_reads = 3;
	ck_assert_int_eq(fake_ioctl(&file, &f, "EDU_IOCTL_FACTORIAL", &arg), 0);
	ck_assert_uint_eq(arg, 24);
	ck_assert_uint_eq(edu.irq_status, 1);
	ck_assert_int_eq(write_number(&w, 5), 4);
	/* The interrupt of the ioctl's computation comes now. */
	fake_interrupt(&device);
	ck_assert_int_eq(fake_read(&file, &r, &result, 4), cuio_not_yet);
	finish();
	ck_assert_int_eq(fake_read(&file, &r, &result, 4), 4);
	ck_assert_uint_eq(result, 120);
}
END_TEST

START_TEST(edu_raise_while_computing_is_no_result)
{
	struct cuio_request w = { 0 }, r = { 0 }, i = { 0 }, q = { 0 };
	uint32_t result = 0, cause = 0;
	uint64_t bits = 0xffffffff00000001;

	ck_assert_int_eq(write_number(&w, 5), 4);
	ck_assert_int_eq(fake_ioctl(&other, &q, "EDU_IOCTL_WAIT_IRQ", &cause), cuio_not_yet);
	ck_assert(!q.hold);
	ck_assert_int_eq(fake_ioctl(&other, &i, "EDU_IOCTL_RAISE_IRQ", &bits), 0);
	fake_interrupt(&device);
	ck_assert_int_eq(fake_read(&file, &r, &result, 4), cuio_not_yet);
	ck_assert_int_eq(fake_ioctl(&other, &q, "EDU_IOCTL_WAIT_IRQ", &cause), 0);
	ck_assert_uint_eq(cause, 1);
	finish();
	ck_assert_int_eq(fake_read(&file, &r, &result, 4), 4);
	ck_assert_uint_eq(result, 120);
}
END_TEST

START_TEST(edu_wait_irq_wants_a_new_interrupt)
{
	struct cuio_request i = { 0 }, q = { 0 };
	uint64_t bits = 0x100;
	uint32_t cause = 0;

	fake_ioctl(&file, &i, "EDU_IOCTL_RAISE_IRQ", &bits);
	fake_interrupt(&device);
	ck_assert_int_eq(fake_ioctl(&file, &q, "EDU_IOCTL_WAIT_IRQ", &cause), cuio_not_yet);
	ck_assert_int_eq(fake_ioctl(&file, &q, "EDU_IOCTL_WAIT_IRQ", &cause), cuio_not_yet);
	i = (struct cuio_request){ 0 };
	bits = 0x42;
	fake_ioctl(&file, &i, "EDU_IOCTL_RAISE_IRQ", &bits);
	fake_interrupt(&device);
	ck_assert_int_eq(fake_ioctl(&file, &q, "EDU_IOCTL_WAIT_IRQ", &cause), 0);
	ck_assert_uint_eq(cause, 0x42);
}
END_TEST

START_TEST(edu_serves_a_thousand_in_a_row)
{
	for (uint32_t i = 0; i < 1000; i++) {
		struct cuio_request w = { 0 }, r = { 0 };
		uint32_t result = 0, expected = 1;

		for (uint32_t n = i % 13; n > 1; n--)
			expected *= n;
		ck_assert_int_eq(write_number(&w, i % 13), 4);
		ck_assert_int_eq(fake_read(&file, &r, &result, 4), cuio_not_yet);
		finish();
		ck_assert_int_eq(fake_read(&file, &r, &result, 4), 4);
		ck_assert_uint_eq(result, expected);
	}
}
END_TEST

START_TEST(edu_start_drains_what_a_former_owner_left)
{
	struct cuio_request w = { 0 };

	memset(device.state, 0, sizeof(device.state));
	edu.busy = true;
	ck_assert_int_eq(device.driver->start(&device, CUIO_START_COLD), 0);
	ck_assert_int_eq(write_number(&w, 3), cuio_not_yet);
	finish();
	ck_assert_int_eq(write_number(&w, 3), 4);
}
END_TEST

START_TEST(edu_warm_start_goes_on)
{
	struct cuio_request w = { 0 }, r = { 0 };
	uint32_t result = 0;
	unsigned accesses;

	ck_assert_int_eq(write_number(&w, 3), 4);
	accesses = edu.accesses;
	ck_assert_int_eq(device.driver->start(&device, CUIO_START_WARM), 0);
	ck_assert_uint_eq(edu.accesses, accesses);
	finish();
	ck_assert_int_eq(fake_read(&file, &r, &result, 4), 4);
	ck_assert_uint_eq(result, 6);
	device.state[0] ^= 1;
	ck_assert_int_eq(device.driver->start(&device, CUIO_START_WARM), -ESTALE);
}
END_TEST

START_TEST(edu_numbers_are_those_of_the_header)
{
	static const struct {
		const char *name;
		unsigned number;
	} numbers[] = { { "EDU_IOCTL_IDENT", EDU_IOCTL_IDENT },
			{ "EDU_IOCTL_LIVENESS", EDU_IOCTL_LIVENESS },
			{ "EDU_IOCTL_FACTORIAL", EDU_IOCTL_FACTORIAL },
			{ "EDU_IOCTL_WAIT_IRQ", EDU_IOCTL_WAIT_IRQ },
			{ "EDU_IOCTL_RAISE_IRQ", EDU_IOCTL_RAISE_IRQ } };

	ck_assert_uint_eq(device.driver->n_ioctls, 5);
	for (size_t i = 0; i < 5; i++)
		ck_assert_uint_eq(fake_entry(&device, numbers[i].name, false)->number,
				  numbers[i].number);
	ck_assert_str_eq(device.description->nodes[0].name, "edu");
	ck_assert_str_eq(device.description->match, "pci:1234:11e8");
	ck_assert_str_eq(device.description->model, "edu");
	ck_assert(device.description->interrupt);
	ck_assert_uint_eq(device.driver->restartable & CUIO_RESTART_WRITE, CUIO_RESTART_WRITE);
	ck_assert_uint_eq(device.driver->restartable & CUIO_RESTART_READ, CUIO_RESTART_READ);
}
END_TEST

/* --- LitePCIe --- */

struct litepcie_reg {
	uint32_t addr;
	uint32_t val;
	uint8_t is_write;
};

static uint32_t memory[0x4000];
static unsigned touched;

static uint64_t memory_read(const struct window *window, uint64_t offset, unsigned width)
{
	(void)window;
	ck_assert_uint_eq(width, 4);
	ck_assert_uint_lt(offset, sizeof(memory));
	touched++;
	return memory[offset / 4];
}

static void memory_write(const struct window *window, uint64_t offset, unsigned width,
			 uint64_t value)
{
	(void)window;
	ck_assert_uint_eq(width, 4);
	ck_assert_uint_lt(offset, sizeof(memory));
	touched++;
	memory[offset / 4] = (uint32_t)value;
}

static void litepcie_setup(void)
{
	static const struct window_ops ops = { .read = memory_read, .write = memory_write };
	static const struct window window = { .name = "bar0", .ops = &ops, .size = 0x10000 };

	fake_load(&device, LITEPCIE_DEVICE, &window);
	file = (struct cuio_file){ .device = &device };
	memset(memory, 0, sizeof(memory));
	touched = 0;
}

static int litepcie(struct litepcie_reg *reg)
{
	struct cuio_request request = { 0 };

	return fake_ioctl(&file, &request, "LITEPCIE_IOCTL_REG", reg);
}

START_TEST(litepcie_layout_is_the_header_s)
{
	const struct cuio_driver_ioctl *entry = fake_entry(&device, "LITEPCIE_IOCTL_REG", false);

	ck_assert_uint_eq(entry->number, _IOWR('S', 0, struct litepcie_reg));
	ck_assert_uint_eq(entry->size, sizeof(struct litepcie_reg));
	ck_assert_uint_eq(entry->n_members, 3);
	ck_assert_uint_eq(entry->members[2].offset, offsetof(struct litepcie_reg, is_write));
	ck_assert(!entry->restartable);
	/* The same for 32-bit programs, so there is one entry for all. */
	ck_assert_ptr_null(fake_entry(&device, "LITEPCIE_IOCTL_REG", true));
}
END_TEST

START_TEST(litepcie_reads_and_writes)
{
	struct litepcie_reg reg = { .addr = 0xfffc, .val = 0xdeadbeef, .is_write = 1 };

	ck_assert_int_eq(litepcie(&reg), 0);
	ck_assert_uint_eq(memory[0x3fff], 0xdeadbeef);
	reg = (struct litepcie_reg){ .addr = 0xfffc };
	ck_assert_int_eq(litepcie(&reg), 0);
	ck_assert_uint_eq(reg.val, 0xdeadbeef);
	ck_assert_uint_eq(touched, 2);
}
END_TEST

START_TEST(litepcie_checks_before_it_touches)
{
	static const struct {
		uint32_t addr;
		int result;
	} cases[] = { { 0x10000, -EINVAL }, { 0xffffffff, -EINVAL }, { 0x2, -EINVAL },
		      { 0x3000, -EACCES },  { 0x37fc, -EACCES },     { 0x2ffc, 0 },
		      { 0x3800, 0 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (uint8_t is_write = 0; is_write < 2; is_write++) {
			struct litepcie_reg reg = { .addr = cases[i].addr, .is_write = is_write };

			touched = 0;
			ck_assert_int_eq(litepcie(&reg), cases[i].result);
			ck_assert_uint_eq(touched, cases[i].result ? 0 : 1);
		}
	}
}
END_TEST

static Suite *registers_suite(void)
{
	Suite *suite = suite_create("registers");
	TCase *tc_edu = tcase_create("edu");
	TCase *tc_litepcie = tcase_create("litepcie");

	tcase_add_checked_fixture(tc_edu, edu_setup, teardown);
	tcase_add_test(tc_edu, edu_interrupts_at_the_end_of_computations);
	tcase_add_test(tc_edu, edu_read_waits_for_the_interrupt);
	tcase_add_test(tc_edu, edu_second_write_waits_until_the_result_was_read);
	tcase_add_test(tc_edu, edu_sizes_are_checked);
	tcase_add_test(tc_edu, edu_poll_tells_the_truth);
	tcase_add_test(tc_edu, edu_ident_and_liveness);
	tcase_add_test(tc_edu, edu_factorial_holds_the_device_until_done);
	tcase_add_test(tc_edu, edu_factorial_times_out_and_drains);
	tcase_add_test(tc_edu, edu_factorial_leaves_no_interrupt_for_a_later_read);
	tcase_add_test(tc_edu, edu_raise_while_computing_is_no_result);
	tcase_add_test(tc_edu, edu_wait_irq_wants_a_new_interrupt);
	tcase_add_test(tc_edu, edu_serves_a_thousand_in_a_row);
	tcase_add_test(tc_edu, edu_start_drains_what_a_former_owner_left);
	tcase_add_test(tc_edu, edu_warm_start_goes_on);
	tcase_add_test(tc_edu, edu_numbers_are_those_of_the_header);
	suite_add_tcase(suite, tc_edu);
	tcase_add_checked_fixture(tc_litepcie, litepcie_setup, teardown);
	tcase_add_test(tc_litepcie, litepcie_layout_is_the_header_s);
	tcase_add_test(tc_litepcie, litepcie_reads_and_writes);
	tcase_add_test(tc_litepcie, litepcie_checks_before_it_touches);
	suite_add_tcase(suite, tc_litepcie);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(registers_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
