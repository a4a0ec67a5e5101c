// SPDX-License-Identifier: GPL-2.0-or-later
// The machine sleeps and the card loses its registers: every driver sets again what was set, in the
// process that slept, in a successor, and after a crash at any access on the way.
#include "base/sleep_clock.h"
#include "suite.h"
#include "uart.h"
#include "watchdog.h"
#include <errno.h>

/* Its variable `card` has the name of the others' parameters. */
#include "ne2000.h"

#define EDU "daemon/driver/devices/edu.device"

/* How the machine sleeps. */
enum how {
	ALIVE,	 /* the process sleeps with it */
	DEAD,	 /* the process crashed before, its successor starts after the sleep */
	CRASHING /* the process wakes up, and crashes at the first access, and so on */
};

static void sleep_as(struct cuio_test *sleeper, int how)
{
	if (how == DEAD) {
		test_lose_power(sleeper);
		card_crash(sleeper);
		return;
	}
	card_check(sleeper, cuio_test_sleep(sleeper));
	for (unsigned access = 1; how == CRASHING && access < 40; access++) {
		cuio_test_crash_at(sleeper, access);
		card_check(sleeper, cuio_test_sleep(sleeper));
		cuio_test_crash_at(sleeper, 0);
	}
}

/* --- the clock -------------------------------------------------------------------------------- */

START_TEST(the_clock_knows_a_sleep)
{
	uint64_t now = sleep_clock_read();

	ck_assert_uint_gt(now, 0);
	ck_assert(!sleep_clock_grew(now, sleep_clock_read()));
	ck_assert(sleep_clock_grew(now, now + NS_PER_SECOND));
	ck_assert_msg(!sleep_clock_grew(now, now + NS_PER_SECOND / 1000), "inaccurate");
	ck_assert(!sleep_clock_grew(0, now));
	ck_assert(!sleep_clock_grew(now, 0));
}
END_TEST

/* --- the watchdog ----------------------------------------------------------------------------- */

START_TEST(a_running_watchdog_runs_again)
{
	card = watchdog_card(NULL);
	node = card_open(card, O_WRONLY);
	ck_assert_int_eq(watchdog_put(card, node, WDIOC_SETTIMEOUT, 40), 0);
	watchdog_get(card, node, WDIOC_GETSTATUS);
	sleep_as(card, _i);
	ck_assert(watchdog_counts(card));
	ck_assert_int_eq(watchdog_get(card, node, WDIOC_GETTIMEOUT), 40);
	ck_assert_int_ge(watchdog_get(card, node, WDIOC_GETTIMELEFT), 39);
	ck_assert_int_eq(watchdog_get(card, node, WDIOC_GETBOOTSTATUS), 0);
	ck_assert_msg(!watchdog_get(card, node, WDIOC_GETSTATUS), "nobody has pinged it");
}
END_TEST

START_TEST(a_stopped_watchdog_stays_so)
{
	card = watchdog_card(NULL);
	node = card_open(card, O_WRONLY);
	ck_assert_int_eq(watchdog_put(card, node, WDIOC_SETTIMEOUT, 40), 0);
	ck_assert_int_eq(watchdog_put(card, node, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), 0);
	sleep_as(card, _i);
	ck_assert(!watchdog_counts(card));
	ck_assert_int_eq(watchdog_get(card, node, WDIOC_GETTIMEOUT), 40);
	ck_assert_int_eq(watchdog_put(card, node, WDIOC_SETOPTIONS, WDIOS_ENABLECARD), 0);
	ck_assert(watchdog_counts(card));
}
END_TEST

/* --- the serial port -------------------------------------------------------------------------- */

START_TEST(a_serial_port_goes_on)
{
	struct termios2 termios;
	uint64_t lcr, mcr, ier;

	card = uart_new("[Driver]\nBaudBase=115200\n");
	node = card_open(card, O_RDWR);
	uart_raw(card, node, 1, 0);
	termios = uart_termios(card, node);
	termios.c_cflag = (termios.c_cflag & ~(uint32_t)(CBAUD | CSIZE)) | B57600 | CS7 | PARENB;
	uart_set(card, node, &termios);
	lcr = card_peek(card, "lcr");
	mcr = card_peek(card, "mcr");
	ier = card_peek(card, "ier");
	ck_assert_uint_ne(ier, 0);
	sleep_as(card, _i);
	ck_assert_uint_eq(card_peek(card, "lcr"), lcr);
	ck_assert_uint_eq(card_peek(card, "mcr"), mcr);
	ck_assert_uint_eq(card_peek(card, "ier"), ier);
	ck_assert_msg((card_peek(card, "iir") & 0xc0) == 0xc0, "the FIFO is off");
	card_poke(card, "lcr", lcr | UART_LCR_DLAB);
	ck_assert_uint_eq(card_peek(card, "rbr"), 2);
	ck_assert_uint_eq(card_peek(card, "ier"), 0);
	card_poke(card, "lcr", lcr);
	/* Both directions, by interrupts. */
	ck_assert_int_eq(card_write(card, node, "hello", 5), 5);
	ck_assert_str_eq(uart_sent(card, 5), "hello");
	uart_receives(card, "world", 5);
	ck_assert_int_eq(uart_in_queue(card, node), 5);
}
END_TEST

START_TEST(what_was_received_and_not_read_is_kept)
{
	char text[8] = { 0 };

	card = uart_new("[Driver]\nBaudBase=115200\n");
	node = card_open(card, O_RDWR);
	uart_raw(card, node, 1, 0);
	uart_receives(card, "world", 5);
	sleep_as(card, _i);
	ck_assert_int_eq(card_read(card, node, text, sizeof(text)), 5);
	ck_assert_str_eq(text, "world");
}
END_TEST

START_TEST(a_closed_serial_port_stays_quiet)
{
	card = uart_new(NULL);
	sleep_as(card, _i);
	ck_assert_uint_eq(card_peek(card, "ier"), 0);
	node = card_open(card, O_RDWR);
	uart_raw(card, node, 1, 0);
	ck_assert_int_eq(card_write(card, node, "hello", 5), 5);
	ck_assert_str_eq(uart_sent(card, 5), "hello");
}
END_TEST

/* Bytes in its FIFO are not lost for nothing. */
START_TEST(a_port_that_kept_its_settings_is_left_alone)
{
	static const char text[] = "abc";

	card = uart_new("[Driver]\nBaudBase=115200\nRxTrigger=14\n");
	node = card_open(card, O_RDWR);
	uart_raw(card, node, 1, 0);
	uart_comes(card, text, 3);
	card->slept += NS_PER_SECOND;
	ck_assert_int_eq(device_wake(card->device, card->slept), 1);
	uart_take_in(card, 3);
}
END_TEST

/* --- the network card ------------------------------------------------------------------------- */

START_TEST(a_network_card_goes_on)
{
	setup();
	send_frame(own, 100, 1);
	ck_assert(card_until(card, can_take, NULL));
	sleep_as(card, _i);
	/* The frame that was received is still there. */
	take_frame(own, 100, 1);
	for (unsigned i = 2; i < 40; i++) {
		send_frame(own, 1000, i);
		take_frame(own, 1000, i);
	}
}
END_TEST

/* --- descriptions ----------------------------------------------------------------------------- */

/* A card with a model; its own [Reset] computes again. */
START_TEST(a_computation_is_done_again)
{
	uint32_t n = 5, result = 0;
	int reader;

	card = card_new(EDU, NULL);
	node = card_open(card, O_RDWR);
	reader = cuio_test_begin_read(card, (int)node, &result, sizeof(result));
	ck_assert_int_eq(card_write(card, node, &n, sizeof(n)), sizeof(n));
	sleep_as(card, _i);
	ck_assert_int_eq(cuio_test_finish(card, reader), sizeof(result));
	ck_assert_uint_eq(result, 120);
}
END_TEST

#define PLAIN                                                                                      \
	"[Device]\nMatch=pci:1234:1111\n[Node]\nName=plain\n[Window w]\nBar=0\nSize=64\n"          \
	"[Register control]\nOffset=0\n[Register level]\nOffset=4\n"                               \
	"[State]\nDevice=level:u32 starts:u32\n"                                                   \
	"[Start]\nStep=write control 1\nStep=let dev.starts = dev.starts + 1\n"                    \
	"[Write]\nStep=let dev.level = data.u32[0]\nStep=write level dev.level\nStep=return 4\n"

static void check_plain(const char *reset, uint32_t control, uint32_t level, int how)
{
	char text[1024];
	uint32_t value = 7;

	snprintf(text, sizeof(text), "%s%s", PLAIN, reset);
	card = card_new(text, NULL);
	node = card_open(card, O_RDWR);
	ck_assert_int_eq(card_write(card, node, &value, 4), 4);
	sleep_as(card, how);
	ck_assert_uint_eq(card_peek(card, "control"), control);
	ck_assert_uint_eq(card_peek(card, "level"), level);
}

START_TEST(start_is_done_again_with_the_variables_as_they_were)
{
	check_plain("", 1, 0, _i);
	card_free(card);
	check_plain("[Reset]\nStep=write control 3\nStep=write level dev.level\n", 3, 7, _i);
}
END_TEST

START_TEST(an_error_in_reset_is_the_starts)
{
	card = card_new(PLAIN "[Reset]\nStep=fail EIO\n", NULL);
	ck_assert_int_eq(cuio_test_sleep(card), -EIO);
	ck_assert_ptr_null(card->device);
}
END_TEST

/* The class starts the chip, whose steps are the description's. */
START_TEST(a_described_watchdog_runs_again)
{
	card = card_new("daemon/driver/devices/hpwdt.device", NULL);
	node = card_open(card, O_WRONLY);
	ck_assert_int_eq(watchdog_put(card, node, WDIOC_SETTIMEOUT, 64), 0);
	sleep_as(card, _i);
	ck_assert_uint_eq(card_peek(card, "control"), 0x81);
	ck_assert_uint_eq(card_peek(card, "timer"), 500);
}
END_TEST

/* --- once ------------------------------------------------------------------------------------- */

START_TEST(each_sleep_is_noticed_once)
{
	card = card_new(PLAIN, NULL);
	card_check(card, cuio_test_sleep(card));
	card_poke(card, "control", 5);
	ck_assert_int_eq(device_wake(card->device, card->slept), 0);
	card_crash(card);
	ck_assert_msg(card_peek(card, "control") == 5, "a crash is no sleep");
	card_check(card, cuio_test_sleep(card));
	ck_assert_uint_eq(card_peek(card, "control"), 1);
}
END_TEST

/* Memory of a version that did not note it. */
START_TEST(an_unknown_time_is_no_sleep)
{
	card = card_new(PLAIN, NULL);
	test_layout(card).outside->slept = 0;
	card_poke(card, "control", 5);
	card_crash(card);
	ck_assert_uint_eq(card_peek(card, "control"), 5);
	card_check(card, cuio_test_sleep(card));
	ck_assert_msg(card_peek(card, "control") == 1, "noted at the start");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sleep");
	TCase *tcase = tcase_create("sleep");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, the_clock_knows_a_sleep);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("cards");
	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_loop_test(tcase, a_running_watchdog_runs_again, ALIVE, CRASHING + 1);
	tcase_add_loop_test(tcase, a_stopped_watchdog_stays_so, ALIVE, CRASHING + 1);
	tcase_add_loop_test(tcase, a_serial_port_goes_on, ALIVE, CRASHING + 1);
	tcase_add_loop_test(tcase, what_was_received_and_not_read_is_kept, ALIVE, CRASHING + 1);
	tcase_add_loop_test(tcase, a_closed_serial_port_stays_quiet, ALIVE, CRASHING + 1);
	tcase_add_test(tcase, a_port_that_kept_its_settings_is_left_alone);
	tcase_add_loop_test(tcase, a_network_card_goes_on, ALIVE, CRASHING + 1);
	tcase_add_loop_test(tcase, a_computation_is_done_again, ALIVE, CRASHING + 1);
	tcase_add_loop_test(tcase, start_is_done_again_with_the_variables_as_they_were, ALIVE,
			    CRASHING + 1);
	tcase_add_test(tcase, an_error_in_reset_is_the_starts);
	tcase_add_loop_test(tcase, a_described_watchdog_runs_again, ALIVE, CRASHING + 1);
	tcase_add_test(tcase, each_sleep_is_noticed_once);
	tcase_add_test(tcase, an_unknown_time_is_no_sleep);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
