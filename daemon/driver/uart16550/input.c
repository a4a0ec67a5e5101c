// SPDX-License-Identifier: GPL-2.0-or-later
// What comes in: the port's FIFO is drained into a ring, read(2) takes from it.
#include "driver/uart16550/uart16550.h"
#include <fcntl.h>

#define DRAIN_MAX  256U /* bytes, before others have their turn */
#define MARKED	   3U	/* bytes that one may become */
#define DECISECOND (100 * NS_OF_MS)
#define IIR_CAUSE  0x0f
#define RX_ON	   (UART_IER_RDI | UART_IER_RLSI)

/* --- into the ring ---------------------------------------------------------------------------- */

static bool is_full(const struct uart *uart)
{
	return rx_used(uart) > RX_SIZE - MARKED;
}

static void put(struct device *device, uint8_t c, enum line_end end)
{
	struct uart *uart = device_state(device);
	struct uart_data *data = device_data(device);

	data->rx[uart->rx_head % RX_SIZE] = c;
	data->rx_end[uart->rx_head % RX_SIZE] = (uint8_t)end;
	uart->rx_head++;
	if (end || !(uart->termios.c_lflag & ICANON))
		uart->rx_line = uart->rx_head;
}

void input_put(struct device *device, uint8_t c)
{
	const struct uart *uart = device_state(device);

	/* A line that never ends must not shut out its own end. */
	if (uart->rx_head - uart->rx_line < EDIT_MAX)
		put(device, c, END_NONE);
}

void input_put_end(struct device *device, uint8_t c, enum line_end end)
{
	put(device, c, end);
}

static void mark(struct device *device, uint8_t c)
{
	input_put(device, 0xff);
	input_put(device, 0);
	input_put(device, c);
}

static void put_break(struct device *device)
{
	const struct uart *uart = device_state(device);

	if (uart->termios.c_iflag & IGNBRK)
		return;
	if (uart->termios.c_iflag & BRKINT)
		edit_signal(device, 0);
	else if (uart->termios.c_iflag & PARMRK)
		mark(device, 0);
	else
		input_put(device, 0);
}

static void put_error(struct device *device, uint8_t c)
{
	const struct uart *uart = device_state(device);

	if (uart->termios.c_iflag & IGNPAR)
		return;
	if (uart->termios.c_iflag & PARMRK)
		mark(device, c);
	else
		input_put(device, 0);
}

static void count_errors(struct uart *uart, uint8_t errors)
{
	uart->icount.rx++;
	uart->icount.overrun += (errors & UART_LSR_OE) != 0;
	if (errors & UART_LSR_BI) { /* looks like the other two as well */
		uart->icount.brk++;
		return;
	}
	uart->icount.parity += (errors & UART_LSR_PE) != 0;
	uart->icount.frame += (errors & UART_LSR_FE) != 0;
}

void input_byte(struct device *device, uint8_t c, uint8_t errors)
{
	struct uart *uart = device_state(device);

	count_errors(uart, errors);
	if (!(uart->termios.c_cflag & CREAD))
		return;
	if (errors & UART_LSR_BI)
		put_break(device);
	else if ((errors & (UART_LSR_PE | UART_LSR_FE)) && (uart->termios.c_iflag & INPCK))
		put_error(device, c);
	else
		edit_byte(device, c);
	if (rx_used(uart) >= RX_HIGH)
		modem_throttle(device, true);
}

/* How many bytes are there for certain and without an error, so that not each needs a look at the
 * line status: the port itself says that its trigger level is reached. */
static unsigned certain(struct device *device, uint8_t lsr)
{
	const struct uart *uart = device_state(device);

	if (uart->trigger <= 1 || uart->lsr_errors || (lsr & UART_LSR_FIFOE))
		return 1;
	return (reg_get(device, IIR) & IIR_CAUSE) == UART_IIR_RDI ? uart->trigger : 1;
}

static void take_in(struct device *device)
{
	struct uart *uart = device_state(device);
	uint8_t errors = uart->lsr_errors;

	uart->lsr_errors = 0;
	input_byte(device, (uint8_t)reg_get(device, RBR), errors);
	device_checkpoint(device);
}

uint8_t input_drain(struct device *device)
{
	struct uart *uart = device_state(device);
	uint8_t lsr = port_line_status(device);
	unsigned n = 0;

	while ((lsr & UART_LSR_DR) && n < DRAIN_MAX) {
		for (unsigned left = certain(device, lsr); left; left--, n++) {
			if (is_full(uart)) {
				/* The rest stays in the port's FIFO until somebody reads. */
				port_enable(device, uart->ier & (uint8_t)~RX_ON);
				return lsr;
			}
			take_in(device);
		}
		lsr = port_line_status(device);
	}
	return lsr;
}

/* --- out of the ring -------------------------------------------------------------------------- */

/* There is room again. */
static void go_on(struct device *device)
{
	struct uart *uart = device_state(device);

	if (rx_used(uart) <= RX_LOW)
		modem_throttle(device, false);
	if (uart->open_files && !is_full(uart))
		port_enable(device, uart->ier | RX_ON);
}

void input_reset(struct device *device)
{
	struct uart *uart = device_state(device);

	uart->rx_tail = uart->rx_line = uart->rx_head;
	uart->literal = 0;
	go_on(device);
}

/* All that is there can be read at once: as it is, or as one line. */
void input_mode_changed(struct device *device)
{
	struct uart *uart = device_state(device);
	struct uart_data *data = device_data(device);

	for (uint32_t i = uart->rx_tail; i != uart->rx_head; i++)
		data->rx_end[i % RX_SIZE] = END_NONE;
	if ((uart->termios.c_lflag & ICANON) && rx_used(uart))
		data->rx_end[(uart->rx_head - 1) % RX_SIZE] = END_LINE;
	uart->rx_line = uart->rx_head;
	uart->literal = 0;
}

size_t input_available(struct uart *uart)
{
	return uart->rx_line - uart->rx_tail;
}

bool input_is_ready(const struct uart *uart)
{
	const cc_t *cc = uart->termios.c_cc;
	uint32_t wanted = 1, available = uart->rx_line - uart->rx_tail;

	if (!(uart->termios.c_lflag & ICANON) && !cc[VTIME] && cc[VMIN])
		wanted = cc[VMIN];
	return available >= wanted;
}

static ssize_t take(struct device *device, uint8_t *to, size_t size)
{
	struct uart *uart = device_state(device);
	const struct uart_data *data = device_data(device);
	size_t n = 0;

	while (n < size && uart->rx_tail != uart->rx_line)
		to[n++] = data->rx[uart->rx_tail++ % RX_SIZE];
	go_on(device);
	return (ssize_t)n;
}

/* One line, or as much of it as is wanted. */
static ssize_t take_line(struct device *device, uint8_t *to, size_t size)
{
	struct uart *uart = device_state(device);
	const struct uart_data *data = device_data(device);
	size_t n = 0;

	while (uart->rx_tail != uart->rx_line) {
		uint32_t place = uart->rx_tail % RX_SIZE;

		if (n == size && data->rx_end[place] != END_FILE)
			break;
		uart->rx_tail++;
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
static bool is_late(struct device *device, struct request *request, size_t available)
{
	const struct uart *uart = device_state(device);
	struct read_state *state = request_state(request);
	const cc_t *cc = uart->termios.c_cc;

	if (!cc[VTIME])
		return !cc[VMIN];
	if (cc[VMIN] && !available)
		return false;
	if (!state->deadline || available > state->seen) {
		state->deadline = device_now(device) + cc[VTIME] * DECISECOND;
		state->seen = available;
	}
	if (device_now(device) >= state->deadline)
		return true;
	request_deadline(request, state->deadline);
	return false;
}

static ssize_t read_raw(struct file *file, struct request *request, void *data, size_t size)
{
	struct device *device = file_device(file);
	struct uart *uart = device_state(device);
	size_t available = input_available(uart), least = uart->termios.c_cc[VMIN];

	if (least > size)
		least = size;
	if (available && (available >= least || (file_flags(file) & O_NONBLOCK)))
		return take(device, data, size);
	if (is_late(device, request, available))
		return take(device, data, size);
	return -EAGAIN;
}

ssize_t input_read(struct file *file, struct request *request, void *data, size_t size)
{
	struct device *device = file_device(file);
	struct uart *uart = device_state(device);

	if (port_is_dead(file))
		return 0;
	if (!(uart->termios.c_lflag & ICANON))
		return read_raw(file, request, data, size);
	return input_available(uart) ? take_line(device, data, size) : -EAGAIN;
}
