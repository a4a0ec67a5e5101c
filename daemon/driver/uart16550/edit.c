// SPDX-License-Identifier: GPL-2.0-or-later
// What a received byte means: flow control, line ends, the editing of a line, and its echo. The
// order of the questions is that of the kernel's drivers/tty/n_tty.c.
#include "driver/uart16550/uart16550.h"
#include <ctype.h>

static bool has(const struct uart *uart, tcflag_t local)
{
	return uart->termios.c_lflag & local;
}

/* Whether `c` is that control character; 0 is none. */
static bool is(const struct uart *uart, uint8_t c, unsigned which)
{
	return c && c == uart->termios.c_cc[which];
}

/* --- echo: what finds no room is not echoed --------------------------------------------------- */

static void echo(struct device *device, uint8_t c)
{
	const struct uart *uart = device_state(device);

	if (has(uart, ECHOCTL) && iscntrl(c) && c != '\t') {
		output_put(device, '^');
		c ^= 0100;
	}
	output_put(device, c);
}

static void echo_if_wanted(struct device *device, uint8_t c)
{
	const struct uart *uart = device_state(device);

	if (has(uart, ECHO))
		echo(device, c);
}

static void rub_out(struct device *device, unsigned columns)
{
	while (columns--) {
		output_put(device, '\b');
		output_put(device, ' ');
		output_put(device, '\b');
	}
}

/* --- editing ---------------------------------------------------------------------------------- */

static uint8_t edited(struct device *device, uint32_t position)
{
	const struct uart_data *data = device_data(device);

	return data->rx[position % RX_SIZE];
}

static bool continues(const struct uart *uart, uint8_t c)
{
	return (uart->termios.c_iflag & IUTF8) && (c & 0xc0) == 0x80;
}

static unsigned width(const struct uart *uart, uint8_t c)
{
	if (iscntrl(c))
		return has(uart, ECHOCTL) ? 2 : 0;
	return !continues(uart, c);
}

/* Back from the tab that was the last character to where it began. */
static void rub_out_tab(struct device *device)
{
	const struct uart *uart = device_state(device);
	uint32_t column = uart->line_column;

	for (uint32_t i = uart->rx_line; i != uart->rx_head; i++) {
		uint8_t c = edited(device, i);

		column = c == '\t' ? column - column % 8 + 8 : column + width(uart, c);
	}
	for (unsigned n = 8 - column % 8; n; n--)
		output_put(device, '\b');
}

/* Where the last character begins: some have several bytes. */
static uint32_t last_character(struct device *device)
{
	const struct uart *uart = device_state(device);
	uint32_t position = uart->rx_head - 1;

	while (position != uart->rx_line && continues(uart, edited(device, position)))
		position--;
	return position;
}

static void erase_one(struct device *device)
{
	struct uart *uart = device_state(device);
	uint8_t c;

	uart->rx_head = last_character(device);
	c = edited(device, uart->rx_head);
	if (!has(uart, ECHO))
		return;
	if (!has(uart, ECHOE))
		echo(device, uart->termios.c_cc[VERASE]);
	else if (c == '\t')
		rub_out_tab(device);
	else
		rub_out(device, continues(uart, c) ? 1 : width(uart, c));
}

static void erase_character(struct device *device)
{
	const struct uart *uart = device_state(device);

	if (uart->rx_head != uart->rx_line)
		erase_one(device);
}

static void erase_word(struct device *device)
{
	const struct uart *uart = device_state(device);
	bool in_word = false;

	while (uart->rx_head != uart->rx_line) {
		uint8_t c = edited(device, last_character(device));

		if (isalnum(c) || c == '_' || c >= 0x80)
			in_word = true;
		else if (in_word)
			break;
		erase_one(device);
	}
}

static void erase_line(struct device *device)
{
	struct uart *uart = device_state(device);

	if (has(uart, ECHO) && has(uart, ECHOK) && has(uart, ECHOKE) && has(uart, ECHOE)) {
		while (uart->rx_head != uart->rx_line)
			erase_one(device);
		return;
	}
	uart->rx_head = uart->rx_line;
	echo_if_wanted(device, uart->termios.c_cc[VKILL]);
	if (has(uart, ECHO) && has(uart, ECHOK))
		output_put(device, '\n');
}

static void reprint(struct device *device, uint8_t c)
{
	const struct uart *uart = device_state(device);

	echo(device, c);
	output_put(device, '\n');
	for (uint32_t i = uart->rx_line; i != uart->rx_head; i++)
		echo(device, edited(device, i));
}

static void store(struct device *device, uint8_t c)
{
	struct uart *uart = device_state(device);

	if (uart->rx_head == uart->rx_line)
		uart->line_column = uart->column;
	echo_if_wanted(device, c);
	if (c == 0xff && (uart->termios.c_iflag & PARMRK))
		input_put(device, c);
	input_put(device, c);
}

static bool ends_line(struct device *device, uint8_t c)
{
	const struct uart *uart = device_state(device);

	if (c == '\n') {
		if (has(uart, ECHO) || has(uart, ECHONL))
			output_put(device, c);
		input_put_end(device, c, END_LINE);
		return true;
	}
	if (is(uart, c, VEOF)) {
		input_put_end(device, 0, END_FILE);
		return true;
	}
	if (is(uart, c, VEOL) || (is(uart, c, VEOL2) && has(uart, IEXTEN))) {
		echo_if_wanted(device, c);
		input_put_end(device, c, END_LINE);
		return true;
	}
	return false;
}

/* A character of canonical mode that is no part of the line. */
static bool edits(struct device *device, uint8_t c)
{
	struct uart *uart = device_state(device);
	bool extended = has(uart, IEXTEN);

	if (is(uart, c, VERASE))
		erase_character(device);
	else if (is(uart, c, VKILL))
		erase_line(device);
	else if (is(uart, c, VWERASE) && extended)
		erase_word(device);
	else if (is(uart, c, VREPRINT) && extended && has(uart, ECHO))
		reprint(device, c);
	else
		return ends_line(device, c);
	return true;
}

/* --- in the order of the kernel --------------------------------------------------------------- */

void edit_signal(struct device *device, uint8_t c)
{
	const struct uart *uart = device_state(device);

	if (!has(uart, NOFLSH)) {
		input_reset(device);
		output_reset(device);
	}
	output_stop(device, STOP_XOFF, false);
	if (c)
		echo_if_wanted(device, c);
}

static bool controls_flow(struct device *device, uint8_t c)
{
	const struct uart *uart = device_state(device);

	if (!(uart->termios.c_iflag & IXON))
		return false;
	if (is(uart, c, VSTART) || is(uart, c, VSTOP)) {
		output_stop(device, STOP_XOFF, !is(uart, c, VSTART));
		return true;
	}
	return false;
}

static bool signals(struct device *device, uint8_t c)
{
	const struct uart *uart = device_state(device);

	if (!has(uart, ISIG) || !(is(uart, c, VINTR) || is(uart, c, VQUIT) || is(uart, c, VSUSP)))
		return false;
	edit_signal(device, c);
	return true;
}

/* Carriage returns and new lines as c_iflag says; false: to be ignored. */
static bool map(const struct uart *uart, uint8_t *c)
{
	tcflag_t iflag = uart->termios.c_iflag;

	if (*c == '\r' && (iflag & IGNCR))
		return false;
	if (*c == '\r' && (iflag & ICRNL))
		*c = '\n';
	else if (*c == '\n' && (iflag & INLCR))
		*c = '\r';
	return true;
}

/* VLNEXT: says that the next one has no meaning. */
static bool quotes(struct device *device, uint8_t c)
{
	struct uart *uart = device_state(device);

	if (!has(uart, ICANON) || !has(uart, IEXTEN) || !is(uart, c, VLNEXT))
		return false;
	uart->literal = 1;
	if (has(uart, ECHO) && has(uart, ECHOCTL)) {
		output_put(device, '^');
		output_put(device, '\b');
	}
	return true;
}

static void interpret(struct device *device, uint8_t c)
{
	struct uart *uart = device_state(device);

	if (uart->literal) {
		uart->literal = 0;
		store(device, c);
		return;
	}
	if (controls_flow(device, c) || signals(device, c))
		return;
	if ((uart->termios.c_iflag & IXON) && (uart->termios.c_iflag & IXANY))
		output_stop(device, STOP_XOFF, false);
	if (!map(uart, &c) || quotes(device, c))
		return;
	if (has(uart, ICANON) && edits(device, c))
		return;
	if (c == '\n' && !has(uart, ICANON)) {
		if (has(uart, ECHO))
			output_put(device, c);
		input_put(device, c);
		return;
	}
	store(device, c);
}

void edit_byte(struct device *device, uint8_t c)
{
	const struct uart *uart = device_state(device);

	if (uart->termios.c_iflag & ISTRIP)
		c &= 0x7f;
	if ((uart->termios.c_iflag & IUCLC) && has(uart, IEXTEN))
		c = (uint8_t)tolower(c);
	interpret(device, c);
	output_start(device);
}
