// SPDX-License-Identifier: GPL-2.0-or-later
// Modem lines: outputs, inputs, and waiting for changes of inputs.
#include "driver/class/tty/internal.h"

/* Outputs that a program may set. */
#define OURS (TIOCM_DTR | TIOCM_RTS | TIOCM_OUT1 | TIOCM_LOOP)

/* Inputs, in the order of wait_state.counts. */
static const unsigned theirs[] = { TIOCM_CTS, TIOCM_DSR, TIOCM_RNG, TIOCM_CAR };

static unsigned control(const struct tty *tty)
{
	bool holds_rts = tty->throttled && (tty->termios.c_cflag & CRTSCTS);

	return holds_rts ? tty->mctrl & ~(uint32_t)TIOCM_RTS : tty->mctrl;
}

void modem_set(const struct tty_port *port, unsigned lines)
{
	struct tty *tty = port->tty;
	bool loops = (tty->mctrl | lines) & TIOCM_LOOP;

	tty->mctrl = lines;
	port->ops->set_mctrl(port, control(tty));
	/* In loopback the outputs are connected to the inputs, and not every chip reports the
	 * change. */
	if (loops && is_up(tty))
		tty_modem_update(port);
}

void modem_follow_cts(const struct tty_port *port)
{
	output_stop(port, STOP_CTS,
		    (port->tty->termios.c_cflag & CRTSCTS) && !(port->tty->levels & TIOCM_CTS));
}

/* A crashed process may have cleared a change by reading it; the levels still show it. */
static unsigned changed_levels(uint32_t before, uint32_t now)
{
	unsigned changed = before ^ now;

	if (!(before & ~now & TIOCM_RNG))
		changed &= ~(unsigned)TIOCM_RNG; /* only its end counts */
	return changed;
}

void tty_modem_update(const struct tty_port *port)
{
	struct tty *tty = port->tty;
	unsigned changed, levels = port->ops->get_mctrl(port, &changed);
	bool lost = tty->levels & ~levels & TIOCM_CAR;

	changed |= changed_levels(tty->levels, levels);
	tty->levels = levels;
	tty->icount.cts += (changed & TIOCM_CTS) != 0;
	tty->icount.dsr += (changed & TIOCM_DSR) != 0;
	tty->icount.rng += (changed & TIOCM_RNG) != 0;
	tty->icount.dcd += (changed & TIOCM_CAR) != 0;
	if (!is_up(tty))
		return;
	modem_follow_cts(port);
	if (lost && !(tty->termios.c_cflag & CLOCAL))
		port_hang_up(port);
}

/* Asks the other side to stop sending, or to resume, by XON/XOFF and RTS as configured. */
void modem_throttle(const struct tty_port *port, bool throttle)
{
	struct tty *tty = port->tty;

	if (tty->throttled == throttle)
		return;
	tty->throttled = throttle;
	if (tty->termios.c_iflag & IXOFF)
		output_urgent(port, tty->termios.c_cc[throttle ? VSTOP : VSTART]);
	if (tty->termios.c_cflag & CRTSCTS)
		modem_set(port, tty->mctrl);
}

int modem_get(const struct tty_call *call)
{
	tty_modem_update(call->port);
	*(uint32_t *)call->arg = control(call->port->tty) | call->port->tty->levels;
	return 0;
}

/* TIOCMSET, TIOCMBIS, TIOCMBIC. */
int modem_change(const struct tty_call *call)
{
	const struct tty *tty = call->port->tty;
	uint32_t lines = *(uint32_t *)call->arg & OURS;

	if (call->number == TIOCMBIS)
		lines |= tty->mctrl;
	else if (call->number == TIOCMBIC)
		lines = tty->mctrl & ~lines;
	else
		lines |= tty->mctrl & ~(uint32_t)OURS;
	modem_set(call->port, lines);
	return 0;
}

struct wait_state {
	uint32_t begun;
	uint32_t counts[4]; /* when the wait began */
};

/* TIOCMIWAIT */
int modem_wait(const struct tty_call *call)
{
	struct wait_state *state = cuio_request_state(call->request);
	const struct tty *tty = call->port->tty;
	const uint32_t counts[] = { (uint32_t)tty->icount.cts, (uint32_t)tty->icount.dsr,
				    (uint32_t)tty->icount.rng, (uint32_t)tty->icount.dcd };
	uint64_t lines = *(uint64_t *)call->arg;

	for (size_t i = 0; i < 4; i++) {
		if (!state->begun)
			state->counts[i] = counts[i];
		else if ((lines & theirs[i]) && state->counts[i] != counts[i])
			return 0;
	}
	state->begun = 1;
	return cuio_not_yet;
}
