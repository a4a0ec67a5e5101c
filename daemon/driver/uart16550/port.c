// SPDX-License-Identifier: GPL-2.0-or-later
// The port as a whole: start, open and close, interrupt.
#include "driver/uart16550/uart16550.h"

#define IIR_FIFO      0xc0 /* the FIFO is on */
#define CAUSE_MODEM   1U   /* of port_cause() */
#define PASSES	      16U  /* over the port in one interrupt, before others have their turn */
#define CLOSE_LOOK    (20 * NS_OF_MS)
#define CENTISECOND   (10 * NS_OF_MS)
#define INTERRUPTS_ON (UART_IER_RDI | UART_IER_RLSI | UART_IER_MSI)

void port_enable(struct device *device, uint8_t ier)
{
	struct uart *uart = device_state(device);

	if (uart->ier == ier)
		return;
	uart->ier = ier;
	reg_set(device, IER, ier);
}

uint8_t port_line_status(struct device *device)
{
	struct uart *uart = device_state(device);
	uint8_t lsr = (uint8_t)reg_get(device, LSR);

	if (lsr == 0xff)
		return 0; /* the card is gone */
	uart->lsr_errors |= lsr & UART_LSR_BRK_ERROR_BITS;
	return lsr;
}

/* Forgets what the port has received, and what it would like to tell. */
static void clear_port(struct device *device)
{
	struct uart *uart = device_state(device);

	reg_set(device, FCR, UART_FCR_ENABLE_FIFO);
	reg_set(device, FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT);
	port_line_status(device);
	reg_get(device, RBR);
	reg_get(device, IIR);
	uart->lsr_errors = 0;
}

static void find_fifo(struct device *device)
{
	static const uint8_t levels[] = { 1, 4, 8, 14 };
	struct uart *uart = device_state(device);
	uint8_t i = 3;

	while (i && levels[i] > device_option(device, OPTION_RX_TRIGGER))
		i--;
	reg_set(device, FCR, UART_FCR_ENABLE_FIFO | (unsigned)i << 6);
	uart->fifo = uart->trigger = 1;
	if ((reg_get(device, IIR) & IIR_FIFO) != IIR_FIFO)
		return;
	uart->fifo = (uint8_t)device_option(device, OPTION_FIFO_SIZE);
	uart->trigger = levels[i];
}

void port_down(struct device *device)
{
	struct uart *uart = device_state(device);

	uart->closing = 0;
	uart->exclusive = 0;
	uart->breaking = 0;
	uart->break_end = 0;
	uart->throttled = 0;
	device_timer(device, TIMER_BREAK, 0);
	device_timer(device, TIMER_CLOSE, 0);
	port_enable(device, 0);
	line_set_control(device);
	if (uart->termios.c_cflag & HUPCL)
		uart->mcr &= (uint8_t) ~(UART_MCR_DTR | UART_MCR_RTS);
	modem_set(device, uart->mcr & (uint8_t)~UART_MCR_OUT2);
	input_reset(device);
	output_reset(device);
	clear_port(device);
	reg_set(device, FCR, 0);
}

static void come_up(struct device *device)
{
	struct uart *uart = device_state(device);
	uint8_t mcr = (uart->mcr & UART_MCR_LOOP) | UART_MCR_OUT2;

	input_reset(device);
	if (uart->closing) {
		uart->closing = 0;
		device_timer(device, TIMER_CLOSE, 0);
		return;
	}
	output_reset(device);
	uart->stopped = 0;
	clear_port(device);
	find_fifo(device);
	line_program(device);
	if (uart->termios.c_cflag & CBAUD)
		mcr |= UART_MCR_DTR | UART_MCR_RTS;
	modem_set(device, mcr);
	uart->msr = (uint8_t)reg_get(device, MSR) & 0xf0;
	output_stop(device, STOP_CTS,
		    (uart->termios.c_cflag & CRTSCTS) && !(uart->msr & UART_MSR_CTS));
	port_enable(device, INTERRUPTS_ON);
}

void port_hang_up(struct device *device)
{
	struct uart *uart = device_state(device);

	uart->hangups++;
	uart->open_files = 0;
	port_down(device);
}

bool port_is_dead(struct file *file)
{
	const struct uart *uart = device_state(file_device(file));
	const struct uart_file *state = file_state(file);

	return state->hangups != uart->hangups;
}

/* --- start and stop --------------------------------------------------------------------------- */

static int start_cold(struct device *device)
{
	struct uart *uart = device_state(device);

	for (unsigned value = 0x55; value <= 0xaa; value += 0x55) {
		reg_set(device, SCR, value);
		if (reg_get(device, SCR) == value)
			continue;
		device_set_error(device, "no 16550 in this window: its scratch register does not "
					 "keep what is written");
		return -ENODEV;
	}
	uart->termios = (struct termios2){
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
	uart->close_delay = 50;
	uart->closing_wait = 3000;
	line_set_termios(device, &uart->termios);
	reg_set(device, IER, 0);
	port_down(device);
	return 0;
}

/* The port runs on as it was set up. */
static int start_warm(struct device *device)
{
	struct uart *uart = device_state(device);

	if (uart->settling)
		line_program(device);
	else
		line_set_control(device); /* closes the divisor's latch */
	/* An empty transmitter tells so once, perhaps to the dead: enabled anew, it does again. */
	reg_set(device, IER, 0);
	reg_set(device, IER, uart->ier);
	modem_set(device, uart->mcr);
	return 0;
}

int port_start(struct device *device, enum driver_start how)
{
	return how == START_COLD ? start_cold(device) : start_warm(device);
}

/* --- open and close --------------------------------------------------------------------------- */

int port_open(struct file *file)
{
	struct device *device = file_device(file);
	struct uart *uart = device_state(device);
	struct uart_file *state = file_state(file);

	if (uart->exclusive && caller_uid(file) != 0)
		return -EBUSY;
	state->hangups = uart->hangups;
	if (uart->open_files++ == 0)
		come_up(device);
	return 0;
}

/* What was written last has to leave the port yet, if it can within closing_wait. */
void port_release(struct file *file)
{
	struct device *device = file_device(file);
	struct uart *uart = device_state(device);

	if (port_is_dead(file) || --uart->open_files)
		return;
	uart->exclusive = 0;
	if (uart->closing_wait == ASYNC_CLOSING_WAIT_NONE || output_is_sent(device)) {
		port_down(device);
		return;
	}
	uart->closing = 1;
	uart->close_by = UINT64_MAX;
	if (uart->closing_wait != ASYNC_CLOSING_WAIT_INF)
		uart->close_by = device_now(device) + uart->closing_wait * CENTISECOND;
	device_timer(device, TIMER_CLOSE, device_now(device) + line_fifo_time(uart));
}

static void look_whether_sent(struct device *device)
{
	struct uart *uart = device_state(device);

	if (!uart->closing)
		return;
	if (output_is_sent(device) || device_now(device) >= uart->close_by)
		port_down(device);
	else
		device_timer(device, TIMER_CLOSE, device_now(device) + CLOSE_LOOK);
}

void port_timer(struct device *device, unsigned timer)
{
	struct uart *uart = device_state(device);

	if (timer == TIMER_CLOSE) {
		look_whether_sent(device);
	} else {
		uart->break_end = 0;
		uart->breaking = 0;
		line_set_control(device);
	}
}

unsigned port_poll(struct file *file)
{
	const struct uart *uart = device_state(file_device(file));
	unsigned ready = 0;

	if (port_is_dead(file))
		return READY_IN | READY_OUT | READY_ERR | READY_HUP;
	if (input_is_ready(uart))
		ready |= READY_IN;
	if (tx_used(uart) < TX_WAKE)
		ready |= READY_OUT;
	return ready;
}

/* --- interrupts ------------------------------------------------------------------------------- */

/* A bit for each cause, so that those of a dead process add to it. To read it clears one of them,
 * the empty transmitter: start_warm() has it told again. */
int port_cause(struct device *device, uint64_t *ret_cause)
{
	uint64_t iir = reg_get(device, IIR);

	*ret_cause = iir & UART_IIR_NO_INT ? 0 : UINT64_C(1) << (iir >> 1 & 7);
	return 0;
}

/* Data have no cause of their own: the port names only the most urgent one. A change of the modem's
 * lines is named in the end. */
void port_interrupt(struct device *device, uint64_t causes)
{
	unsigned pass = 0;
	uint8_t lsr;

	do
		lsr = input_drain(device);
	while ((lsr & UART_LSR_THRE) && output_send(device) && ++pass < PASSES);
	if (causes & CAUSE_MODEM)
		modem_update(device);
}
