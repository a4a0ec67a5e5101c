// SPDX-License-Identifier: GPL-2.0-or-later
// The 16550A's driver on the simulator: modem lines and flow control.
#include "suite.h"
#include "uart.h"

static struct cuio_test *card;
static ssize_t file;

static void setup(void)
{
	card = uart_new(NULL);
	file = card_open(card, O_RDWR);
	uart_raw(card, file, 1, 0);
}

static void teardown(void)
{
	card_free(card);
}

START_TEST(modem_lines_are_set_and_seen)
{
	int lines = TIOCM_RTS;

	ck_assert_int_eq(uart_lines(card, file),
			 TIOCM_DTR | TIOCM_RTS | TIOCM_OUT2 | TIOCM_CTS | TIOCM_DSR | TIOCM_CAR);
	ck_assert_int_eq(card_ioctl(card, file, TIOCMBIC, &lines), 0);
	ck_assert_uint_eq(card_peek(card, "mcr"), UART_MCR_DTR | UART_MCR_OUT2);
	lines = TIOCM_OUT1;
	ck_assert_int_eq(card_ioctl(card, file, TIOCMSET, &lines), 0);
	ck_assert_uint_eq(card_peek(card, "mcr"), UART_MCR_OUT1 | UART_MCR_OUT2);
	lines = TIOCM_DTR;
	ck_assert_int_eq(card_ioctl(card, file, TIOCMBIS, &lines), 0);
	card_poke(card, "wire_lines", UART_MSR_RI);
	ck_assert_int_eq(uart_lines(card, file), TIOCM_DTR | TIOCM_OUT1 | TIOCM_OUT2 | TIOCM_RNG);
}
END_TEST

static bool dcd_counted(struct cuio_test *of, void *context)
{
	return uart_counts(of, file).dcd >= *(int *)context;
}

START_TEST(changes_are_counted)
{
	struct serial_icounter_struct before = uart_counts(card, file), after;
	int wanted = before.dcd + 1;

	card_poke(card, "wire_lines", UART_MSR_RI | UART_MSR_DCD);
	card_poke(card, "wire_lines", 0);
	ck_assert(card_until(card, dcd_counted, &wanted));
	after = uart_counts(card, file);
	ck_assert_int_eq(after.cts, before.cts + 1);
	ck_assert_int_eq(after.dsr, before.dsr + 1);
	ck_assert_int_eq(after.rng, before.rng + 1);
	ck_assert_int_eq(after.dcd, before.dcd + 1);
}
END_TEST

START_TEST(a_change_of_lines_ends_a_wait)
{
	void *lines = (void *)(uintptr_t)(TIOCM_CAR | TIOCM_RNG);
	int call = cuio_test_begin_ioctl(card, (int)file, TIOCMIWAIT, lines);

	cuio_test_run(card, 0);
	ck_assert(cuio_test_is_waiting(card, call));
	card_poke(card, "wire_lines", UART_MSR_DSR | UART_MSR_DCD);
	cuio_test_run(card, UINT64_C(10000000));
	ck_assert(cuio_test_is_waiting(card, call));
	card_poke(card, "wire_lines", UART_MSR_DSR);
	ck_assert_int_eq(cuio_test_finish(card, call), 0);
}
END_TEST

START_TEST(cts_stops_the_output)
{
	struct termios2 termios = uart_termios(card, file);

	termios.c_cflag |= CRTSCTS;
	uart_set(card, file, &termios);
	card_poke(card, "wire_lines", UART_MSR_DCD);
	ck_assert_int_eq(uart_lines(card, file) & TIOCM_CTS, 0);
	ck_assert_int_eq(card_write(card, file, "abc", 3), 3);
	ck_assert_uint_eq(card_peek(card, "ier") & UART_IER_THRI, 0);
	card_poke(card, "wire_lines", UART_MSR_DCD | UART_MSR_CTS);
	ck_assert_str_eq(uart_sent(card, 3), "abc");
}
END_TEST

START_TEST(xoff_stops_the_output)
{
	uart_flags(card, file, IXON, 0, 0);
	uart_receives(card, "\23", 1);
	ck_assert_int_eq(card_write(card, file, "abc", 3), 3);
	ck_assert_uint_eq(card_peek(card, "ier") & UART_IER_THRI, 0);
	uart_receives(card, "x\21", 2);
	ck_assert_str_eq(uart_sent(card, 3), "abc");
	ck_assert_str_eq(uart_read(card, file, 10), "x");
	uart_flags(card, file, IXON | IXANY, 0, 0);
	uart_receives(card, "\23", 1);
	ck_assert_int_eq(card_write(card, file, "d", 1), 1);
	uart_receives(card, "y", 1);
	ck_assert_str_eq(uart_sent(card, 1), "d");
}
END_TEST

START_TEST(tcflow_stops_and_urges)
{
	ck_assert_int_eq(card_ioctl(card, file, TCXONC, (void *)TCOOFF), 0);
	ck_assert_int_eq(card_write(card, file, "abc", 3), 3);
	ck_assert_int_eq(card_ioctl(card, file, TCXONC, (void *)TCIOFF), 0);
	ck_assert_str_eq(uart_sent(card, 1), "\23");
	ck_assert_int_eq(card_ioctl(card, file, TCXONC, (void *)TCION), 0);
	ck_assert_str_eq(uart_sent(card, 1), "\21");
	ck_assert_int_eq(card_ioctl(card, file, TCXONC, (void *)TCOON), 0);
	ck_assert_str_eq(uart_sent(card, 3), "abc");
	ck_assert_int_eq(card_ioctl(card, file, TCXONC, (void *)4), -EINVAL);
}
END_TEST

START_TEST(a_full_buffer_stops_the_other_side)
{
	static char bytes[12288], got[16384];
	struct termios2 termios = uart_termios(card, file);

	termios.c_iflag |= IXOFF;
	termios.c_cflag |= CRTSCTS;
	uart_set(card, file, &termios);
	uart_receives(card, bytes, sizeof(bytes) - 1);
	ck_assert_uint_ne(card_peek(card, "mcr") & UART_MCR_RTS, 0);
	uart_receives(card, bytes, 1);
	ck_assert_uint_eq(card_peek(card, "mcr") & UART_MCR_RTS, 0);
	ck_assert_int_eq(uart_lines(card, file) & TIOCM_RTS, 0);
	ck_assert_str_eq(uart_sent(card, 1), "\23");
	card_crash(card);
	ck_assert_uint_eq(card_peek(card, "mcr") & UART_MCR_RTS, 0);
	ck_assert_int_eq(card_read(card, file, got, sizeof(got)), 12288);
	ck_assert_uint_ne(card_peek(card, "mcr") & UART_MCR_RTS, 0);
	ck_assert_str_eq(uart_sent(card, 1), "\21");
}
END_TEST

START_TEST(in_loopback_its_lines_are_its_own)
{
	int lines = TIOCM_LOOP;

	ck_assert_int_eq(card_ioctl(card, file, TIOCMBIS, &lines), 0);
	ck_assert_int_eq(card_write(card, file, "to itself", 9), 9);
	uart_take_in(card, 9);
	ck_assert_str_eq(uart_read(card, file, 10), "to itself");
	lines = TIOCM_RTS;
	ck_assert_int_eq(card_ioctl(card, file, TIOCMBIC, &lines), 0);
	ck_assert_int_eq(uart_lines(card, file) & (TIOCM_CTS | TIOCM_DSR), TIOCM_DSR);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uart16550_modem");
	TCase *tcase = tcase_create("uart16550_modem");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, modem_lines_are_set_and_seen);
	tcase_add_test(tcase, changes_are_counted);
	tcase_add_test(tcase, a_change_of_lines_ends_a_wait);
	tcase_add_test(tcase, cts_stops_the_output);
	tcase_add_test(tcase, xoff_stops_the_output);
	tcase_add_test(tcase, tcflow_stops_and_urges);
	tcase_add_test(tcase, a_full_buffer_stops_the_other_side);
	tcase_add_test(tcase, in_loopback_its_lines_are_its_own);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
