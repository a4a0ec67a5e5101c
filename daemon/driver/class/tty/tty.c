// SPDX-License-Identifier: GPL-2.0-or-later
// The ioctls of a serial port.
#include "driver/class/tty/internal.h"

/* All ioctls are restartable: they set a value or read one. */
static int call(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		struct cuio_request *request, void *arg)
{
	tty_ioctl *const *function = entry->context;
	struct tty_port port;
	const struct tty_call call = {
		.port = &port,
		.file = file,
		.request = request,
		.number = entry->number,
		.size = entry->size,
		.arg = arg,
	};
	int r = port_of_file(file, &port);

	return r < 0 ? r : (*function)(&call);
}

#define IOCTL(name_, number_, argument_, size_, function, ...)                                     \
	{                                                                                          \
		.name = name_, .number = number_, .argument = argument_, .size = size_,            \
		.restartable = true, .context = &(tty_ioctl *const){ function }, .call = call,     \
		__VA_ARGS__                                                                        \
	}
/* The number becomes a name here, because an argument that is passed on to another macro is
 * expanded. */
#define NOTHING(number, function) IOCTL(#number, number, CUIO_ARGUMENT_NONE, 0, function)
#define VALUE(number, function)	  IOCTL(#number, number, CUIO_ARGUMENT_VALUE, 0, function)
#define GET(number, type, function)                                                                \
	IOCTL(#number, number, CUIO_ARGUMENT_OUT, sizeof(type), function)
#define SET(number, type, function) IOCTL(#number, number, CUIO_ARGUMENT_IN, sizeof(type), function)
#define COMPAT(number, argument, function)                                                         \
	IOCTL(#number, number, argument, SERIAL_COMPAT_SIZE, function, .compat = true)

/* Ioctls for controlling terminals and other line disciplines are missing, so they get ENOTTY. */
const struct cuio_driver_ioctl tty_ioctls[] = {
	GET(TCGETS, struct termios, termios_get),
	SET(TCSETS, struct termios, termios_set),
	SET(TCSETSW, struct termios, termios_set),
	SET(TCSETSF, struct termios, termios_set),
	GET(TCGETS2, struct termios2, termios_get),
	SET(TCSETS2, struct termios2, termios_set),
	SET(TCSETSW2, struct termios2, termios_set),
	SET(TCSETSF2, struct termios2, termios_set),
	GET(TCGETA, struct termio, termios_get_old),
	SET(TCSETA, struct termio, termios_set),
	SET(TCSETAW, struct termio, termios_set),
	SET(TCSETAF, struct termio, termios_set),
	GET(TIOCGSOFTCAR, int, termios_get_local),
	SET(TIOCSSOFTCAR, int, termios_set_local),
	GET(FIONREAD, int, queue_get_in),
	GET(TIOCOUTQ, int, queue_get_out),
	GET(TIOCSERGETLSR, int, queue_get_line_status),
	VALUE(TCFLSH, queue_flush),
	VALUE(TCXONC, queue_flow),
	VALUE(TCSBRK, break_send),
	VALUE(TCSBRKP, break_send_long),
	NOTHING(TIOCSBRK, break_start),
	NOTHING(TIOCCBRK, break_end),
	NOTHING(TIOCEXCL, port_set_exclusive),
	NOTHING(TIOCNXCL, port_set_exclusive),
	GET(TIOCGEXCL, int, port_get_exclusive),
	GET(TIOCGWINSZ, struct winsize, port_get_window_size),
	SET(TIOCSWINSZ, struct winsize, port_set_window_size),
	GET(TIOCGICOUNT, struct serial_icounter_struct, port_get_counts),
	GET(TIOCGETD, int, port_get_discipline),
	SET(TIOCSETD, int, port_set_discipline),
	GET(TIOCMGET, int, modem_get),
	SET(TIOCMSET, int, modem_change),
	SET(TIOCMBIS, int, modem_change),
	SET(TIOCMBIC, int, modem_change),
	VALUE(TIOCMIWAIT, modem_wait),
	GET(TIOCGSERIAL, struct serial_struct, serial_get),
	SET(TIOCSSERIAL, struct serial_struct, serial_set),
	COMPAT(TIOCGSERIAL, CUIO_ARGUMENT_OUT, serial_get),
	COMPAT(TIOCSSERIAL, CUIO_ARGUMENT_IN, serial_set),
};
