// SPDX-License-Identifier: GPL-2.0-or-later
// The life cycle of a port: start and stop, open and close; and poll.
#include "driver/class/tty/internal.h"

#define CLOSE_LOOK  (20 * NS_OF_MS)
#define TX_WAKE	    256U /* poll reports room below this level, as in the kernel */
#define CENTISECOND (10 * NS_OF_MS)

void port_shutdown(const struct tty_port *port)
{
	struct tty *tty = port->tty;

	tty->closing = 0;
	tty->exclusive = 0;
	tty->break_end = 0;
	tty->throttled = 0;
	port_set_timer(port, TIMER_BREAK, 0);
	port_set_timer(port, TIMER_CLOSE, 0);
	port->ops->break_ctl(port, false);
	if (tty->termios.c_cflag & HUPCL)
		tty->mctrl &= ~(uint32_t)(TIOCM_DTR | TIOCM_RTS);
	modem_set(port, tty->mctrl);
	input_reset(port);
	output_reset(port);
	port->ops->shutdown(port);
}

static void startup(const struct tty_port *port)
{
	const struct tty_ops *ops = port->ops;
	struct tty *tty = port->tty;
	unsigned changed;

	output_reset(port);
	tty->stopped = 0;
	tty->mctrl &= TIOCM_LOOP;
	ops->startup(port);
	line_program(port);
	if (tty->termios.c_cflag & CBAUD)
		tty->mctrl |= TIOCM_DTR | TIOCM_RTS;
	modem_set(port, tty->mctrl);
	tty->levels = ops->get_mctrl(port, &changed);
	modem_follow_cts(port);
	ops->enable_ms(port);
}

void port_hang_up(const struct tty_port *port)
{
	port->tty->hangups++;
	port->tty->open_files = 0;
	port_shutdown(port);
}

int port_of_file(struct cuio_file *file, struct tty_port *ret)
{
	const struct tty_file *state = cuio_file_state(file);
	struct tty_port port;
	int r = port_of_node(file, &port);

	if (r < 0)
		return r;
	if (state->hangups != port.tty->hangups)
		return -EIO;
	*ret = port;
	return 0;
}

/* --- start and stop --------------------------------------------------------------------------- */

int port_start_cold(const struct tty_port *port)
{
	struct tty *tty = port->tty;
	int r = port->ops->probe(port);

	if (r < 0)
		return r;
	tty->termios = (struct termios2){
		.c_iflag = ICRNL | IXON,
		.c_oflag = OPOST | ONLCR,
		.c_cflag = B9600 | CS8 | CREAD | HUPCL | CLOCAL,
		.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
		.c_cc = { [VINTR] = 3,
			  [VQUIT] = 28,
			  [VERASE] = 127,
			  [VKILL] = 21,
			  [VEOF] = 4,
			  [VMIN] = 1,
			  [VSTART] = 17,
			  [VSTOP] = 19,
			  [VSUSP] = 26,
			  [VREPRINT] = 18,
			  [VDISCARD] = 15,
			  [VWERASE] = 23,
			  [VLNEXT] = 22 },
	};
	tty->close_delay = 50;
	tty->closing_wait = 3000;
	line_set_termios(port, &tty->termios);
	port_shutdown(port);
	return 0;
}

/* The rings may be a forger's: then what they hold is nothing. */
static void check_rings(struct tty *tty)
{
	if (rx_used(tty) > RX_SIZE || tty->rx_line - tty->rx_tail > rx_used(tty))
		tty->rx_tail = tty->rx_line = tty->rx_head;
	if (tx_used(tty) > TX_SIZE)
		tty->tx_tail = tty->tx_head;
}

/* The chip keeps its settings. */
void port_start_warm(const struct tty_port *port)
{
	check_rings(port->tty);
	if (port->tty->settling)
		line_program(port);
	port->ops->resume(port);
	modem_set(port, port->tty->mctrl);
}

/* Received bytes and output that were in the chip are lost; what is in the rings goes on. */
void port_start_reset(const struct tty_port *port)
{
	struct tty *tty = port->tty;

	if (!is_up(tty) || !port->ops->lost(port)) {
		port_start_warm(port);
		return;
	}
	port->ops->startup(port);
	line_program(port);
	port_start_warm(port);
	tty_modem_update(port);
}

/* --- open and close --------------------------------------------------------------------------- */

int tty_open(struct cuio_file *file)
{
	struct tty_file *state = cuio_file_state(file);
	struct tty_port port;
	struct tty *tty;
	int r = port_of_node(file, &port);

	if (r < 0)
		return r;
	tty = port.tty;
	if (tty->exclusive && cuio_file_caller_uid(file) != 0)
		return -EBUSY;
	state->hangups = tty->hangups;
	if (tty->open_files++)
		return 0;
	if (!tty->closing)
		startup(&port);
	tty->closing = 0;
	port_set_timer(&port, TIMER_CLOSE, 0);
	input_reset(&port);
	return 0;
}

/* The rest of the output is sent after the close, for at most closing_wait. */
void tty_release(struct cuio_file *file)
{
	struct tty_port port;
	struct tty *tty;
	uint64_t now;

	if (port_of_file(file, &port) < 0)
		return;
	tty = port.tty;
	if (--tty->open_files)
		return;
	tty->exclusive = 0;
	if (tty->closing_wait == ASYNC_CLOSING_WAIT_NONE || output_is_sent(&port)) {
		port_shutdown(&port);
		return;
	}
	now = cuio_device_now(port.device);
	tty->closing = 1;
	tty->close_by = UINT64_MAX;
	if (tty->closing_wait != ASYNC_CLOSING_WAIT_INF)
		tty->close_by = now + tty->closing_wait * CENTISECOND;
	port_set_timer(&port, TIMER_CLOSE, now + line_fifo_time(tty));
}

static void look_whether_sent(const struct tty_port *port)
{
	if (!port->tty->closing)
		return;
	if (output_is_sent(port) || cuio_device_now(port->device) >= port->tty->close_by)
		port_shutdown(port);
	else
		port_set_timer(port, TIMER_CLOSE, cuio_device_now(port->device) + CLOSE_LOOK);
}

void port_timer(const struct tty_port *port, enum tty_timer timer)
{
	if (timer == TIMER_CLOSE) {
		look_whether_sent(port);
	} else {
		port->tty->break_end = 0;
		port->ops->break_ctl(port, false);
	}
}

unsigned tty_poll(struct cuio_file *file)
{
	struct tty_port port;
	unsigned ready = 0;

	if (port_of_file(file, &port) < 0)
		return CUIO_READY_IN | CUIO_READY_OUT | CUIO_READY_ERR | CUIO_READY_HUP;
	if (input_is_ready(port.tty))
		ready |= CUIO_READY_IN;
	if (tx_used(port.tty) < TX_WAKE)
		ready |= CUIO_READY_OUT;
	return ready;
}
