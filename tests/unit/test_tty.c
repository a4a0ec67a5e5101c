// SPDX-License-Identifier: GPL-2.0-or-later
// The class of serial ports with a chip that is not a 16550A: one byte at a time, one speed, no
// modem lines and no state of its own. On the simulator's port, of which it uses what it needs.
#include "driver/class/tty/tty.h"
#include "suite.h"
#include "uart.h"
#include <setjmp.h>

#define SPEED 9600U
#define LINES (TIOCM_CTS | TIOCM_DSR | TIOCM_CAR)

/* --- the chip --------------------------------------------------------------------------------- */

enum {
	RBR,
	THR,
	IER,
	MCR,
	LSR
};

static const struct cuio_driver_register registers[] = {
	[RBR] = { "rbr", 1, .read = true },
	[THR] = { "thr", 1, .write = true },
	[IER] = { "ier", 1, .read = true, .write = true },
	[MCR] = { "mcr", 1, .write = true },
	[LSR] = { "lsr", 1, .read = true },
};

/* What the class has asked for. */
static char calls[4096];
static tcflag_t format;
/* The process dies inside of this operation. */
static const char *deadly;
static jmp_buf death;

static void called(const char *name)
{
	if (deadly && !strcmp(name, deadly))
		longjmp(death, 1);
	ck_assert_uint_lt(strlen(calls) + strlen(name) + 2, sizeof(calls));
	strcat(strcat(calls, name), " ");
}

static void check_calls(const char *wanted)
{
	ck_assert_str_eq(calls, wanted);
	calls[0] = '\0';
}

static uint32_t ports(const struct cuio_device *device)
{
	(void)device;
	return 1;
}

static uint32_t baud_base(const struct cuio_device *device)
{
	(void)device;
	return SPEED;
}

static int probe(const struct tty_port *port)
{
	called("probe");
	cuio_reg_write(port->device, IER, 0);
	return 0;
}

static void resume(const struct tty_port *port)
{
	uint64_t ier = cuio_reg_read(port->device, IER);

	called("resume");
	cuio_reg_write(port->device, IER, 0);
	cuio_reg_write(port->device, IER, ier);
}

static void startup(const struct tty_port *port)
{
	struct tty *tty = port->tty;

	called("startup");
	tty->type = PORT_8250;
	tty->fifo_size = 1;
	cuio_reg_write(port->device, MCR, UART_MCR_OUT2);
}

static void shutdown(const struct tty_port *port)
{
	called("shutdown");
	cuio_reg_write(port->device, IER, 0);
	cuio_reg_write(port->device, MCR, 0);
}

static void set_termios(const struct tty_port *port, tcflag_t cflag, uint32_t divisor)
{
	(void)port;
	called("set_termios");
	ck_assert_uint_eq(divisor, 1);
	format = cflag & CSIZE;
}

static void set_mctrl(const struct tty_port *port, unsigned lines)
{
	(void)port, (void)lines;
	called("set_mctrl");
}

static unsigned get_mctrl(const struct tty_port *port, unsigned *ret_changed)
{
	(void)port;
	called("get_mctrl");
	*ret_changed = 0;
	return LINES;
}

static void enable_ms(const struct tty_port *port)
{
	(void)port;
	called("enable_ms");
}

static void break_ctl(const struct tty_port *port, bool hold)
{
	(void)port, (void)hold;
	called("break_ctl");
}

static void start_rx(const struct tty_port *port)
{
	called("start_rx");
	cuio_reg_write(port->device, IER, cuio_reg_read(port->device, IER) | UART_IER_RDI);
}

static void start_tx(const struct tty_port *port)
{
	called("start_tx");
	cuio_reg_write(port->device, IER, cuio_reg_read(port->device, IER) | UART_IER_THRI);
}

static bool tx_empty(const struct tty_port *port)
{
	return cuio_reg_read(port->device, LSR) & UART_LSR_TEMT;
}

static void interrupt(struct cuio_device *device, unsigned vector, uint64_t cause)
{
	const struct tty_port port = tty_port_at(device, 0);
	uint64_t off = 0;
	uint8_t c;

	(void)vector;
	(void)cause;
	while ((cuio_reg_read(device, LSR) & UART_LSR_DR) && !off) {
		if (tty_has_room(&port))
			tty_receive(&port, (uint8_t)cuio_reg_read(device, RBR), 0);
		else
			off = UART_IER_RDI;
	}
	if (!tty_transmit(&port, &c))
		off |= UART_IER_THRI;
	else
		cuio_reg_write(device, THR, c);
	cuio_reg_write(device, IER, cuio_reg_read(device, IER) & ~off);
}

static const struct tty_ops ops = {
	.port_state = sizeof(struct tty),
	.ports = ports,
	.divisor_max = 1,
	.baud_base = baud_base,
	.probe = probe,
	.resume = resume,
	.startup = startup,
	.shutdown = shutdown,
	.set_termios = set_termios,
	.set_mctrl = set_mctrl,
	.get_mctrl = get_mctrl,
	.enable_ms = enable_ms,
	.break_ctl = break_ctl,
	.start_rx = start_rx,
	.start_tx = start_tx,
	.tx_empty = tx_empty,
};

static const struct cuio_driver chip = {
	TTY_DRIVER(ops, struct tty, 1), .name = "chip",
	.registers = registers,		.n_registers = sizeof(registers) / sizeof(registers[0]),
	.interrupt = interrupt,
};

/* --- the tests -------------------------------------------------------------------------------- */

static struct cuio_test *card;
static ssize_t file;

static void setup(void)
{
	char *text = uart_description();

	card = card_new_driver(&chip, text, NULL);
	free(text);
	check_calls("probe break_ctl set_mctrl shutdown ");
	file = card_open(card, O_RDWR);
	ck_assert_int_eq(file, 0);
	check_calls("startup set_termios set_mctrl get_mctrl enable_ms start_rx ");
}

static void teardown(void)
{
	card_free(card);
}

START_TEST(bytes_go_out_and_come_in)
{
	ck_assert_int_eq(card_write(card, file, "hello\n", 6), 6);
	ck_assert_str_eq(uart_sent(card, 7), "hello\r\n");
	uart_receives(card, "there\r", 6);
	ck_assert_str_eq(uart_sent(card, 7), "there\r\n");
	ck_assert_str_eq(uart_read(card, file, 10), "there\n");
}
END_TEST

START_TEST(it_closes)
{
	card_close(card, file);
	check_calls("break_ctl set_mctrl shutdown ");
	ck_assert_uint_eq(card_peek(card, "ier"), 0);
}
END_TEST

START_TEST(it_has_one_speed)
{
	struct termios2 termios = uart_termios(card, file);
	struct serial_struct serial;

	termios.c_cflag = (termios.c_cflag & ~(tcflag_t)CBAUD) | B115200;
	uart_set(card, file, &termios);
	termios = uart_termios(card, file);
	ck_assert_uint_eq(termios.c_cflag & CBAUD, B9600);
	ck_assert_uint_eq(termios.c_ospeed, SPEED);
	ck_assert_int_eq(card_ioctl(card, file, TIOCGSERIAL, &serial), 0);
	ck_assert_int_eq(serial.type, PORT_8250);
	ck_assert_int_eq(serial.baud_base, SPEED);
	ck_assert_int_eq(serial.xmit_fifo_size, 1);
	serial.custom_divisor = 2;
	ck_assert_int_eq(card_ioctl(card, file, TIOCSSERIAL, &serial), -EINVAL);
}
END_TEST

START_TEST(lines_that_it_has_not_stop_nothing)
{
	struct termios2 termios = uart_termios(card, file);

	ck_assert_int_eq(uart_lines(card, file), TIOCM_DTR | TIOCM_RTS | LINES);
	termios.c_cflag &= ~(tcflag_t)CLOCAL;
	termios.c_cflag |= CRTSCTS;
	uart_set(card, file, &termios);
	ck_assert_int_eq(card_write(card, file, "abc", 3), 3);
	ck_assert_str_eq(uart_sent(card, 3), "abc");
}
END_TEST

/* There is no room: the chip is told when there is again. */
START_TEST(a_full_ring_lets_bytes_wait_in_the_chip)
{
	static char bytes[RX_SIZE], got[RX_SIZE];
	ssize_t n;

	uart_raw(card, file, 1, 0);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i % 251);
	uart_receives(card, bytes, sizeof(bytes) - 16);
	uart_comes(card, bytes + sizeof(bytes) - 16, 16);
	uart_take_in(card, RX_SIZE - 2);
	ck_assert_uint_eq(card_peek(card, "ier") & UART_IER_RDI, 0);
	calls[0] = '\0';
	n = card_read(card, file, got, sizeof(got));
	ck_assert_int_eq(n, RX_SIZE - 2);
	check_calls("start_rx ");
	uart_take_in(card, RX_SIZE);
	n += card_read(card, file, got + n, sizeof(got) - (size_t)n);
	ck_assert_int_eq(n, RX_SIZE);
	ck_assert_mem_eq(got, bytes, sizeof(got));
}
END_TEST

/* It is programmed again by the successor, before the call that was for it is. */
START_TEST(a_death_while_it_is_programmed)
{
	static struct termios2 termios;

	termios = uart_termios(card, file);
	termios.c_cflag = (termios.c_cflag & ~(tcflag_t)CSIZE) | CS7;
	deadly = "set_termios";
	calls[0] = '\0';
	if (setjmp(death) == 0) {
		uart_set(card, file, &termios);
		ck_abort_msg("it lives");
	}
	deadly = NULL;
	check_calls("set_mctrl ");
	card_crash(card);
	check_calls("set_termios resume set_mctrl ");
	ck_assert_uint_eq(format, CS7);
	ck_assert_uint_eq(uart_termios(card, file).c_cflag & CSIZE, CS7);
	card_crash(card);
	check_calls("resume set_mctrl ");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tty");
	TCase *tcase = tcase_create("tty");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, bytes_go_out_and_come_in);
	tcase_add_test(tcase, it_closes);
	tcase_add_test(tcase, it_has_one_speed);
	tcase_add_test(tcase, lines_that_it_has_not_stop_nothing);
	tcase_add_test(tcase, a_full_ring_lets_bytes_wait_in_the_chip);
	tcase_add_test(tcase, a_death_while_it_is_programmed);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
