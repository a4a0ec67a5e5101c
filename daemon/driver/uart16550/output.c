// SPDX-License-Identifier: GPL-2.0-or-later
// What goes out: write(2) fills a ring, the transmitter's interrupt empties it into the port.
#include "driver/uart16550/uart16550.h"
#include <ctype.h>
#include <string.h>

#define TAB	    8U
#define EXPANDS_MAX TAB /* bytes that one may become */

/* --- into the ring ---------------------------------------------------------------------------- */

/* A tab is that many columns wide here. */
static unsigned tab_width(const struct uart *uart)
{
	return TAB - uart->column % TAB;
}

static uint8_t one(uint8_t *out, uint8_t c)
{
	out[0] = c;
	return 1;
}

/* What `c` becomes, and the column after it. */
static unsigned new_line(const struct uart *uart, uint8_t *out, uint32_t *column)
{
	tcflag_t oflag = uart->termios.c_oflag;

	if (oflag & (ONLRET | ONLCR))
		*column = 0;
	if (!(oflag & ONLCR))
		return one(out, '\n');
	memcpy(out, "\r\n", 2);
	return 2;
}

static unsigned carriage_return(const struct uart *uart, uint8_t *out, uint32_t *column)
{
	tcflag_t oflag = uart->termios.c_oflag;

	if ((oflag & ONOCR) && *column == 0)
		return 0;
	if (!(oflag & OCRNL) || (oflag & ONLRET))
		*column = 0;
	return one(out, oflag & OCRNL ? '\n' : '\r');
}

static unsigned horizontal_tab(const struct uart *uart, uint8_t *out, uint32_t *column)
{
	unsigned width = tab_width(uart);

	*column += width;
	if ((uart->termios.c_oflag & TABDLY) != XTABS)
		return one(out, '\t');
	memset(out, ' ', width);
	return width;
}

static bool continues_character(const struct uart *uart, uint8_t c)
{
	return (uart->termios.c_iflag & IUTF8) && (c & 0xc0) == 0x80;
}

static unsigned process(const struct uart *uart, uint8_t c, uint8_t *out, uint32_t *column)
{
	if (!(uart->termios.c_oflag & OPOST))
		return one(out, c);
	switch (c) {
	case '\n':
		return new_line(uart, out, column);
	case '\r':
		return carriage_return(uart, out, column);
	case '\t':
		return horizontal_tab(uart, out, column);
	case '\b':
		*column -= *column > 0;
		return one(out, c);
	default:
		if (!iscntrl(c) && !continues_character(uart, c))
			++*column;
		return one(out, uart->termios.c_oflag & OLCUC ? (uint8_t)toupper(c) : c);
	}
}

bool output_put(struct device *device, uint8_t c)
{
	struct uart *uart = device_state(device);
	struct uart_data *data = device_data(device);
	uint32_t column = uart->column;
	uint8_t out[EXPANDS_MAX];
	unsigned n = process(uart, c, out, &column);

	if (n > TX_SIZE - tx_used(uart))
		return false;
	for (unsigned i = 0; i < n; i++)
		data->tx[uart->tx_head++ % TX_SIZE] = out[i];
	uart->column = column;
	return true;
}

struct write_state {
	uint32_t done; /* bytes that are in the ring or beyond */
};

ssize_t output_write(struct file *file, struct request *request, const void *data, size_t size)
{
	struct write_state *state = request_state(request);
	struct device *device = file_device(file);
	const uint8_t *bytes = data;

	if (port_is_dead(file))
		return -EIO;
	while (state->done < size && output_put(device, bytes[state->done]))
		state->done++;
	output_start(device);
	if (state->done == size)
		return (ssize_t)size;
	request_progress(request, state->done);
	return -EAGAIN;
}

/* --- out of the ring -------------------------------------------------------------------------- */

static bool has_something(const struct uart *uart)
{
	return uart->xchar || (!uart->stopped && tx_used(uart));
}

void output_start(struct device *device)
{
	struct uart *uart = device_state(device);

	if (is_up(uart) && has_something(uart))
		port_enable(device, uart->ier | UART_IER_THRI);
}

/* Committed first: what dies in between is not sent a second time. */
static void send(struct device *device, uint8_t c)
{
	struct uart *uart = device_state(device);

	uart->icount.tx++;
	device_checkpoint(device);
	reg_set(device, THR, c);
}

bool output_send(struct device *device)
{
	struct uart *uart = device_state(device);
	const struct uart_data *data = device_data(device);
	unsigned room = uart->fifo;

	if (uart->xchar) {
		uint8_t c = uart->xchar;

		uart->xchar = 0;
		send(device, c);
		room--;
	}
	while (room && has_something(uart)) {
		send(device, data->tx[uart->tx_tail++ % TX_SIZE]);
		room--;
	}
	if (!has_something(uart))
		port_enable(device, uart->ier & (uint8_t)~UART_IER_THRI);
	return room < uart->fifo;
}

void output_reset(struct device *device)
{
	struct uart *uart = device_state(device);

	uart->tx_tail = uart->tx_head;
	uart->xchar = 0;
	uart->column = 0;
}

void output_stop(struct device *device, enum uart_stop why, bool stop)
{
	struct uart *uart = device_state(device);

	if (stop)
		uart->stopped |= (uint8_t)why;
	else
		uart->stopped &= (uint8_t)~why;
	output_start(device);
}

void output_urgent(struct device *device, uint8_t c)
{
	struct uart *uart = device_state(device);

	uart->xchar = c;
	output_start(device);
}

bool output_is_sent(struct device *device)
{
	const struct uart *uart = device_state(device);

	return !tx_used(uart) && !uart->xchar && (port_line_status(device) & UART_LSR_TEMT);
}

int output_drain(struct device *device, struct request *request)
{
	const struct uart *uart = device_state(device);

	if (output_is_sent(device))
		return 0;
	/* No interrupt tells when the last byte has left the port. */
	if (!tx_used(uart))
		request_deadline(request, device_now(device) + line_fifo_time(uart));
	return -EAGAIN;
}
