// SPDX-License-Identifier: GPL-2.0-or-later
// The watchdog on its simulated chip: whether the time runs out.
#include "suite.h"
#include "watchdog.h"

#define TIMED_OUT 0x200U
#define SECOND	  UINT64_C(1000000000)

static bool timed_out(struct cuio_test *card)
{
	return card_peek(card, "reload") & TIMED_OUT;
}

static bool has_timed_out(struct cuio_test *card, void *context)
{
	(void)context;
	return timed_out(card);
}

START_TEST(nobody_pings_it)
{
	struct cuio_test *card = watchdog_card("[Driver]\nTimeout=1\n");
	uint64_t opened = alarm_now();

	ck_assert_int_ge(card_open(card, O_WRONLY), 0);
	ck_assert(card_until(card, has_timed_out, NULL));
	ck_assert_uint_ge(alarm_now() - opened, SECOND);
	card_free(card);
}
END_TEST

struct pinging {
	ssize_t file;
	uint64_t began, last, longest;
};

/* Each way of pinging in turn, for longer than the timer would count otherwise. */
static bool pings(struct cuio_test *card, void *context)
{
	struct pinging *pinging = context;
	uint64_t now = alarm_now();

	if (now - pinging->last > pinging->longest)
		pinging->longest = now - pinging->last;
	pinging->last = now;
	if ((now - pinging->began) / (SECOND / 4) % 2)
		ck_assert_int_eq(card_write(card, pinging->file, "x", 1), 1);
	else
		ck_assert_int_eq(card_ioctl(card, pinging->file, WDIOC_KEEPALIVE, NULL), 0);
	return now - pinging->began > 2 * SECOND;
}

START_TEST(somebody_pings_it)
{
	struct cuio_test *card = watchdog_card("[Driver]\nTimeout=1\n");
	struct pinging pinging = { .began = alarm_now() };

	pinging.last = pinging.began;
	pinging.file = card_open(card, O_WRONLY);
	ck_assert(card_until(card, pings, &pinging));
	/* A machine that stood still meanwhile is none of the driver's doing. */
	ck_assert(!timed_out(card) || pinging.longest > SECOND / 2);
	card_free(card);
}
END_TEST

START_TEST(successors_do_not_ping)
{
	struct cuio_test *card = watchdog_card("[Driver]\nTimeout=1\n");
	uint64_t opened = alarm_now();

	ck_assert_int_ge(card_open(card, O_WRONLY), 0);
	while (!timed_out(card)) {
		ck_assert_uint_lt(alarm_now() - opened, TEST_PATIENCE);
		card_crash(card);
	}
	ck_assert_uint_ge(alarm_now() - opened, SECOND);
	card_free(card);
}
END_TEST

START_TEST(after_a_reset_it_says_so)
{
	struct cuio_test *card = watchdog_card("[Driver]\nTimeout=1\n");
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert(card_until(card, has_timed_out, NULL));
	card_stop_and_start(card);
	ck_assert(!timed_out(card));
	ck_assert(!watchdog_counts(card));
	file = card_open(card, O_WRONLY);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETBOOTSTATUS), WDIOF_CARDRESET);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS),
			 WDIOF_CARDRESET | WDIOF_KEEPALIVEPING);
	card_free(card);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("i6300esb_expiry");
	TCase *tcase = tcase_create("i6300esb_expiry");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, nobody_pings_it);
	tcase_add_test(tcase, somebody_pings_it);
	tcase_add_test(tcase, successors_do_not_ping);
	tcase_add_test(tcase, after_a_reset_it_says_so);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
