// SPDX-License-Identifier: GPL-2.0-or-later
// The watchdog on its simulated chip: what programs are answered, and when it is started and
// stopped.
#include "suite.h"
#include "watchdog.h"

START_TEST(open_starts_it_and_is_the_only_one)
{
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t file;

	ck_assert(!watchdog_counts(card));
	ck_assert_int_ge(card_open(card, O_ACCMODE), 0);
	ck_assert_msg(!watchdog_counts(card), "who only looks has started it");
	file = card_open(card, O_WRONLY);
	ck_assert_int_ge(file, 0);
	ck_assert(watchdog_counts(card));
	ck_assert_int_eq(card_open(card, O_WRONLY), -EBUSY);
	ck_assert_int_eq(card_open(card, O_RDONLY | O_NONBLOCK), -EBUSY);
	ck_assert_int_ge(card_open(card, O_ACCMODE), 0);
	ck_assert(watchdog_counts(card));
	card_close(card, file);
	ck_assert_int_ge(card_open(card, O_RDONLY), 0);
	card_free(card);
}
END_TEST

START_TEST(close_stops_it_after_a_v_in_the_last_write)
{
	static const struct {
		const char *first, *last;
		bool stops;
	} cases[] = {
		{ "x", "V", true },  { "x", "abcVdef", true }, { "V", "V", true },
		{ "V", "x", false }, { "x", "v", false },      { "x", "\0\n", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cuio_test *card = watchdog_card(NULL);
		ssize_t file = card_open(card, O_WRONLY);
		ssize_t size = (ssize_t)strlen(cases[i].last);

		ck_assert_int_eq(card_write(card, file, cases[i].first, 1), 1);
		ck_assert_int_eq(card_write(card, file, cases[i].last, (size_t)size), size);
		ck_assert(watchdog_counts(card));
		card_close(card, file);
		ck_assert_int_eq(watchdog_counts(card), !cases[i].stops);
		/* It does not reach into the next life of the node. */
		file = card_open(card, O_WRONLY);
		ck_assert(watchdog_counts(card));
		card_close(card, file);
		ck_assert(watchdog_counts(card));
		card_free(card);
	}
}
END_TEST

/* A long write comes in pieces. */
START_TEST(a_v_in_any_piece_of_the_last_write_counts)
{
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t file = card_open(card, O_WRONLY);
	struct request_record *record;

	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	record = card_request(card, REQUEST_WRITE, (uint32_t)file, 0);
	record->in_size = 1;
	record->offset = CUIO_TRANSFER_MAX;
	ck_assert_int_eq(card_serve(card, "x", NULL, 0), 1);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS),
			 WDIOF_MAGICCLOSE | WDIOF_KEEPALIVEPING);
	card_close(card, file);
	ck_assert(!watchdog_counts(card));
	card_free(card);
}
END_TEST

START_TEST(no_way_out)
{
	struct cuio_test *card = watchdog_card("[Driver]\nNoWayOut=yes\n");
	ssize_t file;

	ck_assert_uint_eq(card_peek(card, "lock"), 0);
	file = card_open(card, O_WRONLY);
	ck_assert_uint_eq(card_peek(card, "lock"), WATCHDOG_LOCK | WATCHDOG_ENABLE);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), -EBUSY);
	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	card_close(card, file);
	ck_assert(watchdog_counts(card));
	card_free(card);
}
END_TEST

/* As by a service that had NoWayOut=yes before. */
START_TEST(a_locked_chip_does_not_stop)
{
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t file = card_open(card, O_WRONLY);

	card_poke(card, "lock", WATCHDOG_LOCK | WATCHDOG_ENABLE);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), -EBUSY);
	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	card_close(card, file);
	ck_assert(watchdog_counts(card));
	ck_assert_int_ge(card_open(card, O_WRONLY), 0);
	card_free(card);
}
END_TEST

START_TEST(a_chip_locked_in_disuse_cannot_be_opened)
{
	struct cuio_test *card = watchdog_card(NULL);

	card_poke(card, "lock", WATCHDOG_LOCK);
	ck_assert_int_eq(card_open(card, O_WRONLY), -EIO);
	card_free(card);
}
END_TEST

START_TEST(timeouts_are_of_both_stages)
{
	static const int wrong[] = { 0, -1, 2047, 5000, INT32_MIN, INT32_MAX };
	static const int right[] = { 1, 2, 2046 };
	struct cuio_test *card = watchdog_card("[Driver]\nTimeout=20\n");
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 20);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, wrong[i]), -EINVAL);
		ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 20);
		ck_assert_uint_eq(card_peek(card, "timer1"), 20U << 9);
	}
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		int value = right[i];

		ck_assert_int_eq(card_ioctl(card, file, WDIOC_SETTIMEOUT, &value), 0);
		ck_assert_int_eq(value, right[i]);
		ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), right[i]);
		ck_assert_uint_eq(card_peek(card, "timer1"), (uint32_t)right[i] << 9);
		ck_assert_uint_eq(card_peek(card, "timer2"), (uint32_t)right[i] << 9);
	}
	card_free(card);
}
END_TEST

START_TEST(time_left_runs_down_and_starts_again)
{
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t file = card_open(card, O_WRONLY);
	uint64_t began = alarm_now();
	int left;

	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 2000), 0);
	do {
		left = watchdog_get(card, file, WDIOC_GETTIMELEFT);
		ck_assert_int_gt(left, 1900);
	} while (left >= 2012);
	ck_assert_uint_le(alarm_now() - began, 100 * UINT64_C(1000000000));
	card_crash(card);
	ck_assert_int_le(watchdog_get(card, file, WDIOC_GETTIMELEFT), left);
	ck_assert_int_eq(card_write(card, file, "x", 1), 1);
	ck_assert_int_ge(watchdog_get(card, file, WDIOC_GETTIMELEFT), left);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMELEFT), 0);
	card_free(card);
}
END_TEST

START_TEST(it_says_what_it_is)
{
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t file = card_open(card, O_WRONLY);
	struct watchdog_info info = { 0 };
	int value = 5;

	ck_assert_int_eq(card_ioctl(card, file, WDIOC_GETSUPPORT, &info), 0);
	ck_assert_str_eq((char *)info.identity, "i6300ESB timer");
	ck_assert_uint_eq(info.options, WDIOF_SETTIMEOUT | WDIOF_KEEPALIVEPING | WDIOF_MAGICCLOSE);
	ck_assert_uint_eq(info.firmware_version, 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETBOOTSTATUS), 0);
	ck_assert_int_eq(card_ioctl(card, file, WDIOC_GETTEMP, &value), -ENOTTY);
	ck_assert_int_eq(card_ioctl(card, file, _IO('W', 99), &value), -ENOTTY);
	ck_assert_int_eq(card_ioctl(card, file, WDIOC_SETPRETIMEOUT, &value), -EOPNOTSUPP);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETPRETIMEOUT), 0);
	ck_assert_int_eq(card_read(card, file, &value, 1), -EINVAL);
	ck_assert_uint_eq(card_poll(card, file), CUIO_READY_IN | CUIO_READY_OUT);
	card_free(card);
}
END_TEST

START_TEST(status_tells_of_a_ping_once)
{
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS), WDIOF_KEEPALIVEPING);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS), 0);
	ck_assert_int_eq(card_ioctl(card, file, WDIOC_KEEPALIVE, NULL), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS), WDIOF_KEEPALIVEPING);
	ck_assert_int_eq(card_write(card, file, "x", 1), 1);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS), WDIOF_KEEPALIVEPING);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), 0);
	ck_assert_int_eq(card_ioctl(card, file, WDIOC_KEEPALIVE, NULL), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS), 0);
	card_free(card);
}
END_TEST

START_TEST(options_stop_and_start_it)
{
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), 0);
	ck_assert(!watchdog_counts(card));
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), 0);
	ck_assert_int_eq(card_ioctl(card, file, WDIOC_KEEPALIVE, NULL), 0);
	ck_assert(!watchdog_counts(card));
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_ENABLECARD), 0);
	ck_assert(watchdog_counts(card));
	ck_assert_int_eq(
		watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD | WDIOS_ENABLECARD),
		0);
	ck_assert(watchdog_counts(card));
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, 0), -ENOTTY);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_TEMPPANIC), -ENOTTY);
	card_free(card);
}
END_TEST

START_TEST(an_open_file_survives_a_crash)
{
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 100), 0);
	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	card_crash(card);
	ck_assert(watchdog_counts(card));
	ck_assert_int_eq(card_open(card, O_WRONLY), -EBUSY);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 100);
	ck_assert_uint_eq(card_peek(card, "timer2"), 100U << 9);
	card_close(card, file);
	ck_assert(!watchdog_counts(card));
	card_free(card);
}
END_TEST

START_TEST(a_crash_within_the_unlocking_is_overcome)
{
	static const struct {
		unsigned n;
		uint64_t writes[3];
	} cases[] = { { 1, { 0x80 } }, { 2, { 0x80, 0x86 } }, { 3, { 0x80, 0x86, 0x80 } } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cuio_test *card = watchdog_card(NULL);
		ssize_t file = card_open(card, O_WRONLY);

		for (unsigned j = 0; j < cases[i].n; j++)
			card_poke(card, "reload", cases[i].writes[j]);
		card_crash(card);
		ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 77), 0);
		ck_assert_uint_eq(card_peek(card, "timer1"), 77U << 9);
		ck_assert_uint_eq(card_peek(card, "timer2"), 77U << 9);
		card_free(card);
	}
}
END_TEST

START_TEST(a_timer_found_running_goes_on)
{
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t file;

	card_close(card, card_open(card, O_WRONLY));
	card_stop_and_start(card);
	ck_assert(watchdog_counts(card));
	ck_assert_uint_eq(card_peek(card, "timer1"), 30U << 9);
	file = card_open(card, O_WRONLY);
	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	card_close(card, file);
	ck_assert(!watchdog_counts(card));
	card_free(card);
}
END_TEST

START_TEST(the_services_end)
{
	static const struct {
		const char *settings;
		bool goes_on;
	} cases[] = {
		{ NULL, true },
		{ "[Driver]\nStopWithService=yes\n", false },
		{ "[Driver]\nStopWithService=yes\nNoWayOut=yes\n", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cuio_test *card = watchdog_card(cases[i].settings);

		ck_assert_int_ge(card_open(card, O_WRONLY), 0);
		device_stop(card->device);
		ck_assert_int_eq(watchdog_counts(card), cases[i].goes_on);
		card_free(card);
	}
}
END_TEST

START_TEST(a_32_bit_program_is_served_alike)
{
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t file = card_open(card, O_WRONLY);

	card->compat = true;
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 40), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 40);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), 0);
	ck_assert(!watchdog_counts(card));
	card_free(card);
}
END_TEST

/* By a file for ioctls alone, which the driver does not see opened. */
START_TEST(one_in_use_is_not_driven_past_its_user)
{
	static const unsigned long gets[] = { WDIOC_GETSTATUS, WDIOC_GETBOOTSTATUS,
					      WDIOC_GETTIMEOUT, WDIOC_GETPRETIMEOUT,
					      WDIOC_GETTIMELEFT };
	struct cuio_test *card = watchdog_card(NULL);
	ssize_t control = card_open(card, O_ACCMODE), file = card_open(card, O_WRONLY);
	struct watchdog_info info;
	int timeout = watchdog_get(card, file, WDIOC_GETTIMEOUT);

	ck_assert_int_eq(card_ioctl(card, control, (uint32_t)WDIOC_GETSUPPORT, &info), 0);
	for (size_t i = 0; i < sizeof(gets) / sizeof(gets[0]); i++)
		watchdog_get(card, control, gets[i]);
	/* The mark of a ping is still there for its user. */
	ck_assert(watchdog_get(card, file, WDIOC_GETSTATUS) & WDIOF_KEEPALIVEPING);
	ck_assert_int_eq(watchdog_put(card, control, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), -EBUSY);
	ck_assert_int_eq(watchdog_put(card, control, WDIOC_SETTIMEOUT, timeout - 1), -EBUSY);
	ck_assert_int_eq(watchdog_put(card, control, WDIOC_SETPRETIMEOUT, 1), -EBUSY);
	ck_assert_int_eq(card_ioctl(card, control, (uint32_t)WDIOC_KEEPALIVE, NULL), -EBUSY);
	ck_assert(watchdog_counts(card));
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), timeout);
	/* What is unknown stays so. */
	ck_assert_int_eq(card_ioctl(card, control, (uint32_t)WDIOC_GETTEMP, &timeout), -ENOTTY);
	card_close(card, file);
	ck_assert_int_eq(watchdog_put(card, control, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), 0);
	ck_assert(!watchdog_counts(card));
	card_free(card);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("i6300esb");
	TCase *tcase = tcase_create("i6300esb");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, open_starts_it_and_is_the_only_one);
	tcase_add_test(tcase, close_stops_it_after_a_v_in_the_last_write);
	tcase_add_test(tcase, a_v_in_any_piece_of_the_last_write_counts);
	tcase_add_test(tcase, no_way_out);
	tcase_add_test(tcase, a_locked_chip_does_not_stop);
	tcase_add_test(tcase, a_chip_locked_in_disuse_cannot_be_opened);
	tcase_add_test(tcase, timeouts_are_of_both_stages);
	tcase_add_test(tcase, time_left_runs_down_and_starts_again);
	tcase_add_test(tcase, it_says_what_it_is);
	tcase_add_test(tcase, status_tells_of_a_ping_once);
	tcase_add_test(tcase, options_stop_and_start_it);
	tcase_add_test(tcase, an_open_file_survives_a_crash);
	tcase_add_test(tcase, a_crash_within_the_unlocking_is_overcome);
	tcase_add_test(tcase, a_timer_found_running_goes_on);
	tcase_add_test(tcase, the_services_end);
	tcase_add_test(tcase, a_32_bit_program_is_served_alike);
	tcase_add_test(tcase, one_in_use_is_not_driven_past_its_user);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
