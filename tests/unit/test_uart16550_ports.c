// SPDX-License-Identifier: GPL-2.0-or-later
// Cards with several 16550A on the simulator: what each port does beside the others, and a port
// that has no FIFO.
#include "driver/class/tty/tty.h"
#include "suite.h"
#include "uart.h"

#define DEVICE_2X    "daemon/driver/devices/uart16550-2x.device"
#define DEVICE_4X    "daemon/driver/devices/uart16550-4x.device"
#define PORTS	     4U
#define FIFO	     16U
#define SIM_16450    "Model=uart16450"
#define ON_LINES_MCR (UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2)

/* Port i's open file is i. */
static struct cuio_test *card;

static void start(const char *device, unsigned ports)
{
	char *text = uart_description_of(device);

	card = card_new(text, NULL);
	free(text);
	for (unsigned i = 0; i < ports; i++) {
		ck_assert_int_eq(card_open_node(card, i, O_RDWR), i);
		uart_raw(card, i, 1, 0);
	}
}

static void setup(void)
{
	start(DEVICE_2X, 2);
}

static void setup_4x(void)
{
	start(DEVICE_4X, PORTS);
}

static void teardown(void)
{
	card_free(card);
}

/* Until the port has taken in so many bytes in all. */
struct taken {
	unsigned port;
	int wanted;
};

static bool has_taken(struct cuio_test *of, void *context)
{
	const struct taken *taken = context;

	return uart_counts(of, taken->port).rx >= taken->wanted;
}

static void take_in(unsigned port, int wanted)
{
	struct taken taken = { port, wanted };

	ck_assert_msg(card_until(card, has_taken, &taken), "port %u takes in no more", port);
}

/* 16 at a time, as many as the FIFO holds. */
static void receives(unsigned port, const char *text, size_t size)
{
	int count = uart_counts(card, port).rx;

	for (size_t i = 0; i < size; i += FIFO) {
		size_t n = size - i < FIFO ? size - i : FIFO;

		uart_comes_to(card, port, text + i, n);
		take_in(port, count += (int)n);
	}
}

static void writes(unsigned port, const char *text)
{
	ck_assert_int_eq(card_write(card, port, text, strlen(text)), (ssize_t)strlen(text));
}

static void set_cflag(unsigned port, tcflag_t off, tcflag_t on)
{
	struct termios2 termios = uart_termios(card, port);

	termios.c_cflag = (termios.c_cflag & ~off) | on;
	uart_set(card, port, &termios);
}

static unsigned divisor(unsigned port)
{
	uint64_t lcr = card_peek_at(card, "lcr", port);
	unsigned value;

	card_poke_at(card, "lcr", port, lcr | UART_LCR_DLAB);
	value = (unsigned)(card_peek_at(card, "rbr", port) | card_peek_at(card, "ier", port) << 8);
	card_poke_at(card, "lcr", port, lcr);
	return value;
}

/* --- bytes ------------------------------------------------------------------------------------ */

START_TEST(bytes_do_not_mix)
{
	static const char *const goes[PORTS] = { "first", "second one", "3rd", "the fourth" };
	static const char *const comes[PORTS] = { "one", "two of them", "III", "4444" };

	for (unsigned i = 0; i < PORTS; i++) {
		writes(i, goes[i]);
		uart_comes_to(card, i, comes[i], strlen(comes[i]));
	}
	for (unsigned i = PORTS; i-- > 0;) {
		ck_assert_str_eq(uart_sent_by(card, i, strlen(goes[i])), goes[i]);
		take_in(i, (int)strlen(comes[i]));
		ck_assert_str_eq(uart_read(card, i, 100), comes[i]);
		ck_assert_int_eq(uart_counts(card, i).tx, (int)strlen(goes[i]));
	}
}
END_TEST

START_TEST(a_ready_port_is_one)
{
	receives(1, "x", 1);
	ck_assert_uint_eq(card_poll(card, 0), CUIO_READY_OUT);
	ck_assert_uint_eq(card_poll(card, 1), CUIO_READY_OUT | CUIO_READY_IN);
	ck_assert_str_eq(uart_read(card, 0, 10), strerror(EAGAIN));
}
END_TEST

/* Nobody reads from the first, whose FIFO runs over at last. */
START_TEST(an_overrun_stops_no_other)
{
	static char bytes[RX_SIZE];

	receives(0, bytes, sizeof(bytes) - FIFO);
	uart_comes_to(card, 0, bytes, 100);
	take_in(0, RX_SIZE - 2);
	ck_assert_uint_eq(card_peek_at(card, "ier", 0) & UART_IER_RDI, 0);
	receives(1, "goes on", 7);
	ck_assert_str_eq(uart_read(card, 1, 10), "goes on");
	writes(1, "in both directions");
	ck_assert_str_eq(uart_sent_by(card, 1, 18), "in both directions");
	ck_assert_int_eq(uart_counts(card, 1).overrun, 0);
	ck_assert_int_eq(card_read(card, 0, bytes, sizeof(bytes)), RX_SIZE - 2);
	take_in(0, RX_SIZE);
	ck_assert_int_ge(uart_counts(card, 0).overrun, 1);
}
END_TEST

START_TEST(a_blocked_output_stops_no_other)
{
	static char bytes[TX_SIZE];

	ck_assert_int_eq(card_ioctl(card, 0, TCXONC, (void *)TCOOFF), 0);
	ck_assert_int_eq(card_write(card, 0, bytes, sizeof(bytes)), TX_SIZE);
	ck_assert_int_eq(card_write(card, 0, bytes, 1), -EAGAIN);
	set_cflag(1, 0, CRTSCTS);
	card_poke_at(card, "wire_lines", 0, UART_MSR_DCD);
	writes(1, "free");
	ck_assert_str_eq(uart_sent_by(card, 1, 4), "free");
	ck_assert_uint_eq(card_peek_at(card, "wire_out", 0), WIRE_EMPTY);
	ck_assert_int_eq(card_ioctl(card, 0, TCXONC, (void *)TCOON), 0);
	uart_sent_by(card, 0, TX_SIZE);
}
END_TEST

/* --- settings and lines ----------------------------------------------------------------------- */

START_TEST(settings_are_a_ports_own)
{
	struct serial_struct serial;

	set_cflag(1, CBAUD | CSIZE, B1200 | CS7 | PARENB);
	ck_assert_uint_eq(divisor(0), 12);
	ck_assert_uint_eq(divisor(1), 96);
	ck_assert_uint_eq(card_peek_at(card, "lcr", 0), UART_LCR_WLEN8 | UART_LCR_EPAR);
	ck_assert_uint_eq(card_peek_at(card, "lcr", 1),
			  UART_LCR_WLEN7 | UART_LCR_PARITY | UART_LCR_EPAR);
	ck_assert_uint_eq(uart_termios(card, 0).c_ospeed, 9600);
	ck_assert_int_eq(card_ioctl(card, 1, TIOCGSERIAL, &serial), 0);
	serial.closing_wait = 7;
	ck_assert_int_eq(card_ioctl(card, 1, TIOCSSERIAL, &serial), 0);
	ck_assert_int_eq(card_ioctl(card, 0, TIOCGSERIAL, &serial), 0);
	ck_assert_int_eq(serial.closing_wait, 3000);
}
END_TEST

START_TEST(lines_are_a_ports_own)
{
	int lines = TIOCM_RTS;

	ck_assert_int_eq(card_ioctl(card, 1, TIOCMBIC, &lines), 0);
	ck_assert_uint_eq(card_peek_at(card, "mcr", 0), ON_LINES_MCR);
	ck_assert_uint_eq(card_peek_at(card, "mcr", 1), UART_MCR_DTR | UART_MCR_OUT2);
	card_poke_at(card, "wire_lines", 1, UART_MSR_CTS);
	ck_assert_int_eq(uart_lines(card, 0) & (TIOCM_CAR | TIOCM_DSR), TIOCM_CAR | TIOCM_DSR);
	ck_assert_int_eq(uart_lines(card, 1) & (TIOCM_CAR | TIOCM_DSR), 0);
	ck_assert_int_eq(uart_counts(card, 0).dcd, 0);
	ck_assert_int_eq(uart_counts(card, 1).dcd, 1);
}
END_TEST

static bool second_lost_its_carrier(struct cuio_test *of, void *context)
{
	(void)context;
	return card_poll(of, 1) & CUIO_READY_HUP;
}

START_TEST(a_lost_carrier_hangs_up_its_port)
{
	set_cflag(0, CLOCAL, 0);
	set_cflag(1, CLOCAL, 0);
	card_poke_at(card, "wire_lines", 1, UART_MSR_CTS);
	ck_assert(card_until(card, second_lost_its_carrier, NULL));
	ck_assert_int_eq(card_write(card, 1, "x", 1), -EIO);
	ck_assert_uint_eq(card_peek_at(card, "ier", 1), 0);
	writes(0, "up");
	ck_assert_str_eq(uart_sent_by(card, 0, 2), "up");
	ck_assert_int_eq(card_open_node(card, 1, O_RDWR), 2);
	ck_assert_uint_eq(card_peek_at(card, "mcr", 1), ON_LINES_MCR);
}
END_TEST

static uint64_t breaks(struct cuio_test *of, unsigned port)
{
	return card_peek_at(of, "wire_lines", port) & WIRE_BREAK;
}

static bool neither_breaks(struct cuio_test *of, void *context)
{
	(void)context;
	return !breaks(of, 0) && !breaks(of, 1);
}

/* Of a caller that does not wait for its end. */
static void begin_break(unsigned port, uint64_t deciseconds)
{
	struct request_record *record = card_request(card, REQUEST_IOCTL, port, 0);

	record->command = TCSBRKP;
	record->argument = deciseconds;
	ck_assert(device_call(card->device, 0, NULL).waits);
	device_park(card->device, slot_parked(0));
	device_cancel(card->device, slot_parked(0), -EINTR);
	device_answered(card->device);
}

START_TEST(breaks_are_a_ports_own)
{
	uint64_t before = alarm_now();

	ck_assert_int_eq(card_ioctl(card, 0, TIOCSBRK, NULL), 0);
	ck_assert(breaks(card, 0) && !breaks(card, 1));
	begin_break(1, 1);
	ck_assert_int_eq(card_ioctl(card, 0, TIOCCBRK, NULL), 0);
	ck_assert(!breaks(card, 0) && breaks(card, 1));
	begin_break(0, 2);
	card_crash(card);
	ck_assert(breaks(card, 0) && breaks(card, 1));
	ck_assert(card_until(card, neither_breaks, NULL));
	ck_assert_uint_ge(alarm_now() - before, UINT64_C(200000000));
}
END_TEST

/* --- open and close --------------------------------------------------------------------------- */

START_TEST(a_closed_port_leaves_the_others_open)
{
	card_close(card, 1);
	ck_assert_uint_eq(card_peek_at(card, "mcr", 1), 0);
	ck_assert_uint_eq(card_peek_at(card, "ier", 1), 0);
	ck_assert_uint_eq(card_peek_at(card, "mcr", 0), ON_LINES_MCR);
	uart_comes_to(card, 1, "lost", 4);
	receives(0, "open", 4);
	ck_assert_str_eq(uart_read(card, 0, 10), "open");
	ck_assert_int_eq(card_open_node(card, 1, O_RDWR), 1);
	ck_assert_int_eq(uart_in_queue(card, 1), 0);
}
END_TEST

START_TEST(exclusive_is_one_port)
{
	ck_assert_int_eq(card_ioctl(card, 0, TIOCEXCL, NULL), 0);
	card->uid = 1000;
	ck_assert_int_eq(card_open_node(card, 0, O_RDWR), -EBUSY);
	ck_assert_int_eq(card_open_node(card, 1, O_RDWR), 2);
}
END_TEST

static bool both_are_off(struct cuio_test *of, void *context)
{
	(void)context;
	return !card_peek_at(of, "mcr", 0) && !card_peek_at(of, "mcr", 1);
}

START_TEST(both_send_the_rest_after_their_close)
{
	static char bytes[2][2000];
	struct uart_wire wires[2] = { { .wanted = 2000, .port = 0 },
				      { .wanted = 2000, .port = 1 } };

	for (unsigned i = 0; i < 2; i++) {
		memset(bytes[i], 'a' + (int)i, sizeof(bytes[i]));
		ck_assert_int_eq(card_write(card, i, bytes[i], sizeof(bytes[i])), 2000);
		card_close(card, i);
	}
	card_crash(card);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert(card_until(card, uart_collect, &wires[i]));
		ck_assert_mem_eq(wires[i].text, bytes[i], sizeof(bytes[i]));
	}
	ck_assert(card_until(card, both_are_off, NULL));
}
END_TEST

START_TEST(a_stop_leaves_all_quiet)
{
	device_stop(card->device);
	for (unsigned i = 0; i < PORTS; i++) {
		ck_assert_uint_eq(card_peek_at(card, "mcr", i), 0);
		ck_assert_uint_eq(card_peek_at(card, "ier", i), 0);
	}
}
END_TEST

/* --- crashes ---------------------------------------------------------------------------------- */

START_TEST(interrupts_that_nobody_heard_come_again)
{
	for (unsigned i = 0; i < PORTS; i++) {
		writes(i, "abc");
		/* The dead have read the cause, which was cleared by that. */
		ck_assert_uint_eq(card_peek_at(card, "iir", i) & UART_IIR_ID, UART_IIR_THRI);
	}
	card_crash(card);
	for (unsigned i = 0; i < PORTS; i++)
		ck_assert_str_eq(uart_sent_by(card, i, 3), "abc");
}
END_TEST

START_TEST(buffers_and_settings_survive)
{
	set_cflag(1, CBAUD, B1200);
	for (unsigned i = 0; i < 2; i++) {
		receives(i, i ? "in1" : "in0", 3);
		ck_assert_int_eq(card_ioctl(card, i, TCXONC, (void *)TCOOFF), 0);
		writes(i, i ? "out1" : "out0");
		uart_comes_to(card, i, i ? "side1" : "side0", 5);
	}
	card_crash(card);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_int_eq(card_ioctl(card, i, TCXONC, (void *)TCOON), 0);
		ck_assert_str_eq(uart_sent_by(card, i, 4), i ? "out1" : "out0");
		take_in(i, 8);
		ck_assert_str_eq(uart_read(card, i, 20), i ? "in1side1" : "in0side0");
		ck_assert_uint_eq(uart_termios(card, i).c_ospeed, i ? 1200 : 9600);
	}
}
END_TEST

/* --- other cards ------------------------------------------------------------------------------ */

/* The text with `to` in place of each `from`, which is no shorter. */
static void replace(char *text, const char *from, const char *to)
{
	ck_assert_uint_ge(strlen(from), strlen(to));
	for (char *at = text; (at = strstr(at, from));) {
		memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
		memcpy(at, to, strlen(to));
	}
}

START_TEST(a_node_without_registers_cannot_be_opened)
{
	char *text = uart_description_of(DEVICE_2X), *scratch = strstr(text, "[Register scr]");
	struct termios2 termios;

	ck_assert_ptr_nonnull(scratch);
	replace(scratch, "Count=2\nStride=8\nDescription=Scratch", "Count=1");
	card = card_new(text, NULL);
	ck_assert_int_eq(card_open_node(card, 0, O_RDWR), 0);
	ck_assert_int_eq(card_open_node(card, 1, O_RDWR), -ENXIO);
	/* As cuioctl opens it, it is open all the same. */
	ck_assert_int_eq(card_open_node(card, 1, O_ACCMODE), 1);
	ck_assert_int_eq(card_ioctl(card, 1, TCGETS2, &termios), -ENXIO);
	free(text);
	card_free(card);
}
END_TEST

START_TEST(a_port_without_fifo)
{
	static char bytes[64];
	struct serial_struct serial;
	char *text = uart_description();

	replace(text, "Model=uart16550", SIM_16450);
	card = card_new(text, NULL);
	free(text);
	ck_assert_int_eq(card_open(card, O_RDWR), 0);
	uart_raw(card, 0, 1, 0);
	ck_assert_int_eq(card_ioctl(card, 0, TIOCGSERIAL, &serial), 0);
	ck_assert_int_eq(serial.type, PORT_16450);
	ck_assert_int_eq(serial.xmit_fifo_size, 1);
	memset(bytes, 'u', sizeof(bytes));
	ck_assert_int_eq(card_write(card, 0, bytes, sizeof(bytes)), sizeof(bytes));
	ck_assert_mem_eq(uart_sent(card, sizeof(bytes)), bytes, sizeof(bytes));
	for (int i = 1; i <= 5; i++) {
		uart_comes(card, &"hello"[i - 1], 1);
		take_in(0, i);
	}
	ck_assert_str_eq(uart_read(card, 0, 10), "hello");
	uart_comes(card, "ab", 2);
	take_in(0, 6);
	ck_assert_str_eq(uart_read(card, 0, 10), "a");
	ck_assert_int_eq(uart_counts(card, 0).overrun, 1);
	card_free(card);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uart16550_ports");
	TCase *two = tcase_create("two"), *four = tcase_create("four"),
	      *others = tcase_create("others");

	tcase_add_checked_fixture(two, setup, teardown);
	tcase_add_test(two, a_ready_port_is_one);
	tcase_add_test(two, an_overrun_stops_no_other);
	tcase_add_test(two, a_blocked_output_stops_no_other);
	tcase_add_test(two, settings_are_a_ports_own);
	tcase_add_test(two, lines_are_a_ports_own);
	tcase_add_test(two, a_lost_carrier_hangs_up_its_port);
	tcase_add_test(two, breaks_are_a_ports_own);
	tcase_add_test(two, a_closed_port_leaves_the_others_open);
	tcase_add_test(two, exclusive_is_one_port);
	tcase_add_test(two, both_send_the_rest_after_their_close);
	tcase_add_test(two, buffers_and_settings_survive);
	suite_add_tcase(suite, two);
	tcase_add_checked_fixture(four, setup_4x, teardown);
	tcase_add_test(four, bytes_do_not_mix);
	tcase_add_test(four, a_stop_leaves_all_quiet);
	tcase_add_test(four, interrupts_that_nobody_heard_come_again);
	suite_add_tcase(suite, four);
	tcase_add_test(others, a_node_without_registers_cannot_be_opened);
	tcase_add_test(others, a_port_without_fifo);
	suite_add_tcase(suite, others);
	return suite_run(suite);
}
