// SPDX-License-Identifier: GPL-2.0-or-later
// Output: write(2) fills a ring, the chip's interrupt handler takes bytes from it.
#include "driver/class/tty/internal.h"
#include <ctype.h>
#include <string.h>

#define TAB	    8U
#define EXPANDS_MAX TAB /* bytes that one may become */

/* --- into the ring ---------------------------------------------------------------------------- */

/* The width of a tab at this column. */
static unsigned tab_width(const struct tty *tty)
{
	return TAB - tty->column % TAB;
}

static uint8_t one(uint8_t *out, uint8_t c)
{
	out[0] = c;
	return 1;
}

/* Stores what the byte becomes in `out`, updates the column, and returns the number of bytes. */
static unsigned new_line(const struct tty *tty, uint8_t *out, uint32_t *column)
{
	tcflag_t oflag = tty->termios.c_oflag;

	if (oflag & (ONLRET | ONLCR))
		*column = 0;
	if (!(oflag & ONLCR))
		return one(out, '\n');
	memcpy(out, "\r\n", 2);
	return 2;
}

static unsigned carriage_return(const struct tty *tty, uint8_t *out, uint32_t *column)
{
	tcflag_t oflag = tty->termios.c_oflag;

	if ((oflag & ONOCR) && *column == 0)
		return 0;
	if (!(oflag & OCRNL) || (oflag & ONLRET))
		*column = 0;
	return one(out, oflag & OCRNL ? '\n' : '\r');
}

static unsigned horizontal_tab(const struct tty *tty, uint8_t *out, uint32_t *column)
{
	unsigned width = tab_width(tty);

	*column += width;
	if ((tty->termios.c_oflag & TABDLY) != XTABS)
		return one(out, '\t');
	memset(out, ' ', width);
	return width;
}

static unsigned process(const struct tty *tty, uint8_t c, uint8_t *out, uint32_t *column)
{
	if (!(tty->termios.c_oflag & OPOST))
		return one(out, c);
	switch (c) {
	case '\n':
		return new_line(tty, out, column);
	case '\r':
		return carriage_return(tty, out, column);
	case '\t':
		return horizontal_tab(tty, out, column);
	case '\b':
		*column -= *column > 0;
		return one(out, c);
	default:
		if (!iscntrl(c) && !continues(tty, c))
			++*column;
		return one(out, tty->termios.c_oflag & OLCUC ? (uint8_t)toupper(c) : c);
	}
}

bool output_put(const struct tty_port *port, uint8_t c)
{
	struct tty *tty = port->tty;
	uint32_t column = tty->column;
	uint8_t out[EXPANDS_MAX];
	unsigned n = process(tty, c, out, &column);

	if (n > TX_SIZE - tx_used(tty))
		return false;
	for (unsigned i = 0; i < n; i++)
		port->data->tx[tty->tx_head++ % TX_SIZE] = out[i];
	tty->column = column;
	return true;
}

struct write_state {
	uint32_t done; /* bytes put into the ring so far */
};

ssize_t tty_write(struct cuio_file *file, struct cuio_request *request, const void *data,
		  size_t size)
{
	struct write_state *state = cuio_request_state(request);
	const uint8_t *bytes = data;
	struct tty_port port;
	int r = port_of_file(file, &port);

	if (r < 0)
		return r;
	while (state->done < size && output_put(&port, bytes[state->done]))
		state->done++;
	output_start(&port);
	if (state->done >= size)
		return (ssize_t)size;
	cuio_request_set_progress(request, state->done);
	return cuio_not_yet;
}

/* --- out of the ring -------------------------------------------------------------------------- */

static bool has_something(const struct tty *tty)
{
	return tty->xchar || (!tty->stopped && tx_used(tty));
}

bool tty_has_output(const struct tty_port *port)
{
	return has_something(port->tty);
}

/* Commits before the chip gets the byte: after a crash in between it is not sent again. */
bool tty_transmit(const struct tty_port *port, uint8_t *ret_c)
{
	struct tty *tty = port->tty;

	if (!has_something(tty))
		return false;
	if (tty->xchar) {
		*ret_c = tty->xchar;
		tty->xchar = 0;
	} else {
		*ret_c = port->data->tx[tty->tx_tail++ % TX_SIZE];
	}
	tty->icount.tx++;
	cuio_device_checkpoint(port->device);
	return true;
}

void output_start(const struct tty_port *port)
{
	if (is_up(port->tty) && has_something(port->tty))
		port->ops->start_tx(port);
}

void output_reset(const struct tty_port *port)
{
	struct tty *tty = port->tty;

	tty->tx_tail = tty->tx_head;
	tty->xchar = 0;
	tty->column = 0;
}

void output_stop(const struct tty_port *port, enum stop_reason why, bool stop)
{
	if (stop)
		port->tty->stopped |= (uint8_t)why;
	else
		port->tty->stopped &= (uint8_t)~why;
	output_start(port);
}

void output_urgent(const struct tty_port *port, uint8_t c)
{
	port->tty->xchar = c;
	output_start(port);
}

bool output_is_sent(const struct tty_port *port)
{
	return !tx_used(port->tty) && !port->tty->xchar && port->ops->tx_empty(port);
}

int output_drain(const struct tty_port *port, struct cuio_request *request)
{
	if (output_is_sent(port))
		return 0;
	/* There is no interrupt when the last byte has left the port. */
	if (!tx_used(port->tty))
		cuio_request_set_deadline(request, cuio_device_now(port->device) +
							   line_fifo_time(port->tty));
	return cuio_not_yet;
}
