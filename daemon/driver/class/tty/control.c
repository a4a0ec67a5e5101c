// SPDX-License-Identifier: GPL-2.0-or-later
// Ioctls for queues and breaks, and those that only store a setting.
#include "driver/class/tty/internal.h"
#include <linux/tty.h>
#include <string.h>

#define BREAK_TIME (250 * NS_OF_MS)

/* --- queues ----------------------------------------------------------------------------------- */

int queue_get_in(const struct tty_call *call)
{
	*(int *)call->arg = (int)input_available(call->port->tty);
	return 0;
}

int queue_get_out(const struct tty_call *call)
{
	*(int *)call->arg = (int)tx_used(call->port->tty);
	return 0;
}

int queue_get_line_status(const struct tty_call *call)
{
	*(int *)call->arg = output_is_sent(call->port) ? TIOCSER_TEMT : 0;
	return 0;
}

int queue_flush(const struct tty_call *call)
{
	const struct tty_port *port = call->port;
	uint64_t which = *(uint64_t *)call->arg;

	if (which > TCIOFLUSH)
		return -EINVAL;
	if (which != TCOFLUSH)
		input_reset(port);
	if (which != TCIFLUSH)
		output_reset(port);
	return 0;
}

int queue_flow(const struct tty_call *call)
{
	const struct tty_port *port = call->port;

	switch (*(uint64_t *)call->arg) {
	case TCOOFF:
		output_stop(port, STOP_TCOOFF, true);
		return 0;
	case TCOON:
		output_stop(port, STOP_TCOOFF, false);
		output_stop(port, STOP_XOFF, false);
		return 0;
	case TCIOFF:
		output_urgent(port, port->tty->termios.c_cc[VSTOP]);
		return 0;
	case TCION:
		output_urgent(port, port->tty->termios.c_cc[VSTART]);
		return 0;
	default:
		return -EINVAL;
	}
}

/* --- breaks ----------------------------------------------------------------------------------- */

int break_start(const struct tty_call *call)
{
	int r = output_drain(call->port, call->request);

	if (r >= 0)
		call->port->ops->break_ctl(call->port, true);
	return r;
}

/* Also ends a timed break, whose caller then stops waiting. */
int break_end(const struct tty_call *call)
{
	call->port->tty->break_end = 0;
	port_set_timer(call->port, TIMER_BREAK, 0);
	call->port->ops->break_ctl(call->port, false);
	return 0;
}

struct break_state {
	uint64_t end; /* of the break of this request; 0: not begun */
};

/* A timer ends the break, also if the caller goes away. */
static int timed_break(const struct tty_call *call, uint64_t time)
{
	struct break_state *state = cuio_request_state(call->request);
	const struct tty_port *port = call->port;
	struct tty *tty = port->tty;
	int r;

	if (state->end)
		return tty->break_end == state->end ? cuio_not_yet : 0;
	if (tty->break_end)
		return cuio_not_yet;
	r = output_drain(port, call->request);
	if (r < 0)
		return r;
	state->end = tty->break_end = cuio_device_now(port->device) + time;
	port->ops->break_ctl(port, true);
	port_set_timer(port, TIMER_BREAK, tty->break_end);
	return cuio_not_yet;
}

/* tcsendbreak() with 0; any other value is tcdrain(). */
int break_send(const struct tty_call *call)
{
	if (*(uint64_t *)call->arg)
		return output_drain(call->port, call->request);
	return timed_break(call, BREAK_TIME);
}

int break_send_long(const struct tty_call *call)
{
	const uint64_t *value = call->arg;
	uint32_t deciseconds = (uint32_t)*value;

	return timed_break(call, deciseconds ? deciseconds * DECISECOND : BREAK_TIME);
}

/* --- others ----------------------------------------------------------------------------------- */

int port_set_exclusive(const struct tty_call *call)
{
	call->port->tty->exclusive = call->number == TIOCEXCL;
	return 0;
}

int port_get_exclusive(const struct tty_call *call)
{
	*(int *)call->arg = (int)call->port->tty->exclusive;
	return 0;
}

int port_get_window_size(const struct tty_call *call)
{
	memcpy(call->arg, &call->port->tty->winsize, sizeof(call->port->tty->winsize));
	return 0;
}

int port_set_window_size(const struct tty_call *call)
{
	memcpy(&call->port->tty->winsize, call->arg, sizeof(call->port->tty->winsize));
	return 0;
}

int port_get_counts(const struct tty_call *call)
{
	memcpy(call->arg, &call->port->tty->icount, sizeof(call->port->tty->icount));
	return 0;
}

int port_get_discipline(const struct tty_call *call)
{
	*(int *)call->arg = N_TTY;
	return 0;
}

int port_set_discipline(const struct tty_call *call)
{
	return *(int *)call->arg == N_TTY ? 0 : -EINVAL;
}
