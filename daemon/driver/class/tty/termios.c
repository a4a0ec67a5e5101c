// SPDX-License-Identifier: GPL-2.0-or-later
// The ioctls of termios(3), in all layouts of the kernel.
#include "driver/class/tty/internal.h"
#include <string.h>

int termios_get(const struct tty_call *call)
{
	memcpy(call->arg, &call->port->tty->termios, call->size);
	return 0;
}

/* System V's layout has the low 16 bits of the flags. */
int termios_get_old(const struct tty_call *call)
{
	const struct tty *tty = call->port->tty;
	struct termio *termio = call->arg;

	termio->c_iflag = (unsigned short)tty->termios.c_iflag;
	termio->c_oflag = (unsigned short)tty->termios.c_oflag;
	termio->c_cflag = (unsigned short)tty->termios.c_cflag;
	termio->c_lflag = (unsigned short)tty->termios.c_lflag;
	termio->c_line = tty->termios.c_line;
	memcpy(termio->c_cc, tty->termios.c_cc, NCC);
	return 0;
}

static void merge_termio(struct termios2 *to, const struct termio *from)
{
	to->c_iflag = (to->c_iflag & ~0xffffU) | from->c_iflag;
	to->c_oflag = (to->c_oflag & ~0xffffU) | from->c_oflag;
	to->c_cflag = (to->c_cflag & ~0xffffU) | from->c_cflag;
	to->c_lflag = (to->c_lflag & ~0xffffU) | from->c_lflag;
	to->c_line = from->c_line;
	memcpy(to->c_cc, from->c_cc, NCC);
}

/* When new settings take effect. */
enum when {
	NOW,
	DRAINED,
	DRAINED_AND_FLUSHED
};

static enum when when_of(uint32_t number)
{
	switch (number) {
	case TCSETSW:
	case TCSETSW2:
	case TCSETAW:
		return DRAINED;
	case TCSETSF:
	case TCSETSF2:
	case TCSETAF:
		return DRAINED_AND_FLUSHED;
	default:
		return NOW;
	}
}

int termios_set(const struct tty_call *call)
{
	const struct tty_port *port = call->port;
	struct termios2 wanted = port->tty->termios;
	enum when when = when_of(call->number);
	int r = when == NOW ? 0 : output_drain(port, call->request);

	if (r < 0)
		return r;
	if (when == DRAINED_AND_FLUSHED)
		input_reset(port);
	if (call->size == sizeof(struct termio))
		merge_termio(&wanted, call->arg);
	else
		memcpy(&wanted, call->arg, call->size);
	line_set_termios(port, &wanted);
	return 0;
}

int termios_get_local(const struct tty_call *call)
{
	*(int *)call->arg = (call->port->tty->termios.c_cflag & CLOCAL) != 0;
	return 0;
}

int termios_set_local(const struct tty_call *call)
{
	if (*(int *)call->arg)
		call->port->tty->termios.c_cflag |= CLOCAL;
	else
		call->port->tty->termios.c_cflag &= ~(uint32_t)CLOCAL;
	return 0;
}
