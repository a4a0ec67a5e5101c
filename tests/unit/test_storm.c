// SPDX-License-Identifier: GPL-2.0-or-later
// Interrupt storms: the line is masked for most of the time, told once, and other calls go on.
#include "base/alarm.h"
#include "capture.h"
#include "card.h"
#include "device/internal.h"
#include "suite.h"
#include <linux/ioctl.h>
#include <sys/resource.h>

#define RAISE	 _IOC(_IOC_WRITE, 'e', 5, 4)
#define ACK	 _IOC(_IOC_WRITE, 'e', 6, 4)
#define LIVENESS _IOC(_IOC_READ | _IOC_WRITE, 'e', 2, 4)

static const char edu[] =
	"[Device]\nDescription=storm\n[Window bar0]\nBar=0\nSize=0x100000\n[Simulator]\nModel=edu\n"
	"[State]\nDevice=events\n"
	"[Register liveness]\nOffset=4\n"
	"[Register irq_status]\nOffset=0x24\nAccess=ro\nField=mine 0\n"
	"[Register irq_raise]\nOffset=0x60\nAccess=wo\n"
	"[Register irq_ack]\nOffset=0x64\nAccess=wo\n"
	"[Ioctl RAISE]\nNumber=_IOW('e', 5, u32)\nStep=write irq_raise arg\n"
	"[Ioctl ACK]\nNumber=_IOW('e', 6, u32)\nStep=write irq_ack arg\n"
	"[Ioctl LIVENESS]\nNumber=_IOWR('e', 2, u32)\nRestartable=yes\n"
	"Step=write liveness arg\nStep=read liveness arg\n"
	"[Read]\nStep=let seen = dev.events\nStep=wait dev.events != seen\nStep=return 1\n";

static struct cuio_test *card;
static struct capture capture;
static ssize_t file;

static void begin(const char *interrupt)
{
	char text[2048];

	snprintf(text, sizeof(text), "%s%s", edu, interrupt);
	card = card_new(text, NULL);
	file = card_open(card, O_RDWR);
	ck_assert_int_ge(file, 0);
	capture = capture_start(stderr);
}

static void teardown(void)
{
	card_free(card);
}

static void call(uint32_t number, uint32_t argument)
{
	ck_assert_int_eq(card_ioctl(card, file, number, &argument), 0);
}

/* How often this is in what was logged since the start. */
static unsigned logged(const char *what)
{
	char text[8192];
	unsigned count = 0;

	capture_end(&capture, text, sizeof(text));
	for (const char *at = text; (at = strstr(at, what)); at++)
		count++;
	capture = capture_start(stderr);
	return count;
}

static bool is_storm(struct cuio_test *test, void *context)
{
	(void)context;
	return test->device->storm.pause != 0;
}

static bool is_longest(struct cuio_test *test, void *context)
{
	(void)context;
	return test->device->storm.pause == 100;
}

static double cpu(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* The line does not drop: the service leaves the processor to others, and answers calls. */
static void is_throttled(const char *cause)
{
	double used;

	ck_assert(card_until(card, is_storm, NULL));
	ck_assert(card_until(card, is_longest, NULL));
	used = cpu();
	cuio_test_run(card, NS_PER_SECOND);
	ck_assert_msg(cpu() - used < 0.5, "%.2f s of CPU in a second", cpu() - used);
	for (uint32_t i = 0; i < 100; i++) {
		uint32_t value = i;

		ck_assert_int_eq(card_ioctl(card, file, LIVENESS, &value), 0);
		ck_assert_uint_eq(value, ~i);
	}
	ck_assert_uint_eq(logged(cause), 1);
}

static bool is_served(struct cuio_test *test, void *context)
{
	return test_layout(test).device->interrupts >= *(uint64_t *)context;
}

/* One more interrupt is served as before. */
static void heals(void)
{
	uint64_t more = test_layout(card).device->interrupts + 1;

	call(RAISE, 1);
	ck_assert(card_until(card, is_served, &more));
}

START_TEST(a_cause_that_is_not_acknowledged)
{
	begin("[Interrupt]\nCause=irq_status\nStep=let dev.events = dev.events + 1\n");
	call(RAISE, 1);
	is_throttled("interrupt storm: the last 2000");
	ck_assert_uint_eq(logged("cause 0x1:"), 0); /* told once */
	call(ACK, 1);
	heals();
}
END_TEST

START_TEST(a_cause_that_is_not_known)
{
	begin("[Interrupt]\nCause=irq_status.mine\nStep=write irq_ack cause\n");
	call(RAISE, 0x100);
	is_throttled("cause 0x0: the card asserts its line for a reason");
	call(ACK, 0x100);
	heals();
}
END_TEST

START_TEST(waiting_calls_do_not_matter)
{
	char data[8];

	begin("[Interrupt]\nCause=irq_status\nStep=let x = 1\n");
	for (unsigned i = 0; i < 60; i++)
		cuio_test_begin_read(card, (int)file, data, 1);
	call(RAISE, 1);
	is_throttled("interrupt storm: the last 2000");
}
END_TEST

/* The trials go on without a pause; then it is over. */
START_TEST(its_end_is_told)
{
	struct storm *storm;

	begin("[Interrupt]\nCause=irq_status\nStep=let x = 1\n");
	call(RAISE, 1);
	ck_assert(card_until(card, is_storm, NULL));
	call(ACK, 1);
	storm = &card->device->storm;
	cuio_test_run(card, 2 * NS_PER_SECOND / 10);
	ck_assert(!storm->masked);
	ck_assert_uint_eq(logged("has ended"), 0);
	storm->first -= 10 * NS_PER_SECOND;
	alarm_set(&storm->alarm, alarm_now()); /* as after ten seconds */
	cuio_test_run(card, 0);
	ck_assert_uint_eq(storm->pause, 0);
	ck_assert_uint_eq(logged("storm has ended, after 10 s"), 1);
}
END_TEST

START_TEST(a_successor_finds_out_again)
{
	begin("[Interrupt]\nCause=irq_status\nStep=let x = 1\n");
	call(RAISE, 1);
	ck_assert(card_until(card, is_storm, NULL));
	card_crash(card);
	ck_assert_uint_eq(card->device->storm.pause, 0);
	ck_assert(card_until(card, is_storm, NULL));
	ck_assert_uint_eq(logged("interrupt storm"), 2);
}
END_TEST

/* Each interrupt follows from a call, on a machine that does nothing else. */
START_TEST(interrupts_that_calls_cause_are_none)
{
	begin("[Interrupt]\nCause=irq_status\nStep=write irq_ack cause\n");
	for (unsigned i = 0; i < 5000; i++) {
		call(RAISE, 1);
		ck_assert_uint_eq(card->device->storm.pause, 0);
	}
	ck_assert_uint_eq(logged("storm"), 0);
}
END_TEST

enum {
	STATUS
};
static const struct cuio_driver_register registers[] = {
	[STATUS] = { .name = "irq_status", .width = 4, .read = true },
};

static int status(struct cuio_device *device, unsigned vector, uint64_t *ret_cause)
{
	(void)vector;
	*ret_cause = cuio_reg_read(device, STATUS);
	return 0;
}

/* Makes something of the causes above 1. */
static void count(struct cuio_device *device, unsigned vector, uint64_t cause)
{
	uint64_t *counted = cuio_device_state(device);

	(void)vector;
	*counted += cause > 1;
}

static const struct cuio_driver in_c = {
	.contract = CUIO_CONTRACT,
	.name = "in-c",
	.device_state = sizeof(uint64_t),
	.registers = registers,
	.n_registers = 1,
	.cause = status,
	.interrupt = count,
};

static void begin_in_c(uint64_t cause)
{
	card = card_new_driver(&in_c,
			       "[Device]\nDescription=test\n[Window bar0]\nBar=0\nSize=0x100000\n"
			       "[Simulator]\nModel=edu\n[Interrupt]\n"
			       "[Register irq_status]\nOffset=0x24\nAccess=ro\n"
			       "[Register irq_raise]\nOffset=0x60\n",
			       NULL);
	capture = capture_start(stderr);
	card_poke(card, "irq_raise", cause);
}

START_TEST(a_driver_in_c_that_makes_nothing_of_it)
{
	begin_in_c(1);
	ck_assert(card_until(card, is_storm, NULL));
	ck_assert_uint_eq(logged("interrupt storm"), 1);
}
END_TEST

START_TEST(a_driver_in_c_that_is_kept_busy)
{
	uint64_t enough = 6000;

	begin_in_c(2);
	ck_assert(card_until(card, is_served, &enough));
	ck_assert_uint_eq(card->device->storm.pause, 0);
	ck_assert_uint_eq(logged("storm"), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("storm");
	TCase *cases = tcase_create("storm");

	tcase_add_checked_fixture(cases, NULL, teardown);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, a_cause_that_is_not_acknowledged);
	tcase_add_test(cases, a_cause_that_is_not_known);
	tcase_add_test(cases, waiting_calls_do_not_matter);
	tcase_add_test(cases, its_end_is_told);
	tcase_add_test(cases, a_successor_finds_out_again);
	tcase_add_test(cases, interrupts_that_calls_cause_are_none);
	tcase_add_test(cases, a_driver_in_c_that_makes_nothing_of_it);
	tcase_add_test(cases, a_driver_in_c_that_is_kept_busy);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
