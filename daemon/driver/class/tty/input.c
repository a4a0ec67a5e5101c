// SPDX-License-Identifier: GPL-2.0-or-later
// Input: the chip's interrupt handler puts bytes into a ring, read(2) takes them.
#include "driver/class/tty/internal.h"
#include <fcntl.h>

#define EDIT_MAX 4095U		   /* longest editable line, bytes */
#define MARKED	 3U		   /* bytes that one byte may become (PARMRK) */
#define RX_HIGH	 (RX_SIZE / 4 * 3) /* the other side is throttled from this level on */
#define RX_LOW	 (RX_SIZE / 4)	   /* and may send again from this one */

/* --- into the ring ---------------------------------------------------------------------------- */

bool tty_has_room(const struct tty_port *port)
{
	return rx_used(port->tty) <= RX_SIZE - MARKED;
}

static void put(const struct tty_port *port, uint8_t c, enum line_end end)
{
	struct tty *tty = port->tty;

	port->data->rx[tty->rx_head % RX_SIZE] = c;
	port->data->rx_end[tty->rx_head % RX_SIZE] = (uint8_t)end;
	tty->rx_head++;
	if (end || !(tty->termios.c_lflag & ICANON))
		tty->rx_line = tty->rx_head;
}

void input_put(const struct tty_port *port, uint8_t c)
{
	/* Drops the rest of a long line, so that there is room for its end. */
	if (port->tty->rx_head - port->tty->rx_line < EDIT_MAX)
		put(port, c, END_NONE);
}

void input_put_end(const struct tty_port *port, uint8_t c, enum line_end end)
{
	put(port, c, end);
}

static void mark(const struct tty_port *port, uint8_t c)
{
	input_put(port, 0xff);
	input_put(port, 0);
	input_put(port, c);
}

static void put_break(const struct tty_port *port)
{
	const struct tty *tty = port->tty;

	if (tty->termios.c_iflag & IGNBRK)
		return;
	if (tty->termios.c_iflag & BRKINT)
		edit_signal(port, 0);
	else if (tty->termios.c_iflag & PARMRK)
		mark(port, 0);
	else
		input_put(port, 0);
}

static void put_error(const struct tty_port *port, uint8_t c)
{
	if (port->tty->termios.c_iflag & IGNPAR)
		return;
	if (port->tty->termios.c_iflag & PARMRK)
		mark(port, c);
	else
		input_put(port, 0);
}

static void count(struct tty *tty, unsigned errors)
{
	tty->icount.rx++;
	tty->icount.overrun += (errors & TTY_OVERRUN) != 0;
	if (errors & TTY_BREAK) { /* a break shows as a parity or frame error, too */
		tty->icount.brk++;
		return;
	}
	tty->icount.parity += (errors & TTY_PARITY) != 0;
	tty->icount.frame += (errors & TTY_FRAME) != 0;
}

static void take_in(const struct tty_port *port, uint8_t c, unsigned errors)
{
	if (errors & TTY_BREAK)
		put_break(port);
	else if ((errors & (TTY_PARITY | TTY_FRAME)) && (port->tty->termios.c_iflag & INPCK))
		put_error(port, c);
	else
		edit_byte(port, c);
	if (rx_used(port->tty) >= RX_HIGH)
		modem_throttle(port, true);
}

void tty_receive(const struct tty_port *port, uint8_t c, unsigned errors)
{
	struct tty *tty = port->tty;

	count(tty, errors);
	if (tty->termios.c_cflag & CREAD)
		take_in(port, c, errors);
	cuio_device_checkpoint(port->device);
}

/* --- out of the ring -------------------------------------------------------------------------- */

/* Called when bytes were removed from the ring. */
static void go_on(const struct tty_port *port)
{
	if (rx_used(port->tty) <= RX_LOW)
		modem_throttle(port, false);
	if (port->tty->open_files && tty_has_room(port))
		port->ops->start_rx(port);
}

void input_reset(const struct tty_port *port)
{
	struct tty *tty = port->tty;

	tty->rx_tail = tty->rx_line = tty->rx_head;
	tty->literal = 0;
	go_on(port);
}

/* Makes all received bytes readable: as they are, or as one line. */
void input_mode_changed(const struct tty_port *port)
{
	struct tty *tty = port->tty;

	for (uint32_t i = tty->rx_tail; i != tty->rx_head; i++)
		port->data->rx_end[i % RX_SIZE] = END_NONE;
	if ((tty->termios.c_lflag & ICANON) && rx_used(tty))
		port->data->rx_end[(tty->rx_head - 1) % RX_SIZE] = END_LINE;
	tty->rx_line = tty->rx_head;
	tty->literal = 0;
}

size_t input_available(const struct tty *tty)
{
	return tty->rx_line - tty->rx_tail;
}

bool input_is_ready(const struct tty *tty)
{
	const cc_t *cc = tty->termios.c_cc;
	uint32_t wanted = 1, available = tty->rx_line - tty->rx_tail;

	if (!(tty->termios.c_lflag & ICANON) && !cc[VTIME] && cc[VMIN])
		wanted = cc[VMIN];
	return available >= wanted;
}

static ssize_t take(const struct tty_port *port, uint8_t *to, size_t size)
{
	struct tty *tty = port->tty;
	size_t n = 0;

	while (n < size && tty->rx_tail != tty->rx_line)
		to[n++] = port->data->rx[tty->rx_tail++ % RX_SIZE];
	go_on(port);
	return (ssize_t)n;
}

/* Takes one line, or its first `size` bytes. */
static ssize_t take_line(const struct tty_port *port, uint8_t *to, size_t size)
{
	struct tty *tty = port->tty;
	const struct tty_data *data = port->data;
	size_t n = 0;

	while (tty->rx_tail != tty->rx_line) {
		uint32_t place = tty->rx_tail % RX_SIZE;

		if (n == size && data->rx_end[place] != END_FILE)
			break;
		tty->rx_tail++;
		if (data->rx_end[place] != END_FILE)
			to[n++] = data->rx[place];
		if (data->rx_end[place])
			break;
	}
	go_on(port);
	return (ssize_t)n;
}

struct read_state {
	uint64_t deadline; /* 0: not set */
	uint64_t seen;	   /* bytes available when it was set */
};

/* Whether a read returns although VMIN is not reached. VTIME counts from the call if VMIN is 0,
 * else from the last byte. */
static bool is_late(const struct tty_port *port, struct cuio_request *request, size_t available)
{
	struct read_state *state = cuio_request_state(request);
	const cc_t *cc = port->tty->termios.c_cc;

	if (!cc[VTIME])
		return !cc[VMIN];
	if (cc[VMIN] && !available)
		return false;
	if (!state->deadline || available > state->seen) {
		state->deadline = cuio_device_now(port->device) + cc[VTIME] * DECISECOND;
		state->seen = available;
	}
	if (cuio_device_now(port->device) >= state->deadline)
		return true;
	cuio_request_set_deadline(request, state->deadline);
	return false;
}

static ssize_t read_raw(const struct tty_port *port, struct cuio_file *file,
			struct cuio_request *request, void *data, size_t size)
{
	size_t available = input_available(port->tty), least = port->tty->termios.c_cc[VMIN];

	if (least > size)
		least = size;
	if (available && (available >= least || (cuio_file_flags(file) & O_NONBLOCK)))
		return take(port, data, size);
	if (is_late(port, request, available))
		return take(port, data, size);
	return cuio_not_yet;
}

ssize_t tty_read(struct cuio_file *file, struct cuio_request *request, void *data, size_t size)
{
	struct tty_port port;

	if (port_of_file(file, &port) < 0)
		return 0;
	if (!(port.tty->termios.c_lflag & ICANON))
		return read_raw(&port, file, request, data, size);
	return input_available(port.tty) ? take_line(&port, data, size) : cuio_not_yet;
}
