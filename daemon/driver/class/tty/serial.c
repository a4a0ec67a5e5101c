// SPDX-License-Identifier: GPL-2.0-or-later
// TIOCGSERIAL and TIOCSSERIAL, which setserial uses.
#include "driver/class/tty/internal.h"
#include <string.h>

#define USERS_FLAGS (ASYNC_SPD_MASK | ASYNC_LOW_LATENCY) /* that any user may set */
#define FLAGS	    (USERS_FLAGS | ASYNC_SKIP_TEST)
/* The common part of the 32-bit and 64-bit layouts; the pointers after it are unused. */
#define COMMON_SIZE (offsetof(struct serial_struct, closing_wait2) + sizeof(unsigned short))

static struct serial_struct describe(const struct tty_port *port)
{
	const struct tty *tty = port->tty;

	return (struct serial_struct){
		.type = (int)tty->type,
		.flags = (int)(tty->serial_flags | ASYNC_SKIP_TEST),
		.xmit_fifo_size = (int)tty->fifo_size,
		.custom_divisor = (int)tty->custom_divisor,
		.baud_base = (int)port->ops->baud_base(port->device),
		.close_delay = (unsigned short)tty->close_delay,
		.closing_wait = (unsigned short)tty->closing_wait,
	};
}

int serial_get(const struct tty_call *call)
{
	struct serial_struct serial = describe(call->port);

	memcpy(call->arg, &serial, COMMON_SIZE);
	return 0;
}

/* Properties of the card cannot be set. */
static bool is_same_port(const struct serial_struct *a, const struct serial_struct *b)
{
	return a->type == b->type && a->port == b->port && a->irq == b->irq && a->hub6 == b->hub6 &&
	       a->baud_base == b->baud_base && a->xmit_fifo_size == b->xmit_fifo_size;
}

static bool is_users_to_set(const struct serial_struct *now, const struct serial_struct *wanted)
{
	return is_same_port(now, wanted) && now->close_delay == wanted->close_delay &&
	       now->closing_wait == wanted->closing_wait &&
	       !((now->flags ^ wanted->flags) & ~(int)USERS_FLAGS);
}

int serial_set(const struct tty_call *call)
{
	const struct tty_port *port = call->port;
	struct tty *tty = port->tty;
	struct serial_struct now = describe(port), wanted = { 0 };

	memcpy(&wanted, call->arg, COMMON_SIZE);
	if (cuio_file_caller_uid(call->file) != 0 && !is_users_to_set(&now, &wanted))
		return -EPERM;
	if (!is_same_port(&now, &wanted) || (wanted.flags & ~(int)FLAGS) ||
	    wanted.custom_divisor < 0 || (uint32_t)wanted.custom_divisor > port->ops->divisor_max)
		return -EINVAL;
	tty->serial_flags = (uint32_t)wanted.flags & USERS_FLAGS;
	tty->custom_divisor = (uint32_t)wanted.custom_divisor;
	tty->close_delay = wanted.close_delay;
	tty->closing_wait = wanted.closing_wait;
	line_set_termios(port, &tty->termios);
	return 0;
}
