// SPDX-License-Identifier: GPL-2.0-or-later
// A card with two ports whose saved memory a taken-over daemon has forged, with all sums right.
#include "device/record_sum.h"
#include "driver/class/tty/tty.h"
#include "suite.h"
#include "uart.h"

#define THIRD_PORTS_TIMER 4U

static struct cuio_test *card;

static void setup(void)
{
	char *text = uart_description_of("daemon/driver/devices/uart16550-2x.device");

	card = card_new(text, NULL);
	free(text);
	ck_assert_int_ge(card_open_node(card, 0, O_RDWR), 0);
}

static void teardown(void)
{
	card_free(card);
}

START_TEST(a_saved_cause_is_of_ports_that_are_there)
{
	struct layout forged = test_layout(card);

	forged.device->cause = UINT64_MAX;
	record_sum_device(&forged, forged.device);
	card_crash(card);
}
END_TEST

static bool is_off(struct cuio_test *of, void *context)
{
	(void)context;
	return test_layout(of).device->timers[THIRD_PORTS_TIMER] == TIME_NEVER;
}

START_TEST(a_saved_timer_is_of_a_port_that_is_there)
{
	struct layout forged = test_layout(card);

	forged.device->timers[THIRD_PORTS_TIMER] = 1;
	record_sum_device(&forged, forged.device);
	card_crash(card);
	ck_assert(card_until(card, is_off, NULL));
}
END_TEST

START_TEST(saved_rings_hold_no_more_than_their_size)
{
	struct layout forged = test_layout(card);
	struct tty *tty = (void *)forged.device->state;

	tty->rx_head = 0x80000000;
	tty->rx_line = 0xffffffff;
	tty->tx_head = tty->tx_tail + 0x80000000;
	record_sum_device(&forged, forged.device);
	card_crash(card);
	forged = test_layout(card);
	tty = (void *)forged.device->state;
	ck_assert_uint_eq(tty->rx_tail, tty->rx_head);
	ck_assert_uint_eq(tty->rx_line, tty->rx_head);
	ck_assert_uint_eq(tty->tx_tail, tty->tx_head);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uart16550_forged");
	TCase *cases = tcase_create("forged");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, a_saved_cause_is_of_ports_that_are_there);
	tcase_add_test(cases, a_saved_timer_is_of_a_port_that_is_there);
	tcase_add_test(cases, saved_rings_hold_no_more_than_their_size);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
