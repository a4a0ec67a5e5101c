// SPDX-License-Identifier: GPL-2.0-or-later
// What a received byte means: flow control, line ends, the editing of a line, and its echo. The
// order of the questions is that of the kernel's drivers/tty/n_tty.c.
#include "driver/class/tty/internal.h"
#include <ctype.h>

static bool has(const struct tty *tty, tcflag_t local)
{
	return tty->termios.c_lflag & local;
}

/* Whether `c` is that control character; 0 is none. */
static bool is(const struct tty *tty, uint8_t c, unsigned which)
{
	return c && c == tty->termios.c_cc[which];
}

/* --- echo: what finds no room is not echoed --------------------------------------------------- */

static void echo(struct cuio_device *device, uint8_t c)
{
	const struct tty *tty = cuio_device_state(device);

	if (has(tty, ECHOCTL) && iscntrl(c) && c != '\t') {
		output_put(device, '^');
		c ^= 0100;
	}
	output_put(device, c);
}

static void echo_if_wanted(struct cuio_device *device, uint8_t c)
{
	const struct tty *tty = cuio_device_state(device);

	if (has(tty, ECHO))
		echo(device, c);
}

static void rub_out(struct cuio_device *device, unsigned columns)
{
	while (columns--) {
		output_put(device, '\b');
		output_put(device, ' ');
		output_put(device, '\b');
	}
}

/* --- editing ---------------------------------------------------------------------------------- */

static uint8_t edited(struct cuio_device *device, uint32_t position)
{
	const struct tty_data *data = cuio_device_data(device);

	return data->rx[position % RX_SIZE];
}

static unsigned width(const struct tty *tty, uint8_t c)
{
	if (iscntrl(c))
		return has(tty, ECHOCTL) ? 2 : 0;
	return !continues(tty, c);
}

/* Back from the tab that was the last character to where it began. */
static void rub_out_tab(struct cuio_device *device)
{
	const struct tty *tty = cuio_device_state(device);
	uint32_t column = tty->line_column;

	for (uint32_t i = tty->rx_line; i != tty->rx_head; i++) {
		uint8_t c = edited(device, i);

		column = c == '\t' ? column - column % 8 + 8 : column + width(tty, c);
	}
	for (unsigned n = 8 - column % 8; n; n--)
		output_put(device, '\b');
}

/* Where the last character begins: some have several bytes. */
static uint32_t last_character(struct cuio_device *device)
{
	const struct tty *tty = cuio_device_state(device);
	uint32_t position = tty->rx_head - 1;

	while (position != tty->rx_line && continues(tty, edited(device, position)))
		position--;
	return position;
}

static void erase_one(struct cuio_device *device)
{
	struct tty *tty = cuio_device_state(device);
	uint8_t c;

	tty->rx_head = last_character(device);
	c = edited(device, tty->rx_head);
	if (!has(tty, ECHO))
		return;
	if (!has(tty, ECHOE))
		echo(device, tty->termios.c_cc[VERASE]);
	else if (c == '\t')
		rub_out_tab(device);
	else
		rub_out(device, continues(tty, c) ? 1 : width(tty, c));
}

static void erase_character(struct cuio_device *device)
{
	const struct tty *tty = cuio_device_state(device);

	if (tty->rx_head != tty->rx_line)
		erase_one(device);
}

static void erase_word(struct cuio_device *device)
{
	const struct tty *tty = cuio_device_state(device);
	bool in_word = false;

	while (tty->rx_head != tty->rx_line) {
		uint8_t c = edited(device, last_character(device));

		if (isalnum(c) || c == '_' || c >= 0x80)
			in_word = true;
		else if (in_word)
			break;
		erase_one(device);
	}
}

static void erase_line(struct cuio_device *device)
{
	struct tty *tty = cuio_device_state(device);

	if (has(tty, ECHO) && has(tty, ECHOK) && has(tty, ECHOKE) && has(tty, ECHOE)) {
		while (tty->rx_head != tty->rx_line)
			erase_one(device);
		return;
	}
	tty->rx_head = tty->rx_line;
	echo_if_wanted(device, tty->termios.c_cc[VKILL]);
	if (has(tty, ECHO) && has(tty, ECHOK))
		output_put(device, '\n');
}

static void reprint(struct cuio_device *device, uint8_t c)
{
	const struct tty *tty = cuio_device_state(device);

	echo(device, c);
	output_put(device, '\n');
	for (uint32_t i = tty->rx_line; i != tty->rx_head; i++)
		echo(device, edited(device, i));
}

static void store(struct cuio_device *device, uint8_t c)
{
	struct tty *tty = cuio_device_state(device);

	if (tty->rx_head == tty->rx_line)
		tty->line_column = tty->column;
	echo_if_wanted(device, c);
	if (c == 0xff && (tty->termios.c_iflag & PARMRK))
		input_put(device, c);
	input_put(device, c);
}

static bool ends_line(struct cuio_device *device, uint8_t c)
{
	const struct tty *tty = cuio_device_state(device);

	if (c == '\n') {
		if (has(tty, ECHO) || has(tty, ECHONL))
			output_put(device, c);
		input_put_end(device, c, END_LINE);
		return true;
	}
	if (is(tty, c, VEOF)) {
		input_put_end(device, 0, END_FILE);
		return true;
	}
	if (is(tty, c, VEOL) || (is(tty, c, VEOL2) && has(tty, IEXTEN))) {
		echo_if_wanted(device, c);
		input_put_end(device, c, END_LINE);
		return true;
	}
	return false;
}

/* A character of canonical mode that is no part of the line. */
static bool edits(struct cuio_device *device, uint8_t c)
{
	struct tty *tty = cuio_device_state(device);
	bool extended = has(tty, IEXTEN);

	if (is(tty, c, VERASE))
		erase_character(device);
	else if (is(tty, c, VKILL))
		erase_line(device);
	else if (is(tty, c, VWERASE) && extended)
		erase_word(device);
	else if (is(tty, c, VREPRINT) && extended && has(tty, ECHO))
		reprint(device, c);
	else
		return ends_line(device, c);
	return true;
}

/* --- in the order of the kernel --------------------------------------------------------------- */

void edit_signal(struct cuio_device *device, uint8_t c)
{
	const struct tty *tty = cuio_device_state(device);

	if (!has(tty, NOFLSH)) {
		input_reset(device);
		output_reset(device);
	}
	output_stop(device, STOP_XOFF, false);
	if (c)
		echo_if_wanted(device, c);
}

static bool controls_flow(struct cuio_device *device, uint8_t c)
{
	const struct tty *tty = cuio_device_state(device);

	if (!(tty->termios.c_iflag & IXON))
		return false;
	if (is(tty, c, VSTART) || is(tty, c, VSTOP)) {
		output_stop(device, STOP_XOFF, !is(tty, c, VSTART));
		return true;
	}
	return false;
}

static bool signals(struct cuio_device *device, uint8_t c)
{
	const struct tty *tty = cuio_device_state(device);

	if (!has(tty, ISIG) || !(is(tty, c, VINTR) || is(tty, c, VQUIT) || is(tty, c, VSUSP)))
		return false;
	edit_signal(device, c);
	return true;
}

/* Carriage returns and new lines as c_iflag says; false: to be ignored. */
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

/* VLNEXT: says that the next one has no meaning. */
static bool quotes(struct cuio_device *device, uint8_t c)
{
	struct tty *tty = cuio_device_state(device);

	if (!has(tty, ICANON) || !has(tty, IEXTEN) || !is(tty, c, VLNEXT))
		return false;
	tty->literal = 1;
	if (has(tty, ECHO) && has(tty, ECHOCTL)) {
		output_put(device, '^');
		output_put(device, '\b');
	}
	return true;
}

static void interpret(struct cuio_device *device, uint8_t c)
{
	struct tty *tty = cuio_device_state(device);

	if (tty->literal) {
		tty->literal = 0;
		store(device, c);
		return;
	}
	if (controls_flow(device, c) || signals(device, c))
		return;
	if ((tty->termios.c_iflag & IXON) && (tty->termios.c_iflag & IXANY))
		output_stop(device, STOP_XOFF, false);
	if (!map(tty, &c) || quotes(device, c))
		return;
	if (has(tty, ICANON) && edits(device, c))
		return;
	if (c == '\n' && !has(tty, ICANON)) {
		if (has(tty, ECHO))
			output_put(device, c);
		input_put(device, c);
		return;
	}
	store(device, c);
}

void edit_byte(struct cuio_device *device, uint8_t c)
{
	const struct tty *tty = cuio_device_state(device);

	if (tty->termios.c_iflag & ISTRIP)
		c &= 0x7f;
	if ((tty->termios.c_iflag & IUCLC) && has(tty, IEXTEN))
		c = (uint8_t)tolower(c);
	interpret(device, c);
	output_start(device);
}
