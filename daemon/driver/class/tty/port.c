// SPDX-License-Identifier: GPL-2.0-or-later
// The port as a whole: start and stop, open and close, what poll says.
#include "driver/class/tty/internal.h"

#define CLOSE_LOOK  (20 * NS_OF_MS)
#define TX_WAKE	    256U /* poll says that there is room below this, as the kernel does */
#define CENTISECOND (10 * NS_OF_MS)

void tty_shutdown(struct cuio_device *device)
{
	struct tty *tty = cuio_device_state(device);

	tty->closing = 0;
	tty->exclusive = 0;
	tty->break_end = 0;
	tty->throttled = 0;
	cuio_device_set_timer(device, TIMER_BREAK, 0);
	cuio_device_set_timer(device, TIMER_CLOSE, 0);
	tty_ops(device)->break_ctl(device, false);
	if (tty->termios.c_cflag & HUPCL)
		tty->mctrl &= ~(uint32_t)(TIOCM_DTR | TIOCM_RTS);
	modem_set(device, tty->mctrl);
	input_reset(device);
	output_reset(device);
	tty_ops(device)->shutdown(device);
}

static void startup(struct cuio_device *device)
{
	const struct tty_ops *ops = tty_ops(device);
	struct tty *tty = cuio_device_state(device);
	unsigned changed;

	output_reset(device);
	tty->stopped = 0;
	tty->mctrl &= TIOCM_LOOP;
	ops->startup(device);
	line_program(device);
	if (tty->termios.c_cflag & CBAUD)
		tty->mctrl |= TIOCM_DTR | TIOCM_RTS;
	modem_set(device, tty->mctrl);
	tty->levels = ops->get_mctrl(device, &changed);
	modem_follow_cts(device);
	ops->enable_ms(device);
}

void port_hang_up(struct cuio_device *device)
{
	struct tty *tty = cuio_device_state(device);

	tty->hangups++;
	tty->open_files = 0;
	tty_shutdown(device);
}

bool port_is_hung_up(struct cuio_file *file)
{
	const struct tty *tty = cuio_device_state(cuio_file_device(file));
	const struct tty_file *state = cuio_file_state(file);

	return state->hangups != tty->hangups;
}

/* --- start and stop --------------------------------------------------------------------------- */

static int start_cold(struct cuio_device *device)
{
	struct tty *tty = cuio_device_state(device);
	int r = tty_ops(device)->probe(device);

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
	line_set_termios(device, &tty->termios);
	tty_shutdown(device);
	return 0;
}

/* The port runs on as it was set up. */
static int start_warm(struct cuio_device *device)
{
	const struct tty *tty = cuio_device_state(device);

	if (tty->settling)
		line_program(device);
	tty_ops(device)->resume(device);
	modem_set(device, tty->mctrl);
	return 0;
}

int tty_start(struct cuio_device *device, enum cuio_start how)
{
	return how == CUIO_START_COLD ? start_cold(device) : start_warm(device);
}

/* --- open and close --------------------------------------------------------------------------- */

int tty_open(struct cuio_file *file)
{
	struct cuio_device *device = cuio_file_device(file);
	struct tty *tty = cuio_device_state(device);
	struct tty_file *state = cuio_file_state(file);

	if (tty->exclusive && cuio_file_caller_uid(file) != 0)
		return -EBUSY;
	state->hangups = tty->hangups;
	if (tty->open_files++)
		return 0;
	if (!tty->closing)
		startup(device);
	tty->closing = 0;
	cuio_device_set_timer(device, TIMER_CLOSE, 0);
	input_reset(device);
	return 0;
}

/* What was written last has to leave the port yet, if it can within closing_wait. */
void tty_release(struct cuio_file *file)
{
	struct cuio_device *device = cuio_file_device(file);
	struct tty *tty = cuio_device_state(device);

	if (port_is_hung_up(file) || --tty->open_files)
		return;
	tty->exclusive = 0;
	if (tty->closing_wait == ASYNC_CLOSING_WAIT_NONE || output_is_sent(device)) {
		tty_shutdown(device);
		return;
	}
	tty->closing = 1;
	tty->close_by = UINT64_MAX;
	if (tty->closing_wait != ASYNC_CLOSING_WAIT_INF)
		tty->close_by = cuio_device_now(device) + tty->closing_wait * CENTISECOND;
	cuio_device_set_timer(device, TIMER_CLOSE, cuio_device_now(device) + line_fifo_time(tty));
}

static void look_whether_sent(struct cuio_device *device)
{
	struct tty *tty = cuio_device_state(device);

	if (!tty->closing)
		return;
	if (output_is_sent(device) || cuio_device_now(device) >= tty->close_by)
		tty_shutdown(device);
	else
		cuio_device_set_timer(device, TIMER_CLOSE, cuio_device_now(device) + CLOSE_LOOK);
}

void tty_timer(struct cuio_device *device, unsigned timer)
{
	struct tty *tty = cuio_device_state(device);

	if (timer == TIMER_CLOSE) {
		look_whether_sent(device);
	} else {
		tty->break_end = 0;
		tty_ops(device)->break_ctl(device, false);
	}
}

unsigned tty_poll(struct cuio_file *file)
{
	const struct tty *tty = cuio_device_state(cuio_file_device(file));
	unsigned ready = 0;

	if (port_is_hung_up(file))
		return CUIO_READY_IN | CUIO_READY_OUT | CUIO_READY_ERR | CUIO_READY_HUP;
	if (input_is_ready(tty))
		ready |= CUIO_READY_IN;
	if (tx_used(tty) < TX_WAKE)
		ready |= CUIO_READY_OUT;
	return ready;
}
