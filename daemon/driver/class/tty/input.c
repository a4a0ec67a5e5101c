// SPDX-License-Identifier: GPL-2.0-or-later
// What comes in: the chip's handler puts bytes into a ring, read(2) takes from it.
#include "driver/class/tty/internal.h"
#include <fcntl.h>

#define EDIT_MAX 4095U		   /* bytes of a line that can be edited */
#define MARKED	 3U		   /* bytes that one may become */
#define RX_HIGH	 (RX_SIZE / 4 * 3) /* the other side is told to stop here, */
#define RX_LOW	 (RX_SIZE / 4)	   /* and to go on here */

/* --- into the ring ---------------------------------------------------------------------------- */

bool tty_has_room(struct cuio_device *device)
{
	return rx_used(cuio_device_state(device)) <= RX_SIZE - MARKED;
}

static void put(struct cuio_device *device, uint8_t c, enum line_end end)
{
	struct tty *tty = cuio_device_state(device);
	struct tty_data *data = cuio_device_data(device);

	data->rx[tty->rx_head % RX_SIZE] = c;
	data->rx_end[tty->rx_head % RX_SIZE] = (uint8_t)end;
	tty->rx_head++;
	if (end || !(tty->termios.c_lflag & ICANON))
		tty->rx_line = tty->rx_head;
}

void input_put(struct cuio_device *device, uint8_t c)
{
	const struct tty *tty = cuio_device_state(device);

	/* A line that never ends must not shut out its own end. */
	if (tty->rx_head - tty->rx_line < EDIT_MAX)
		put(device, c, END_NONE);
}

void input_put_end(struct cuio_device *device, uint8_t c, enum line_end end)
{
	put(device, c, end);
}

static void mark(struct cuio_device *device, uint8_t c)
{
	input_put(device, 0xff);
	input_put(device, 0);
	input_put(device, c);
}

static void put_break(struct cuio_device *device)
{
	const struct tty *tty = cuio_device_state(device);

	if (tty->termios.c_iflag & IGNBRK)
		return;
	if (tty->termios.c_iflag & BRKINT)
		edit_signal(device, 0);
	else if (tty->termios.c_iflag & PARMRK)
		mark(device, 0);
	else
		input_put(device, 0);
}

static void put_error(struct cuio_device *device, uint8_t c)
{
	const struct tty *tty = cuio_device_state(device);

	if (tty->termios.c_iflag & IGNPAR)
		return;
	if (tty->termios.c_iflag & PARMRK)
		mark(device, c);
	else
		input_put(device, 0);
}

static void count(struct tty *tty, unsigned errors)
{
	tty->icount.rx++;
	tty->icount.overrun += (errors & TTY_OVERRUN) != 0;
	if (errors & TTY_BREAK) { /* looks like the other two as well */
		tty->icount.brk++;
		return;
	}
	tty->icount.parity += (errors & TTY_PARITY) != 0;
	tty->icount.frame += (errors & TTY_FRAME) != 0;
}

static void take_in(struct cuio_device *device, uint8_t c, unsigned errors)
{
	const struct tty *tty = cuio_device_state(device);

	if (errors & TTY_BREAK)
		put_break(device);
	else if ((errors & (TTY_PARITY | TTY_FRAME)) && (tty->termios.c_iflag & INPCK))
		put_error(device, c);
	else
		edit_byte(device, c);
	if (rx_used(tty) >= RX_HIGH)
		modem_throttle(device, true);
}

void tty_receive(struct cuio_device *device, uint8_t c, unsigned errors)
{
	struct tty *tty = cuio_device_state(device);

	count(tty, errors);
	if (tty->termios.c_cflag & CREAD)
		take_in(device, c, errors);
	cuio_device_checkpoint(device);
}

/* --- out of the ring -------------------------------------------------------------------------- */

/* There is room again. */
static void go_on(struct cuio_device *device)
{
	const struct tty *tty = cuio_device_state(device);

	if (rx_used(tty) <= RX_LOW)
		modem_throttle(device, false);
	if (tty->open_files && tty_has_room(device))
		tty_ops(device)->start_rx(device);
}

void input_reset(struct cuio_device *device)
{
	struct tty *tty = cuio_device_state(device);

	tty->rx_tail = tty->rx_line = tty->rx_head;
	tty->literal = 0;
	go_on(device);
}

/* All that is there can be read at once: as it is, or as one line. */
void input_mode_changed(struct cuio_device *device)
{
	struct tty *tty = cuio_device_state(device);
	struct tty_data *data = cuio_device_data(device);

	for (uint32_t i = tty->rx_tail; i != tty->rx_head; i++)
		data->rx_end[i % RX_SIZE] = END_NONE;
	if ((tty->termios.c_lflag & ICANON) && rx_used(tty))
		data->rx_end[(tty->rx_head - 1) % RX_SIZE] = END_LINE;
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

static ssize_t take(struct cuio_device *device, uint8_t *to, size_t size)
{
	struct tty *tty = cuio_device_state(device);
	const struct tty_data *data = cuio_device_data(device);
	size_t n = 0;

	while (n < size && tty->rx_tail != tty->rx_line)
		to[n++] = data->rx[tty->rx_tail++ % RX_SIZE];
	go_on(device);
	return (ssize_t)n;
}

/* One line, or as much of it as is wanted. */
static ssize_t take_line(struct cuio_device *device, uint8_t *to, size_t size)
{
	struct tty *tty = cuio_device_state(device);
	const struct tty_data *data = cuio_device_data(device);
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
	go_on(device);
	return (ssize_t)n;
}

struct read_state {
	uint64_t deadline; /* 0: none yet */
	uint64_t seen;	   /* bytes that were there when it was set */
};

/* VTIME: after the call where VMIN is 0, else between two bytes. */
static bool is_late(struct cuio_device *device, struct cuio_request *request, size_t available)
{
	const struct tty *tty = cuio_device_state(device);
	struct read_state *state = cuio_request_state(request);
	const cc_t *cc = tty->termios.c_cc;

	if (!cc[VTIME])
		return !cc[VMIN];
	if (cc[VMIN] && !available)
		return false;
	if (!state->deadline || available > state->seen) {
		state->deadline = cuio_device_now(device) + cc[VTIME] * DECISECOND;
		state->seen = available;
	}
	if (cuio_device_now(device) >= state->deadline)
		return true;
	cuio_request_set_deadline(request, state->deadline);
	return false;
}

static ssize_t read_raw(struct cuio_file *file, struct cuio_request *request, void *data,
			size_t size)
{
	struct cuio_device *device = cuio_file_device(file);
	struct tty *tty = cuio_device_state(device);
	size_t available = input_available(tty), least = tty->termios.c_cc[VMIN];

	if (least > size)
		least = size;
	if (available && (available >= least || (cuio_file_flags(file) & O_NONBLOCK)))
		return take(device, data, size);
	if (is_late(device, request, available))
		return take(device, data, size);
	return cuio_not_yet;
}

ssize_t tty_read(struct cuio_file *file, struct cuio_request *request, void *data, size_t size)
{
	struct cuio_device *device = cuio_file_device(file);
	struct tty *tty = cuio_device_state(device);

	if (port_is_hung_up(file))
		return 0;
	if (!(tty->termios.c_lflag & ICANON))
		return read_raw(file, request, data, size);
	return input_available(tty) ? take_line(device, data, size) : cuio_not_yet;
}
