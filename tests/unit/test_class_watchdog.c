// SPDX-License-Identifier: GPL-2.0-or-later
// The watchdog class on chips that i6300esb is not: with a pretimeout, a counter that can be read,
// steps in its timeout; and with nothing but start and ping. Their registers are memory.
#include "capture.h"
#include "driver/class/watchdog.h"
#include "suite.h"
#include "watchdog.h"

enum {
	CONTROL,
	TIMEOUT,
	PRETIMEOUT,
	COUNTER,
	FLAGS,
	PINGS,
	IRQ_STATUS,
	IRQ_ACK,
};
static const struct cuio_driver_register registers[] = {
	[CONTROL] = { .name = "control", .width = 4, .read = true, .write = true },
	[TIMEOUT] = { .name = "timeout", .width = 4, .write = true },
	[PRETIMEOUT] = { .name = "pretimeout", .width = 4, .write = true },
	[COUNTER] = { .name = "counter", .width = 4, .read = true },
	[FLAGS] = { .name = "flags", .width = 4, .read = true },
	[PINGS] = { .name = "pings", .width = 4, .read = true, .write = true },
	[IRQ_STATUS] = { .name = "irq_status", .width = 4, .read = true },
	[IRQ_ACK] = { .name = "irq_ack", .width = 4, .write = true },
};

/* The simulated edu card has an interrupt that a test can raise. */
static const char text[] = "[Device]\nDescription=test\n"
			   "[Window bar0]\nBar=0\nSize=0x100000\n"
			   "[Window bar1]\nBar=1\nSize=0x100\n"
			   "[Interrupt]\n"
			   "[Simulator]\nModel=edu\n"
			   "[Register irq_status]\nWindow=bar0\nOffset=0x24\nAccess=ro\n"
			   "[Register irq_raise]\nWindow=bar0\nOffset=0x60\nAccess=wo\n"
			   "[Register irq_ack]\nWindow=bar0\nOffset=0x64\nAccess=wo\n"
			   "[Register control]\nWindow=bar1\nOffset=0x00\n"
			   "[Register timeout]\nWindow=bar1\nOffset=0x04\nReset=7\n"
			   "[Register pretimeout]\nWindow=bar1\nOffset=0x08\nReset=7\n"
			   "[Register counter]\nWindow=bar1\nOffset=0x0c\nReset=17\n"
			   "[Register flags]\nWindow=bar1\nOffset=0x10\n"
			   "[Register pings]\nWindow=bar1\nOffset=0x14\n";

#define CONTROL_RUN    1U
#define CONTROL_LOCKED 2U
#define CONTROL_STUCK  4U /* answers nothing but errors */

static int chip_start(struct cuio_device *device, bool no_way_out)
{
	if (cuio_reg_read(device, CONTROL) & CONTROL_STUCK)
		return -EIO;
	cuio_reg_write(device, CONTROL, no_way_out ? CONTROL_RUN | CONTROL_LOCKED : CONTROL_RUN);
	return 0;
}

static int chip_stop(struct cuio_device *device)
{
	if (cuio_reg_read(device, CONTROL) & CONTROL_LOCKED)
		return -EBUSY;
	cuio_reg_write(device, CONTROL, 0);
	return 0;
}

static int chip_ping(struct cuio_device *device)
{
	if (cuio_reg_read(device, CONTROL) & CONTROL_STUCK)
		return -EIO;
	cuio_reg_write(device, PINGS, cuio_reg_read(device, PINGS) + 1);
	return 0;
}

/* --- a chip that has everything --- */

static const struct cuio_driver_option full_options[] = { WATCHDOG_OPTIONS(5, 200, 40) };

static int full_probe(struct cuio_device *device, enum cuio_start how)
{
	struct watchdog *watchdog = watchdog_state(device);

	if (how == CUIO_START_WARM)
		return 0;
	watchdog->running = cuio_reg_read(device, CONTROL) & CONTROL_RUN;
	watchdog->boot_status = (uint32_t)cuio_reg_read(device, FLAGS);
	return 0;
}

/* In steps of 5 s. */
static int full_set_timeout(struct cuio_device *device, uint32_t timeout)
{
	timeout = (timeout + 4) / 5 * 5;
	cuio_reg_write(device, TIMEOUT, timeout);
	return (int)timeout;
}

/* As a time after the start, and even. */
static int full_set_pretimeout(struct cuio_device *device, uint32_t pretimeout)
{
	const struct watchdog *watchdog = watchdog_state(device);

	pretimeout &= ~1U;
	cuio_reg_write(device, PRETIMEOUT, pretimeout ? watchdog->timeout - pretimeout : 0);
	return (int)pretimeout;
}

static int full_get_timeleft(struct cuio_device *device)
{
	return (int)cuio_reg_read(device, COUNTER);
}

static uint32_t full_status(struct cuio_device *device)
{
	return (uint32_t)cuio_reg_read(device, FLAGS);
}

static int full_cause(struct cuio_device *device, unsigned vector, uint64_t *ret_cause)
{
	(void)vector;
	*ret_cause = cuio_reg_read(device, IRQ_STATUS);
	return 0;
}

static void full_interrupt(struct cuio_device *device, unsigned vector, uint64_t cause)
{
	(void)vector;
	cuio_reg_write(device, IRQ_ACK, cause);
	watchdog_notify_pretimeout(device);
}

static const struct watchdog_chip full = {
	.identity = "a chip with a name that is longer than it can be",
	.timeout = &full_options[WATCHDOG_TIMEOUT],
	.probe = full_probe,
	.start = chip_start,
	.stop = chip_stop,
	.ping = chip_ping,
	.set_timeout = full_set_timeout,
	.set_pretimeout = full_set_pretimeout,
	.get_timeleft = full_get_timeleft,
	.status = full_status,
};

static const struct cuio_driver full_driver = {
	.name = "full",
	WATCHDOG_DRIVER(full),
	.registers = registers,
	.n_registers = sizeof(registers) / sizeof(registers[0]),
	.options = full_options,
	.n_options = sizeof(full_options) / sizeof(full_options[0]),
	.cause = full_cause,
	.interrupt = full_interrupt,
};

/* --- a chip that has as little as it can, and a slow clock --- */

static const struct cuio_driver_option bare_options[] = { WATCHDOG_OPTIONS(8, 8, 8) };

static const struct watchdog_chip bare = {
	.identity = "bare chip",
	.timeout = &bare_options[WATCHDOG_TIMEOUT],
	.second = UINT64_C(100000000000),
	.start = chip_start,
	.ping = chip_ping,
};

static const struct cuio_driver bare_driver = {
	.name = "bare",
	WATCHDOG_DRIVER(bare),
	.registers = registers,
	.n_registers = sizeof(registers) / sizeof(registers[0]),
	.options = bare_options,
	.n_options = sizeof(bare_options) / sizeof(bare_options[0]),
};

static struct cuio_test *start(const struct cuio_driver *driver, const char *settings)
{
	return card_new_driver(driver, text, settings);
}

/* What SETTIMEOUT makes of it. */
static int set_timeout(struct cuio_test *card, ssize_t file, int timeout)
{
	ck_assert_int_eq(card_ioctl(card, file, WDIOC_SETTIMEOUT, &timeout), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), timeout);
	return timeout;
}

START_TEST(support_tells_what_the_chip_has)
{
	struct cuio_test *card = start(&full_driver, NULL);
	ssize_t file = card_open(card, O_WRONLY);
	struct watchdog_info info;

	ck_assert_int_eq(card_ioctl(card, file, WDIOC_GETSUPPORT, &info), 0);
	ck_assert_uint_eq(info.options, WDIOF_KEEPALIVEPING | WDIOF_SETTIMEOUT | WDIOF_MAGICCLOSE |
						WDIOF_PRETIMEOUT);
	ck_assert_str_eq((char *)info.identity, "a chip with a name that is long");
	card_free(card);
	card = start(&bare_driver, NULL);
	file = card_open(card, O_WRONLY);
	ck_assert_int_eq(card_ioctl(card, file, WDIOC_GETSUPPORT, &info), 0);
	ck_assert_uint_eq(info.options, WDIOF_KEEPALIVEPING);
	ck_assert_str_eq((char *)info.identity, "bare chip");
	card_free(card);
}
END_TEST

START_TEST(timeouts_have_the_chips_limits_and_steps)
{
	struct cuio_test *card = start(&full_driver, NULL);
	ssize_t file = card_open(card, O_WRONLY);
	uint64_t pings;

	ck_assert_uint_eq(card_peek(card, "timeout"), 40);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 4), -EINVAL);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 201), -EINVAL);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 40);
	pings = card_peek(card, "pings");
	ck_assert_int_eq(set_timeout(card, file, 5), 5);
	ck_assert_int_eq(set_timeout(card, file, 200), 200);
	ck_assert_int_eq(set_timeout(card, file, 11), 15);
	ck_assert_uint_eq(card_peek(card, "timeout"), 15);
	ck_assert_msg(card_peek(card, "pings") == pings + 3, "the new time does not count at once");
	card_free(card);
}
END_TEST

START_TEST(a_pretimeout_is_less_than_the_timeout)
{
	struct cuio_test *card = start(&full_driver, "[Driver]\nTimeout=20\n");
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETPRETIMEOUT), 0);
	ck_assert_uint_eq(card_peek(card, "pretimeout"), 0);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETPRETIMEOUT, 20), -EINVAL);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETPRETIMEOUT, 19), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETPRETIMEOUT), 18);
	ck_assert_uint_eq(card_peek(card, "pretimeout"), 2);
	/* The chip is told again what it counts from another timeout. */
	ck_assert_int_eq(set_timeout(card, file, 60), 60);
	ck_assert_uint_eq(card_peek(card, "pretimeout"), 42);
	card_crash(card);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETPRETIMEOUT), 18);
	/* It ends where it does not fit any more. */
	ck_assert_int_eq(set_timeout(card, file, 15), 15);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETPRETIMEOUT), 0);
	ck_assert_uint_eq(card_peek(card, "pretimeout"), 0);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETPRETIMEOUT, 4), 0);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETPRETIMEOUT, 0), 0);
	ck_assert_uint_eq(card_peek(card, "pretimeout"), 0);
	card_free(card);
}
END_TEST

static bool acknowledged(struct cuio_test *card, void *context)
{
	(void)context;
	return card_peek(card, "irq_status") == 0;
}

START_TEST(the_log_tells_of_a_pretimeout)
{
	struct cuio_test *card = start(&full_driver, NULL);
	ssize_t file = card_open(card, O_WRONLY);
	struct capture capture;
	char log[512];

	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETPRETIMEOUT, 10), 0);
	capture = capture_start(stderr);
	card_poke(card, "irq_raise", 1);
	ck_assert(card_until(card, acknowledged, NULL));
	capture_end(&capture, log, sizeof(log));
	ck_assert_msg(strstr(log, "pretimeout: the timer resets the machine in 10 s"), "%s", log);
	card_free(card);
}
END_TEST

START_TEST(a_chip_may_know_its_time_left)
{
	struct cuio_test *card = start(&full_driver, NULL);
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMELEFT), 17);
	card_poke(card, "counter", 3);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMELEFT), 3);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMELEFT), 0);
	card_free(card);
}
END_TEST

START_TEST(status_is_the_chips_beside_what_was_at_boot)
{
	struct cuio_test *card = start(&full_driver, NULL);
	ssize_t file;

	card_poke(card, "flags", WDIOF_CARDRESET);
	card_stop_and_start(card);
	file = card_open(card, O_WRONLY);
	card_poke(card, "flags", WDIOF_OVERHEAT);
	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS),
			 WDIOF_OVERHEAT | WDIOF_MAGICCLOSE | WDIOF_KEEPALIVEPING);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETBOOTSTATUS), WDIOF_CARDRESET);
	card_crash(card);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETBOOTSTATUS), WDIOF_CARDRESET);
	card_free(card);
}
END_TEST

START_TEST(a_timer_found_running_is_pinged_once_and_told_of)
{
	struct cuio_test *card = start(&full_driver, "[Driver]\nTimeout=50\n");
	struct capture capture;
	char log[512];

	card_poke(card, "control", CONTROL_RUN);
	card_poke(card, "timeout", 9);
	capture = capture_start(stderr);
	card_stop_and_start(card);
	capture_end(&capture, log, sizeof(log));
	ck_assert_msg(strstr(log, "the timer was running already and goes on"), "%s", log);
	ck_assert_uint_eq(card_peek(card, "control"), CONTROL_RUN);
	ck_assert_uint_eq(card_peek(card, "timeout"), 50);
	ck_assert_uint_eq(card_peek(card, "pings"), 1);
	card_free(card);
}
END_TEST

START_TEST(a_chip_is_told_its_times_at_each_start)
{
	struct cuio_test *card = start(&full_driver, NULL);
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETPRETIMEOUT, 10), 0);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), 0);
	card_poke(card, "timeout", 0);
	card_poke(card, "pretimeout", 0);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_ENABLECARD), 0);
	ck_assert_uint_eq(card_peek(card, "timeout"), 40);
	ck_assert_uint_eq(card_peek(card, "pretimeout"), 30);
	card_free(card);
}
END_TEST

START_TEST(it_is_pinged_before_it_is_stopped)
{
	struct cuio_test *card = start(&full_driver, NULL);
	ssize_t file = card_open(card, O_WRONLY);
	uint64_t pings = card_peek(card, "pings");

	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), 0);
	ck_assert_uint_eq(card_peek(card, "pings"), pings + 1);
	ck_assert_uint_eq(card_peek(card, "control"), 0);
	card_free(card);
}
END_TEST

START_TEST(a_chip_that_cannot_be_stopped_is_not)
{
	struct cuio_test *card = start(&bare_driver, "[Driver]\nStopWithService=yes\n");
	ssize_t file = card_open(card, O_WRONLY);
	struct capture capture;
	char log[512];

	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), -EBUSY);
	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	capture = capture_start(stderr);
	card_close(card, file);
	device_stop(card->device);
	capture_end(&capture, log, sizeof(log));
	ck_assert_msg(strstr(log, "closed with a 'V', but it cannot be stopped"), "%s", log);
	ck_assert_msg(strstr(log, "the timer goes on without the service"), "%s", log);
	ck_assert_uint_eq(card_peek(card, "control"), CONTROL_RUN);
	card_free(card);
}
END_TEST

START_TEST(what_a_bare_chip_lacks)
{
	struct cuio_test *card = start(&bare_driver, NULL);
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 8);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 8), -EOPNOTSUPP);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETPRETIMEOUT, 1), -EOPNOTSUPP);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETPRETIMEOUT), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETBOOTSTATUS), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS), WDIOF_KEEPALIVEPING);
	/* In our seconds: 8 of the chip's are 800. */
	ck_assert_int_le(watchdog_get(card, file, WDIOC_GETTIMELEFT), 800);
	ck_assert_int_ge(watchdog_get(card, file, WDIOC_GETTIMELEFT), 600);
	ck_assert_int_ge(card_write(card, file, "x", 1), 1);
	ck_assert_uint_eq(card_peek(card, "pings"), 1);
	ck_assert_uint_eq(card_peek(card, "timeout"), 7);
	card_free(card);
}
END_TEST

START_TEST(no_way_out_reaches_the_chip)
{
	struct cuio_test *card = start(&full_driver, "[Driver]\nNoWayOut=yes\n");

	ck_assert_int_ge(card_open(card, O_WRONLY), 0);
	ck_assert_uint_eq(card_peek(card, "control"), CONTROL_RUN | CONTROL_LOCKED);
	card_free(card);
}
END_TEST

START_TEST(errors_of_the_chip_are_the_programs)
{
	struct cuio_test *card = start(&full_driver, NULL);
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS), WDIOF_KEEPALIVEPING);
	card_poke(card, "control", CONTROL_STUCK);
	ck_assert_int_eq(card_ioctl(card, file, WDIOC_KEEPALIVE, NULL), -EIO);
	ck_assert_int_eq(card_write(card, file, "x", 1), -EIO);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 50), -EIO);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), -EIO);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS), 0);
	card_close(card, file);
	ck_assert_int_eq(card_open(card, O_WRONLY), -EIO);
	card_free(card);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("class_watchdog");
	TCase *tcase = tcase_create("class_watchdog");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, support_tells_what_the_chip_has);
	tcase_add_test(tcase, timeouts_have_the_chips_limits_and_steps);
	tcase_add_test(tcase, a_pretimeout_is_less_than_the_timeout);
	tcase_add_test(tcase, the_log_tells_of_a_pretimeout);
	tcase_add_test(tcase, a_chip_may_know_its_time_left);
	tcase_add_test(tcase, status_is_the_chips_beside_what_was_at_boot);
	tcase_add_test(tcase, a_timer_found_running_is_pinged_once_and_told_of);
	tcase_add_test(tcase, a_chip_is_told_its_times_at_each_start);
	tcase_add_test(tcase, it_is_pinged_before_it_is_stopped);
	tcase_add_test(tcase, a_chip_that_cannot_be_stopped_is_not);
	tcase_add_test(tcase, what_a_bare_chip_lacks);
	tcase_add_test(tcase, no_way_out_reaches_the_chip);
	tcase_add_test(tcase, errors_of_the_chip_are_the_programs);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
