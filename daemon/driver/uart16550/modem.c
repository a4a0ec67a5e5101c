// SPDX-License-Identifier: GPL-2.0-or-later
// The modem's lines: ours, the other side's, and waiting for these to change.
#include "driver/uart16550/uart16550.h"

#define OURS (TIOCM_DTR | TIOCM_RTS | TIOCM_OUT1 | TIOCM_LOOP)

static const struct {
	uint32_t line;
	uint8_t bit;
} outputs[] = {
	{ TIOCM_DTR, UART_MCR_DTR },   { TIOCM_RTS, UART_MCR_RTS },   { TIOCM_OUT1, UART_MCR_OUT1 },
	{ TIOCM_OUT2, UART_MCR_OUT2 }, { TIOCM_LOOP, UART_MCR_LOOP },
}, inputs[] = {
	{ TIOCM_CTS, UART_MSR_CTS },
	{ TIOCM_DSR, UART_MSR_DSR },
	{ TIOCM_RI, UART_MSR_RI },
	{ TIOCM_CAR, UART_MSR_DCD },
};

static bool holds_rts(const struct uart *uart)
{
	return uart->throttled && (uart->termios.c_cflag & CRTSCTS);
}

static uint8_t control(const struct uart *uart)
{
	return holds_rts(uart) ? uart->mcr & (uint8_t)~UART_MCR_RTS : uart->mcr;
}

void modem_set(struct device *device, uint8_t mcr)
{
	struct uart *uart = device_state(device);
	bool loops = (uart->mcr | mcr) & UART_MCR_LOOP;

	uart->mcr = mcr;
	reg_set(device, MCR, control(uart));
	/* Lines that end in our own do not always tell. */
	if (loops && is_up(uart))
		modem_update(device);
}

/* Counted by level, too: what reading has cleared and nobody has heard of is seen all the same. */
static uint8_t changed_lines(const struct uart *uart, uint8_t msr)
{
	uint8_t changed = (uint8_t)((uart->msr ^ msr) >> 4);

	if (!(uart->msr & ~msr & UART_MSR_RI))
		changed &= (uint8_t)~UART_MSR_TERI; /* the trailing edge is what counts */
	return changed | (msr & UART_MSR_ANY_DELTA);
}

void modem_update(struct device *device)
{
	struct uart *uart = device_state(device);
	uint8_t msr = (uint8_t)reg_get(device, MSR), changed = changed_lines(uart, msr);
	bool lost = uart->msr & ~msr & UART_MSR_DCD;

	uart->msr = msr & 0xf0;
	uart->icount.cts += (changed & UART_MSR_DCTS) != 0;
	uart->icount.dsr += (changed & UART_MSR_DDSR) != 0;
	uart->icount.rng += (changed & UART_MSR_TERI) != 0;
	uart->icount.dcd += (changed & UART_MSR_DDCD) != 0;
	if (!is_up(uart))
		return;
	if (uart->termios.c_cflag & CRTSCTS)
		output_stop(device, STOP_CTS, !(msr & UART_MSR_CTS));
	if (lost && !(uart->termios.c_cflag & CLOCAL))
		port_hang_up(device);
}

/* Asks the other side to stop sending, or to go on, in the ways that are agreed upon. */
void modem_throttle(struct device *device, bool throttle)
{
	struct uart *uart = device_state(device);

	if (uart->throttled == throttle)
		return;
	uart->throttled = throttle;
	if (uart->termios.c_iflag & IXOFF)
		output_urgent(device, uart->termios.c_cc[throttle ? VSTOP : VSTART]);
	if (uart->termios.c_cflag & CRTSCTS)
		modem_set(device, uart->mcr);
}

int modem_get(const struct uart_call *call)
{
	const struct uart *uart = device_state(call->device);
	uint32_t lines = 0;

	modem_update(call->device);
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		lines |= control(uart) & outputs[i].bit ? outputs[i].line : 0;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		lines |= uart->msr & inputs[i].bit ? inputs[i].line : 0;
	*(uint32_t *)call->arg = lines;
	return 0;
}

/* TIOCMSET, TIOCMBIS, TIOCMBIC. OUT2 lets interrupts through: it is not the caller's. */
int modem_change(const struct uart_call *call)
{
	const struct uart *uart = device_state(call->device);
	uint32_t lines = *(uint32_t *)call->arg & OURS;
	uint8_t bits = 0, mcr = uart->mcr;

	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		bits |= lines & outputs[i].line ? outputs[i].bit : 0;
	if (call->number == TIOCMBIS)
		mcr |= bits;
	else if (call->number == TIOCMBIC)
		mcr &= (uint8_t)~bits;
	else
		mcr = bits | (mcr & UART_MCR_OUT2);
	modem_set(call->device, mcr);
	return 0;
}

struct wait_state {
	uint32_t begun;
	uint32_t counts[4]; /* when it began */
};

/* TIOCMIWAIT */
int modem_wait(const struct uart_call *call)
{
	struct wait_state *state = request_state(call->request);
	const struct uart *uart = device_state(call->device);
	const uint32_t counts[] = { (uint32_t)uart->icount.cts, (uint32_t)uart->icount.dsr,
				    (uint32_t)uart->icount.rng, (uint32_t)uart->icount.dcd };
	uint64_t lines = *(uint64_t *)call->arg;

	for (size_t i = 0; i < 4; i++) {
		if (!state->begun)
			state->counts[i] = counts[i];
		else if ((lines & inputs[i].line) && state->counts[i] != counts[i])
			return 0;
	}
	state->begun = 1;
	return -EAGAIN;
}
