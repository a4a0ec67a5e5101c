// SPDX-License-Identifier: GPL-2.0-or-later
// Speed and format: converts termios to the chip's settings, and applies changes.
#include "driver/class/tty/internal.h"

#define NOT_FORMAT (CLOCAL | HUPCL | CREAD | CRTSCTS)

/* Indexed by CBAUDEX and the low four bits of CBAUD. */
static const uint32_t speeds[2][16] = {
	{ 0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400 },
	{ 0, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000,
	  2000000, 2500000, 3000000, 3500000, 4000000 },
};

static uint32_t asked_speed(const struct termios2 *termios)
{
	uint32_t code = termios->c_cflag & CBAUD;

	return code == BOTHER ? termios->c_ospeed : speeds[code / BOTHER][code % 16];
}

static bool is_near(uint32_t actual, uint32_t asked)
{
	uint32_t off = actual > asked ? actual - asked : asked - actual;

	return (uint64_t)off * 50 <= asked; /* 2 %, as in the kernel */
}

static uint32_t speed_code(uint32_t speed)
{
	for (uint32_t i = 1; i < 16; i++)
		if (is_near(speed, speeds[0][i]))
			return i;
	for (uint32_t i = 1; i < 16; i++)
		if (is_near(speed, speeds[1][i]))
			return CBAUDEX | i;
	return BOTHER;
}

/* setserial's spd_cust: 38400 selects the custom divisor. */
static bool is_custom(const struct tty *tty)
{
	return (tty->serial_flags & ASYNC_SPD_MASK) == ASYNC_SPD_CUST && tty->custom_divisor &&
	       (tty->termios.c_cflag & CBAUD) == B38400;
}

/* Chooses the nearest speed of the port, and stores it in termios if it differs from the requested
 * one. */
static void settle_speed(const struct tty_port *port)
{
	const struct tty_ops *ops = port->ops;
	struct tty *tty = port->tty;
	struct termios2 *termios = &tty->termios;
	uint64_t base = ops->baud_base(port->device), divisor;
	uint32_t asked = asked_speed(termios), actual;

	termios->c_cflag &= ~(uint32_t)CIBAUD;
	if (is_custom(tty)) {
		tty->divisor = tty->custom_divisor;
	} else if (asked) {
		divisor = (base + asked / 2) / asked;
		if (divisor < 1)
			divisor = 1;
		if (divisor > ops->divisor_max)
			divisor = ops->divisor_max;
		tty->divisor = (uint32_t)divisor;
		actual = (uint32_t)((base + divisor / 2) / divisor);
		if (!is_near(actual, asked))
			termios->c_cflag =
				(termios->c_cflag & ~(uint32_t)CBAUD) | speed_code(actual);
		asked = actual;
	}
	termios->c_ispeed = termios->c_ospeed = asked;
}

void line_program(const struct tty_port *port)
{
	struct tty *tty = port->tty;

	port->ops->set_termios(port, tty->termios.c_cflag, tty->divisor);
	tty->settling = 0;
}

uint64_t line_fifo_time(const struct tty *tty)
{
	uint64_t bits = 12 * (tty->fifo_size + 1U);
	uint32_t speed = tty->termios.c_ospeed ? tty->termios.c_ospeed : 9600;
	uint64_t time = bits * 1000 * NS_OF_MS / speed;

	return time < NS_OF_MS ? NS_OF_MS : time;
}

/* Speed 0 hangs up: it drops DTR and RTS. Another speed raises them again. */
static void follow_hangup(const struct tty_port *port, const struct termios2 *before)
{
	const struct tty *tty = port->tty;
	bool was_up = before->c_cflag & CBAUD, is_up = tty->termios.c_cflag & CBAUD;

	if (was_up && !is_up)
		modem_set(port, tty->mctrl & ~(uint32_t)(TIOCM_DTR | TIOCM_RTS));
	else if (!was_up && is_up)
		modem_set(port, tty->mctrl | TIOCM_DTR | TIOCM_RTS);
}

static void follow_flow_control(const struct tty_port *port)
{
	if (!(port->tty->termios.c_iflag & IXON))
		output_stop(port, STOP_XOFF, false);
	modem_follow_cts(port);
	modem_set(port, port->tty->mctrl);
}

void line_set_termios(const struct tty_port *port, const struct termios2 *wanted)
{
	struct tty *tty = port->tty;
	struct termios2 before = tty->termios;
	uint32_t divisor = tty->divisor;

	tty->termios = *wanted;
	settle_speed(port);
	if ((before.c_lflag ^ wanted->c_lflag) & ICANON)
		input_mode_changed(port);
	if (!is_up(tty))
		return;
	follow_flow_control(port);
	follow_hangup(port, &before);
	if (!((before.c_cflag ^ tty->termios.c_cflag) & ~(uint32_t)NOT_FORMAT) &&
	    divisor == tty->divisor)
		return;
	/* After a crash from here on the successor programs the line. */
	tty->settling = 1;
	cuio_device_checkpoint(port->device);
	line_program(port);
}
