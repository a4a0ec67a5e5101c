// SPDX-License-Identifier: GPL-2.0-or-later
// Watchdog cards that are a description alone: what programs ask for becomes what the kernel's
// driver of the card writes. The simulated cards are plain memory.
#include "suite.h"
#include "watchdog.h"

#define HPWDT	 "daemon/driver/devices/hpwdt.device"
#define ALIM1535 "daemon/driver/devices/alim1535.device"

#define HPWDT_RUN 0x01U

START_TEST(hpwdt_is_a_watchdog)
{
	struct cuio_test *card = card_new(HPWDT, NULL);
	struct watchdog_info info = { 0 };
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_uint_eq(card_peek(card, "control"), 0x81);
	ck_assert_uint_eq(card_peek(card, "timer"), 30 * 1000 / 128);
	ck_assert_int_eq(card_open(card, O_WRONLY), -EBUSY);
	ck_assert_int_eq(card_ioctl(card, file, WDIOC_GETSUPPORT, &info), 0);
	ck_assert_str_eq((char *)info.identity, "HPE iLO2+ HW Watchdog Timer");
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 8389), -EINVAL);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 8388), 0);
	ck_assert_uint_eq(card_peek(card, "timer"), 8388 * 1000 / 128);
	card_poke(card, "timer", 1000); /* as it counts down */
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMELEFT), 128);
	ck_assert_int_eq(card_write(card, file, "", 1), 1);
	ck_assert_uint_eq(card_peek(card, "timer"), 8388 * 1000 / 128);
	card_crash(card);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 8388);
	card_close(card, file);
	ck_assert_msg(card_peek(card, "control") & HPWDT_RUN, "stopped without a 'V'");
	file = card_open(card, O_WRONLY);
	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	card_close(card, file);
	ck_assert_uint_eq(card_peek(card, "control"), 0x80);
	card_free(card);
}
END_TEST

static void set_alim1535(struct cuio_test *card, ssize_t file, int wanted, int timeout,
			 unsigned timer)
{
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, wanted), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), timeout);
	ck_assert_uint_eq(card_peek(card, "timer"), timer);
}

START_TEST(alim1535_is_a_watchdog)
{
	struct cuio_test *card = card_new(ALIM1535, NULL);
	const unsigned others = 0x80000100U, reset = 1U << 25;
	ssize_t file;

	card_poke(card, "timer", others);
	file = card_open(card, O_WRONLY);
	ck_assert_uint_eq(card_peek(card, "timer"), others | reset | 1U << 6 | 30);
	set_alim1535(card, file, 59, 59, others | reset | 1U << 6 | 59);
	set_alim1535(card, file, 119, 60, others | reset | 2U << 6 | 1);
	set_alim1535(card, file, 3599, 3540, others | reset | 2U << 6 | 59);
	set_alim1535(card, file, 17999, 17700, others | reset | 3U << 6 | 59);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 18000), -EINVAL);
	card_crash(card);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 17700);
	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	card_close(card, file);
	ck_assert_uint_eq(card_peek(card, "timer"), others | 3U << 6);
	card_free(card);
}
END_TEST

static void is_found_running(const char *description, const char *reg, unsigned mask)
{
	struct cuio_test *card = card_new(description, NULL);

	card_close(card, card_open(card, O_WRONLY));
	card_stop_and_start(card);
	ck_assert_msg(card_peek(card, reg) & mask, "%s: it was stopped", description);
	card_free(card);
}

START_TEST(a_timer_that_runs_goes_on)
{
	is_found_running(HPWDT, "control", HPWDT_RUN);
	is_found_running(ALIM1535, "timer", 0x3f);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("watchdog cards");
	TCase *tests = tcase_create("described");

	tcase_add_test(tests, hpwdt_is_a_watchdog);
	tcase_add_test(tests, alim1535_is_a_watchdog);
	tcase_add_test(tests, a_timer_that_runs_goes_on);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
