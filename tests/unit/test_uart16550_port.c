// SPDX-License-Identifier: GPL-2.0-or-later
// The 16550A's driver on the simulator: speeds, breaks, open and close, and what is left by a
// crash between two calls.
#include "suite.h"
#include "uart.h"

static struct cuio_test *card;
static ssize_t file;

static void setup(void)
{
	card = uart_new("[Driver]\nBaudBase=115200\n");
	file = card_open(card, O_RDWR);
	uart_raw(card, file, 1, 0);
}

static void teardown(void)
{
	card_free(card);
}

static uint32_t divisor(void)
{
	uint64_t lcr = card_peek(card, "lcr");
	uint32_t value;

	card_poke(card, "lcr", lcr | UART_LCR_DLAB);
	value = (uint32_t)(card_peek(card, "rbr") | card_peek(card, "ier") << 8);
	card_poke(card, "lcr", lcr);
	return value;
}

static bool is_idle(struct cuio_test *idle, void *context)
{
	(void)context;
	return card_peek(idle, "ier") == 0;
}

/* --- settings --------------------------------------------------------------------------------- */

static struct termios2 ask_speed(uint32_t code, uint32_t speed)
{
	struct termios2 termios = uart_termios(card, file);

	termios.c_cflag = (termios.c_cflag & ~(uint32_t)CBAUD) | code;
	termios.c_ospeed = speed;
	uart_set(card, file, &termios);
	return uart_termios(card, file);
}

static void check_speed(uint32_t code, uint32_t speed, uint32_t got_code, uint32_t got_speed,
			uint32_t got_divisor)
{
	struct termios2 termios = ask_speed(code, speed);

	ck_assert_uint_eq(termios.c_cflag & CBAUD, got_code);
	ck_assert_uint_eq(termios.c_ospeed, got_speed);
	ck_assert_uint_eq(termios.c_ispeed, got_speed);
	ck_assert_uint_eq(divisor(), got_divisor);
}

START_TEST(speeds_are_the_nearest)
{
	check_speed(B9600, 0, B9600, 9600, 12);
	check_speed(B115200, 0, B115200, 115200, 1);
	check_speed(B50, 0, B50, 50, 2304);
	check_speed(B134, 0, B134, 134, 860);
	check_speed(BOTHER, 28800, BOTHER, 28800, 4);
	check_speed(BOTHER, 31250, BOTHER, 28800, 4);
	check_speed(BOTHER, 56000, B57600, 57600, 2);
	check_speed(B4000000, 0, B115200, 115200, 1);
	check_speed(BOTHER, UINT32_MAX, B115200, 115200, 1);
	check_speed(BOTHER, 1, BOTHER, 2, 65535);
}
END_TEST

START_TEST(a_divisor_can_be_ones_own)
{
	struct serial_struct serial;

	ck_assert_int_eq(card_ioctl(card, file, TIOCGSERIAL, &serial), 0);
	ck_assert_int_eq(serial.type, PORT_16550A);
	ck_assert_int_eq(serial.baud_base, 115200);
	serial.flags |= (int)ASYNC_SPD_CUST;
	serial.custom_divisor = 77;
	ck_assert_int_eq(card_ioctl(card, file, TIOCSSERIAL, &serial), 0);
	check_speed(B38400, 0, B38400, 38400, 77);
	serial.baud_base = 921600;
	ck_assert_int_eq(card_ioctl(card, file, TIOCSSERIAL, &serial), -EINVAL);
	card->uid = 1000;
	ck_assert_int_eq(card_ioctl(card, file, TIOCSSERIAL, &serial), -EPERM);
	serial.baud_base = 115200;
	serial.custom_divisor = 78;
	ck_assert_int_eq(card_ioctl(card, file, TIOCSSERIAL, &serial), 0);
	ck_assert_uint_eq(divisor(), 78);
}
END_TEST

START_TEST(serial_struct_of_32_bit_callers)
{
	uint8_t narrow[60];
	struct serial_struct wide;

	memset(narrow, 0xee, sizeof(narrow));
	ck_assert_int_eq(card_ioctl(card, file, TIOCGSERIAL, &wide), 0);
	card->compat = true;
	ck_assert_int_eq(card_ioctl(card, file, TIOCGSERIAL, narrow), 0);
	ck_assert_mem_eq(narrow, &wide, 44);
	ck_assert_int_eq(card_ioctl(card, file, TIOCSSERIAL, narrow), 0);
}
END_TEST

static void check_format(tcflag_t cflag, uint8_t lcr)
{
	struct termios2 termios = uart_termios(card, file);

	termios.c_cflag = B9600 | CREAD | CLOCAL | HUPCL | cflag;
	uart_set(card, file, &termios);
	ck_assert_uint_eq(card_peek(card, "lcr"), lcr);
}

START_TEST(formats)
{
	check_format(CS8, UART_LCR_WLEN8 | UART_LCR_EPAR);
	check_format(CS7 | PARENB, UART_LCR_WLEN7 | UART_LCR_PARITY | UART_LCR_EPAR);
	check_format(CS5 | PARENB | PARODD, UART_LCR_WLEN5 | UART_LCR_PARITY);
	check_format(CS6 | CSTOPB, UART_LCR_WLEN6 | UART_LCR_STOP | UART_LCR_EPAR);
	check_format(CS8 | PARENB | CMSPAR | PARODD,
		     UART_LCR_WLEN8 | UART_LCR_PARITY | UART_LCR_SPAR);
}
END_TEST

START_TEST(old_termio_has_the_low_halves)
{
	struct termio termio;

	ck_assert_int_eq(card_ioctl(card, file, TCGETA, &termio), 0);
	ck_assert_uint_eq(termio.c_cc[VMIN], 1);
	termio.c_cflag = B2400 | CS8 | CREAD | CLOCAL;
	termio.c_cc[VMIN] = 9;
	ck_assert_int_eq(card_ioctl(card, file, TCSETA, &termio), 0);
	ck_assert_uint_eq(uart_termios(card, file).c_cc[VMIN], 9);
	ck_assert_uint_eq(divisor(), 48);
}
END_TEST

/* --- breaks ----------------------------------------------------------------------------------- */

static bool is_breaking(struct cuio_test *of, void *context)
{
	(void)context;
	return card_peek(of, "wire_lines") & WIRE_BREAK;
}

static bool is_not_breaking(struct cuio_test *of, void *context)
{
	return !is_breaking(of, context);
}

START_TEST(breaks_are_held_and_end)
{
	ck_assert_int_eq(card_ioctl(card, file, TIOCSBRK, NULL), 0);
	ck_assert(is_breaking(card, NULL));
	card_crash(card);
	ck_assert(is_breaking(card, NULL));
	ck_assert_int_eq(card_ioctl(card, file, TIOCCBRK, NULL), 0);
	ck_assert(!is_breaking(card, NULL));
}
END_TEST

static ssize_t timed_break(uint32_t command, uint64_t argument)
{
	struct request_record *record = card_request(card, REQUEST_IOCTL, 0, 0);

	record->command = command;
	record->argument = argument;
	return card_serve_waiting(card, NULL, NULL, 0);
}

START_TEST(a_timed_break_takes_its_time)
{
	uint64_t before = alarm_now();

	ck_assert_int_eq(timed_break(TCSBRK, 0), 0);
	ck_assert_uint_ge(alarm_now() - before, UINT64_C(250000000));
	before = alarm_now();
	ck_assert_int_eq(timed_break(TCSBRKP, 1), 0);
	ck_assert_uint_ge(alarm_now() - before, UINT64_C(100000000));
	ck_assert(!is_breaking(card, NULL));
}
END_TEST

/* The caller is gone, the daemon has died: the line is let go all the same. */
START_TEST(a_timed_break_ends_without_its_caller)
{
	struct request_record *record = card_request(card, REQUEST_IOCTL, 0, 0);

	record->command = TCSBRKP;
	record->argument = 1;
	ck_assert(device_call(card->device, 0, NULL).waits);
	device_park(card->device, slot_parked(0));
	ck_assert(is_breaking(card, NULL));
	device_cancel(card->device, slot_parked(0), -EINTR);
	device_answered(card->device);
	card_crash(card);
	ck_assert(card_until(card, is_not_breaking, NULL));
}
END_TEST

START_TEST(a_drain_waits_for_all)
{
	static char bytes[600];
	struct uart_wire wire = { .wanted = 40 };
	struct request_record *record;
	struct device_answer answer;

	ck_assert_int_eq(card_write(card, file, bytes, sizeof(bytes)), sizeof(bytes));
	record = card_request(card, REQUEST_IOCTL, 0, 0);
	record->command = TCSBRK;
	record->argument = 1;
	ck_assert(device_call(card->device, 0, NULL).waits);
	device_park(card->device, slot_parked(0));
	ck_assert(card_until(card, uart_collect, &wire));
	wire.wanted = sizeof(bytes);
	ck_assert(card_until(card, uart_collect, &wire));
	answer = device_call(card->device, slot_parked(0), NULL);
	ck_assert(!answer.waits);
	ck_assert_int_eq(answer.result, 0);
	device_answered(card->device);
}
END_TEST

/* --- open and close --------------------------------------------------------------------------- */

START_TEST(the_last_close_hangs_up)
{
	ssize_t second = card_open(card, O_RDWR);

	card_close(card, file);
	ck_assert_uint_ne(card_peek(card, "mcr") & UART_MCR_DTR, 0);
	card_close(card, second);
	ck_assert_uint_eq(card_peek(card, "mcr"), 0);
	ck_assert_uint_eq(card_peek(card, "ier"), 0);
	file = card_open(card, O_RDWR);
	ck_assert_uint_eq(card_peek(card, "mcr"), UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2);
	ck_assert_uint_eq(uart_termios(card, file).c_lflag, 0);
}
END_TEST

START_TEST(what_was_written_is_sent_after_the_close)
{
	static char bytes[2000];
	struct uart_wire wire = { .wanted = sizeof(bytes) };

	memset(bytes, 'z', sizeof(bytes));
	ck_assert_int_eq(card_write(card, file, bytes, sizeof(bytes)), sizeof(bytes));
	card_close(card, file);
	card_crash(card);
	ck_assert(card_until(card, uart_collect, &wire));
	ck_assert_mem_eq(wire.text, bytes, sizeof(bytes));
	ck_assert(card_until(card, is_idle, NULL));
	ck_assert_uint_eq(card_peek(card, "mcr"), 0);
}
END_TEST

START_TEST(what_cannot_be_sent_is_given_up)
{
	struct serial_struct serial;

	ck_assert_int_eq(card_ioctl(card, file, TIOCGSERIAL, &serial), 0);
	serial.closing_wait = 5;
	ck_assert_int_eq(card_ioctl(card, file, TIOCSSERIAL, &serial), 0);
	ck_assert_int_eq(card_ioctl(card, file, TCXONC, (void *)TCOOFF), 0);
	ck_assert_int_eq(card_write(card, file, "never", 5), 5);
	card_close(card, file);
	ck_assert(card_until(card, is_idle, NULL));
	ck_assert_uint_eq(card_peek(card, "wire_out"), WIRE_EMPTY);
}
END_TEST

START_TEST(an_exclusive_port_is_roots_alone)
{
	int exclusive = 0;

	ck_assert_int_eq(card_ioctl(card, file, TIOCEXCL, NULL), 0);
	ck_assert_int_eq(card_ioctl(card, file, TIOCGEXCL, &exclusive), 0);
	ck_assert_int_eq(exclusive, 1);
	card->uid = 1000;
	ck_assert_int_eq(card_open(card, O_RDWR), -EBUSY);
	card->uid = 0;
	ck_assert_int_eq(card_open(card, O_RDWR), 1);
	card_close(card, 1);
	card_close(card, file);
	card->uid = 1000;
	ck_assert_int_eq(card_open(card, O_RDWR), 0);
}
END_TEST

static bool is_dead(struct cuio_test *of, void *context)
{
	(void)context;
	return card_poll(of, file) & CUIO_READY_HUP;
}

START_TEST(a_lost_carrier_ends_the_files)
{
	struct termios2 termios = uart_termios(card, file);
	ssize_t second;
	char c;

	termios.c_cflag &= ~(uint32_t)CLOCAL;
	uart_set(card, file, &termios);
	card_poke(card, "wire_lines", UART_MSR_CTS);
	ck_assert(card_until(card, is_dead, NULL));
	ck_assert_int_eq(card_read(card, file, &c, 1), 0);
	ck_assert_int_eq(card_write(card, file, "x", 1), -EIO);
	ck_assert_int_eq(card_ioctl(card, file, TCGETS2, &termios), -EIO);
	second = card_open(card, O_RDWR);
	card_close(card, file);
	ck_assert_uint_eq(card_poll(card, second), CUIO_READY_OUT);
	ck_assert_int_eq(card_write(card, second, "y", 1), 1);
	ck_assert_str_eq(uart_sent(card, 1), "y");
}
END_TEST

/* --- crashes between two calls ---------------------------------------------------------------- */

START_TEST(an_interrupt_that_nobody_heard_comes_again)
{
	ck_assert_int_eq(card_write(card, file, "abc", 3), 3);
	/* The dead have read the cause, which was cleared by that. */
	ck_assert_uint_eq(card_peek(card, "iir") & UART_IIR_ID, UART_IIR_THRI);
	card_crash(card);
	ck_assert_str_eq(uart_sent(card, 3), "abc");
}
END_TEST

START_TEST(buffers_survive)
{
	uart_receives(card, "in", 2);
	ck_assert_int_eq(card_ioctl(card, file, TCXONC, (void *)TCOOFF), 0);
	ck_assert_int_eq(card_write(card, file, "out", 3), 3);
	uart_comes(card, "side", 4);
	card_crash(card);
	ck_assert_int_eq(card_ioctl(card, file, TCXONC, (void *)TCOON), 0);
	ck_assert_str_eq(uart_sent(card, 3), "out");
	uart_take_in(card, 6);
	ck_assert_str_eq(uart_read(card, file, 10), "inside");
}
END_TEST

START_TEST(an_open_latch_is_closed)
{
	card_poke(card, "lcr", card_peek(card, "lcr") | UART_LCR_DLAB);
	card_crash(card);
	ck_assert_int_eq(card_write(card, file, "abc", 3), 3);
	ck_assert_str_eq(uart_sent(card, 3), "abc");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uart16550_port");
	TCase *tcase = tcase_create("uart16550_port");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, speeds_are_the_nearest);
	tcase_add_test(tcase, a_divisor_can_be_ones_own);
	tcase_add_test(tcase, serial_struct_of_32_bit_callers);
	tcase_add_test(tcase, formats);
	tcase_add_test(tcase, old_termio_has_the_low_halves);
	tcase_add_test(tcase, breaks_are_held_and_end);
	tcase_add_test(tcase, a_timed_break_takes_its_time);
	tcase_add_test(tcase, a_timed_break_ends_without_its_caller);
	tcase_add_test(tcase, a_drain_waits_for_all);
	tcase_add_test(tcase, the_last_close_hangs_up);
	tcase_add_test(tcase, what_was_written_is_sent_after_the_close);
	tcase_add_test(tcase, what_cannot_be_sent_is_given_up);
	tcase_add_test(tcase, an_exclusive_port_is_roots_alone);
	tcase_add_test(tcase, a_lost_carrier_ends_the_files);
	tcase_add_test(tcase, an_interrupt_that_nobody_heard_comes_again);
	tcase_add_test(tcase, buffers_survive);
	tcase_add_test(tcase, an_open_latch_is_closed);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
