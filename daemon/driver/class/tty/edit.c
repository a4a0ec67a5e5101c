// SPDX-License-Identifier: GPL-2.0-or-later
// Processes a received byte: flow control, line ends, line editing and echo. The order of the
// checks
// is that of the kernel's drivers/tty/n_tty.c.
#include "driver/class/tty/internal.h"
#include <ctype.h>

static bool has(const struct tty *tty, tcflag_t local)
{
	return tty->termios.c_lflag & local;
}

/* Whether `c` is that control character; 0: the character is disabled. */
static bool is(const struct tty *tty, uint8_t c, unsigned which)
{
	return c && c == tty->termios.c_cc[which];
}

/* --- echo: dropped if there is no room -------------------------------------------------------- */

static void echo(const struct tty_port *port, uint8_t c)
{
	const struct tty *tty = port->tty;

	if (has(tty, ECHOCTL) && iscntrl(c) && c != '\t') {
		output_put(port, '^');
		c ^= 0100;
	}
	output_put(port, c);
}

static void echo_if_wanted(const struct tty_port *port, uint8_t c)
{
	const struct tty *tty = port->tty;

	if (has(tty, ECHO))
		echo(port, c);
}

static void rub_out(const struct tty_port *port, unsigned columns)
{
	while (columns--) {
		output_put(port, '\b');
		output_put(port, ' ');
		output_put(port, '\b');
	}
}

/* --- editing ---------------------------------------------------------------------------------- */

static uint8_t edited(const struct tty_port *port, uint32_t position)
{
	return port->data->rx[position % RX_SIZE];
}

static unsigned width(const struct tty *tty, uint8_t c)
{
	if (iscntrl(c))
		return has(tty, ECHOCTL) ? 2 : 0;
	return !continues(tty, c);
}

/* Moves the cursor back over a tab that was the last character. */
static void rub_out_tab(const struct tty_port *port)
{
	const struct tty *tty = port->tty;
	uint32_t column = tty->line_column;

	for (uint32_t i = tty->rx_line; i != tty->rx_head; i++) {
		uint8_t c = edited(port, i);

		column = c == '\t' ? column - column % 8 + 8 : column + width(tty, c);
	}
	for (unsigned n = 8 - column % 8; n; n--)
		output_put(port, '\b');
}

/* The start of the last character, which may have several bytes. */
static uint32_t last_character(const struct tty_port *port)
{
	const struct tty *tty = port->tty;
	uint32_t position = tty->rx_head - 1;

	while (position != tty->rx_line && continues(tty, edited(port, position)))
		position--;
	return position;
}

static void erase_one(const struct tty_port *port)
{
	struct tty *tty = port->tty;
	uint8_t c;

	tty->rx_head = last_character(port);
	c = edited(port, tty->rx_head);
	if (!has(tty, ECHO))
		return;
	if (!has(tty, ECHOE))
		echo(port, tty->termios.c_cc[VERASE]);
	else if (c == '\t')
		rub_out_tab(port);
	else
		rub_out(port, continues(tty, c) ? 1 : width(tty, c));
}

static void erase_character(const struct tty_port *port)
{
	if (port->tty->rx_head != port->tty->rx_line)
		erase_one(port);
}

static void erase_word(const struct tty_port *port)
{
	bool in_word = false;

	while (port->tty->rx_head != port->tty->rx_line) {
		uint8_t c = edited(port, last_character(port));

		if (isalnum(c) || c == '_' || c >= 0x80)
			in_word = true;
		else if (in_word)
			break;
		erase_one(port);
	}
}

static void erase_line(const struct tty_port *port)
{
	struct tty *tty = port->tty;

	if (has(tty, ECHO) && has(tty, ECHOK) && has(tty, ECHOKE) && has(tty, ECHOE)) {
		while (tty->rx_head != tty->rx_line)
			erase_one(port);
		return;
	}
	tty->rx_head = tty->rx_line;
	echo_if_wanted(port, tty->termios.c_cc[VKILL]);
	if (has(tty, ECHO) && has(tty, ECHOK))
		output_put(port, '\n');
}

static void reprint(const struct tty_port *port, uint8_t c)
{
	echo(port, c);
	output_put(port, '\n');
	for (uint32_t i = port->tty->rx_line; i != port->tty->rx_head; i++)
		echo(port, edited(port, i));
}

static void store(const struct tty_port *port, uint8_t c)
{
	struct tty *tty = port->tty;

	if (tty->rx_head == tty->rx_line)
		tty->line_column = tty->column;
	echo_if_wanted(port, c);
	if (c == 0xff && (tty->termios.c_iflag & PARMRK))
		input_put(port, c);
	input_put(port, c);
}

static bool ends_line(const struct tty_port *port, uint8_t c)
{
	const struct tty *tty = port->tty;

	if (c == '\n') {
		if (has(tty, ECHO) || has(tty, ECHONL))
			output_put(port, c);
		input_put_end(port, c, END_LINE);
		return true;
	}
	if (is(tty, c, VEOF)) {
		input_put_end(port, 0, END_FILE);
		return true;
	}
	if (is(tty, c, VEOL) || (is(tty, c, VEOL2) && has(tty, IEXTEN))) {
		echo_if_wanted(port, c);
		input_put_end(port, c, END_LINE);
		return true;
	}
	return false;
}

/* Handles a character of canonical mode that does not become part of the line. */
static bool edits(const struct tty_port *port, uint8_t c)
{
	struct tty *tty = port->tty;
	bool extended = has(tty, IEXTEN);

	if (is(tty, c, VERASE))
		erase_character(port);
	else if (is(tty, c, VKILL))
		erase_line(port);
	else if (is(tty, c, VWERASE) && extended)
		erase_word(port);
	else if (is(tty, c, VREPRINT) && extended && has(tty, ECHO))
		reprint(port, c);
	else
		return ends_line(port, c);
	return true;
}

/* --- in the kernel's order -------------------------------------------------------------------- */

void edit_signal(const struct tty_port *port, uint8_t c)
{
	const struct tty *tty = port->tty;

	if (!has(tty, NOFLSH)) {
		input_reset(port);
		output_reset(port);
	}
	output_stop(port, STOP_XOFF, false);
	if (c)
		echo_if_wanted(port, c);
}

static bool controls_flow(const struct tty_port *port, uint8_t c)
{
	const struct tty *tty = port->tty;

	if (!(tty->termios.c_iflag & IXON))
		return false;
	if (is(tty, c, VSTART) || is(tty, c, VSTOP)) {
		output_stop(port, STOP_XOFF, !is(tty, c, VSTART));
		return true;
	}
	return false;
}

static bool signals(const struct tty_port *port, uint8_t c)
{
	const struct tty *tty = port->tty;

	if (!has(tty, ISIG) || !(is(tty, c, VINTR) || is(tty, c, VQUIT) || is(tty, c, VSUSP)))
		return false;
	edit_signal(port, c);
	return true;
}

/* Converts carriage return and new line as c_iflag says; false: ignore the byte. */
static bool map(const struct tty *tty, uint8_t *c)
{
	tcflag_t iflag = tty->termios.c_iflag;

	if (*c == '\r' && (iflag & IGNCR))
		return false;
	if (*c == '\r' && (iflag & ICRNL))
		*c = '\n';
	else if (*c == '\n' && (iflag & INLCR))
		*c = '\r';
	return true;
}

/* VLNEXT: the next byte is taken literally. */
static bool quotes(const struct tty_port *port, uint8_t c)
{
	struct tty *tty = port->tty;

	if (!has(tty, ICANON) || !has(tty, IEXTEN) || !is(tty, c, VLNEXT))
		return false;
	tty->literal = 1;
	if (has(tty, ECHO) && has(tty, ECHOCTL)) {
		output_put(port, '^');
		output_put(port, '\b');
	}
	return true;
}

static void interpret(const struct tty_port *port, uint8_t c)
{
	struct tty *tty = port->tty;

	if (tty->literal) {
		tty->literal = 0;
		store(port, c);
		return;
	}
	if (controls_flow(port, c) || signals(port, c))
		return;
	if ((tty->termios.c_iflag & IXON) && (tty->termios.c_iflag & IXANY))
		output_stop(port, STOP_XOFF, false);
	if (!map(tty, &c) || quotes(port, c))
		return;
	if (has(tty, ICANON) && edits(port, c))
		return;
	if (c == '\n' && !has(tty, ICANON)) {
		if (has(tty, ECHO))
			output_put(port, c);
		input_put(port, c);
		return;
	}
	store(port, c);
}

void edit_byte(const struct tty_port *port, uint8_t c)
{
	const struct tty *tty = port->tty;

	if (tty->termios.c_iflag & ISTRIP)
		c &= 0x7f;
	if ((tty->termios.c_iflag & IUCLC) && has(tty, IEXTEN))
		c = (uint8_t)tolower(c);
	interpret(port, c);
	output_start(port);
}
