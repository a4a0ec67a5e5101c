// SPDX-License-Identifier: GPL-2.0-or-later
// The other ioctls: queues, breaks, and what is only kept.
#include "driver/class/tty/internal.h"
#include <linux/tty.h>
#include <string.h>

#define BREAK_TIME (250 * NS_OF_MS)

/* --- queues ----------------------------------------------------------------------------------- */

int queue_get_in(const struct tty_call *call)
{
	*(int *)call->arg = (int)input_available(cuio_device_state(call->device));
	return 0;
}

int queue_get_out(const struct tty_call *call)
{
	*(int *)call->arg = (int)tx_used(cuio_device_state(call->device));
	return 0;
}

int queue_get_line_status(const struct tty_call *call)
{
	*(int *)call->arg = output_is_sent(call->device) ? TIOCSER_TEMT : 0;
	return 0;
}

int queue_flush(const struct tty_call *call)
{
	struct cuio_device *device = call->device;
	uint64_t which = *(uint64_t *)call->arg;

	if (which > TCIOFLUSH)
		return -EINVAL;
	if (which != TCOFLUSH)
		input_reset(device);
	if (which != TCIFLUSH)
		output_reset(device);
	return 0;
}

int queue_flow(const struct tty_call *call)
{
	struct cuio_device *device = call->device;
	const struct tty *tty = cuio_device_state(device);

	switch (*(uint64_t *)call->arg) {
	case TCOOFF:
		output_stop(device, STOP_TCOOFF, true);
		return 0;
	case TCOON:
		output_stop(device, STOP_TCOOFF, false);
		output_stop(device, STOP_XOFF, false);
		return 0;
	case TCIOFF:
		output_urgent(device, tty->termios.c_cc[VSTOP]);
		return 0;
	case TCION:
		output_urgent(device, tty->termios.c_cc[VSTART]);
		return 0;
	default:
		return -EINVAL;
	}
}

/* --- breaks ----------------------------------------------------------------------------------- */

int break_start(const struct tty_call *call)
{
	int r = output_drain(call->device, call->request);

	if (r >= 0)
		tty_ops(call->device)->break_ctl(call->device, true);
	return r;
}

/* Also of a timed one, whose caller stops waiting then. */
int break_end(const struct tty_call *call)
{
	struct tty *tty = cuio_device_state(call->device);

	tty->break_end = 0;
	cuio_device_set_timer(call->device, TIMER_BREAK, 0);
	tty_ops(call->device)->break_ctl(call->device, false);
	return 0;
}

struct break_state {
	uint64_t end; /* of the break that was begun for this request; 0: not yet */
};

/* A timer ends it, also when the caller goes away in the middle. */
static int timed_break(const struct tty_call *call, uint64_t time)
{
	struct break_state *state = cuio_request_state(call->request);
	struct cuio_device *device = call->device;
	struct tty *tty = cuio_device_state(device);
	int r;

	if (state->end)
		return tty->break_end == state->end ? cuio_not_yet : 0;
	if (tty->break_end)
		return cuio_not_yet;
	r = output_drain(device, call->request);
	if (r < 0)
		return r;
	state->end = tty->break_end = cuio_device_now(device) + time;
	tty_ops(device)->break_ctl(device, true);
	cuio_device_set_timer(device, TIMER_BREAK, tty->break_end);
	return cuio_not_yet;
}

/* tcsendbreak() with 0; what is not 0 is tcdrain(). */
int break_send(const struct tty_call *call)
{
	if (*(uint64_t *)call->arg)
		return output_drain(call->device, call->request);
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
	struct tty *tty = cuio_device_state(call->device);

	tty->exclusive = call->number == TIOCEXCL;
	return 0;
}

int port_get_exclusive(const struct tty_call *call)
{
	const struct tty *tty = cuio_device_state(call->device);

	*(int *)call->arg = (int)tty->exclusive;
	return 0;
}

int port_get_window_size(const struct tty_call *call)
{
	const struct tty *tty = cuio_device_state(call->device);

	memcpy(call->arg, &tty->winsize, sizeof(tty->winsize));
	return 0;
}

int port_set_window_size(const struct tty_call *call)
{
	struct tty *tty = cuio_device_state(call->device);

	memcpy(&tty->winsize, call->arg, sizeof(tty->winsize));
	return 0;
}

int port_get_counts(const struct tty_call *call)
{
	const struct tty *tty = cuio_device_state(call->device);

	memcpy(call->arg, &tty->icount, sizeof(tty->icount));
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
