/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A 16550A and, behind its eight registers, the other end of its cable: only a description for
 * tests has a window large enough to reach it. Characters take no time. Sent characters wait at the
 * other end; while that is full, the transmitter's FIFO keeps its content.
 */
#include "hardware/sim.h"
#include <linux/serial_reg.h>

#define FIFO	 16U
#define WIRE	 512U
#define IIR_FIFO 0xc0 /* the FIFO is on */

/* Registers of the other end, 16 bits each. */
#define WIRE_IN	   0x08 /* write: a byte to receive, its LSR bits in the upper half */
#define WIRE_OUT   0x0a /* read: the next sent byte, or WIRE_EMPTY */
#define WIRE_LINES 0x0c /* write: the modem's lines as in MSR; read: the port's as in MCR */
#define WIRE_EMPTY 0x100U
#define WIRE_BREAK 0x200U /* in WIRE_LINES: the port sends a break */

struct port {
	uint8_t rx[FIFO], rx_errors[FIFO];
	uint8_t tx[FIFO];
	uint8_t n_rx, n_tx;
	uint8_t ier, fcr, lcr, mcr, msr, scr, dll, dlm;
	uint8_t overrun, thri; /* pending */
	uint16_t n_wire, first_wire;
	uint8_t wire[WIRE];
};

static uint8_t lsr(const struct port *port)
{
	uint8_t value = 0;

	if (port->n_rx)
		value |= UART_LSR_DR | port->rx_errors[0];
	if (port->overrun)
		value |= UART_LSR_OE;
	if (!port->n_tx)
		value |= UART_LSR_THRE | UART_LSR_TEMT;
	return value;
}

/* The pending cause of highest priority, as in IIR. */
static uint8_t iir(const struct port *port)
{
	static const uint8_t levels[] = { 1, 4, 8, 14 };

	if ((port->ier & UART_IER_RLSI) && (lsr(port) & UART_LSR_BRK_ERROR_BITS))
		return UART_IIR_RLSI;
	if ((port->ier & UART_IER_RDI) && port->n_rx)
		return port->n_rx >= levels[port->fcr >> 6] ? UART_IIR_RDI : UART_IIR_RX_TIMEOUT;
	if ((port->ier & UART_IER_THRI) && port->thri)
		return UART_IIR_THRI;
	if ((port->ier & UART_IER_MSI) && (port->msr & UART_MSR_ANY_DELTA))
		return UART_IIR_MSI;
	return UART_IIR_NO_INT;
}

static void receive(struct port *port, uint8_t c, uint8_t errors)
{
	if (port->n_rx == FIFO) {
		port->overrun = 1;
		return;
	}
	port->rx_errors[port->n_rx] = errors & UART_LSR_BRK_ERROR_BITS;
	port->rx[port->n_rx++] = c;
}

static uint8_t take(struct port *port)
{
	uint8_t c = port->rx[0];

	if (!port->n_rx)
		return 0;
	port->n_rx--;
	for (unsigned i = 0; i < port->n_rx; i++) {
		port->rx[i] = port->rx[i + 1];
		port->rx_errors[i] = port->rx_errors[i + 1];
	}
	return c;
}

static void put_on_wire(struct port *port, uint8_t c)
{
	if (port->mcr & UART_MCR_LOOP)
		receive(port, c, 0);
	else
		port->wire[(port->first_wire + port->n_wire++) % WIRE] = c;
}

static void transmit(struct port *port)
{
	unsigned n = 0;

	if (!port->n_tx)
		return;
	while (n < port->n_tx && ((port->mcr & UART_MCR_LOOP) || port->n_wire < WIRE))
		put_on_wire(port, port->tx[n++]);
	port->n_tx -= (uint8_t)n;
	for (unsigned i = 0; i < port->n_tx; i++)
		port->tx[i] = port->tx[i + n];
	port->thri = !port->n_tx;
}

static void change_lines(struct port *port, uint8_t lines)
{
	uint8_t changed = (port->msr ^ lines) & 0xf0;

	port->msr |= (uint8_t)(changed >> 4) & (uint8_t)~UART_MSR_TERI;
	if (changed & port->msr & UART_MSR_RI)
		port->msr |= UART_MSR_TERI;
	port->msr = (uint8_t)((port->msr & 0x0f) | lines);
}

static uint8_t looped_lines(uint8_t mcr)
{
	uint8_t lines = 0;

	lines |= mcr & UART_MCR_RTS ? UART_MSR_CTS : 0;
	lines |= mcr & UART_MCR_DTR ? UART_MSR_DSR : 0;
	lines |= mcr & UART_MCR_OUT1 ? UART_MSR_RI : 0;
	lines |= mcr & UART_MCR_OUT2 ? UART_MSR_DCD : 0;
	return lines;
}

static void set_mcr(struct port *port, uint8_t mcr)
{
	port->mcr = mcr & 0x1f;
	if (mcr & UART_MCR_LOOP)
		change_lines(port, looped_lines(mcr));
}

static void set_fcr(struct port *port, uint8_t fcr)
{
	port->fcr = fcr & (uint8_t) ~(UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT);
	if (fcr & UART_FCR_CLEAR_RCVR)
		port->n_rx = 0;
	if (fcr & UART_FCR_CLEAR_XMIT)
		port->n_tx = 0;
}

static void send(struct port *port, uint8_t c)
{
	port->thri = 0;
	if (port->n_tx < FIFO)
		port->tx[port->n_tx++] = c;
	transmit(port);
}

static uint8_t read_lsr(struct port *port)
{
	uint8_t value = lsr(port);

	port->overrun = 0;
	if (port->n_rx)
		port->rx_errors[0] = 0;
	return value;
}

static uint8_t read_iir(struct port *port)
{
	uint8_t value = iir(port);

	if (value == UART_IIR_THRI)
		port->thri = 0;
	return value | (port->fcr & UART_FCR_ENABLE_FIFO ? IIR_FIFO : 0);
}

static uint8_t read_msr(struct port *port)
{
	uint8_t value = port->msr;

	port->msr &= 0xf0;
	return value;
}

static uint64_t read_wire(struct port *port)
{
	uint8_t c;

	if (!port->n_wire)
		return WIRE_EMPTY;
	c = port->wire[port->first_wire];
	port->first_wire = (port->first_wire + 1) % WIRE;
	port->n_wire--;
	transmit(port);
	return c;
}

static uint64_t uart_read(void *state, uint64_t now, uint64_t offset, unsigned width)
{
	struct port *port = state;
	bool latch = port->lcr & UART_LCR_DLAB;

	(void)now, (void)width;
	switch (offset) {
	case UART_RX:
		return latch ? port->dll : take(port);
	case UART_IER:
		return latch ? port->dlm : port->ier;
	case UART_IIR:
		return read_iir(port);
	case UART_LCR:
		return port->lcr;
	case UART_MCR:
		return port->mcr;
	case UART_LSR:
		return read_lsr(port);
	case UART_MSR:
		return read_msr(port);
	case UART_SCR:
		return port->scr;
	case WIRE_OUT:
		return read_wire(port);
	case WIRE_LINES:
		return port->mcr | (port->lcr & UART_LCR_SBC ? WIRE_BREAK : 0);
	default:
		return 0;
	}
}

static void write_first(struct port *port, uint64_t offset, uint8_t value)
{
	bool latch = port->lcr & UART_LCR_DLAB;

	if (offset == UART_TX && latch) {
		port->dll = value;
	} else if (offset == UART_TX) {
		send(port, value);
	} else if (latch) {
		port->dlm = value;
	} else {
		/* Enabling THRI raises it if the transmitter is empty. */
		if ((value & ~port->ier & UART_IER_THRI) && !port->n_tx)
			port->thri = 1;
		port->ier = value & 0x0f;
	}
}

static void uart_write(void *state, uint64_t now, uint64_t offset, unsigned width, uint64_t value)
{
	struct port *port = state;
	uint8_t byte = (uint8_t)value;

	(void)now, (void)width;
	switch (offset) {
	case UART_TX:
	case UART_IER:
		write_first(port, offset, byte);
		break;
	case UART_FCR:
		set_fcr(port, byte);
		break;
	case UART_LCR:
		port->lcr = byte;
		break;
	case UART_MCR:
		set_mcr(port, byte);
		break;
	case UART_SCR:
		port->scr = byte;
		break;
	case WIRE_IN:
		receive(port, byte, (uint8_t)(value >> 8));
		break;
	case WIRE_LINES:
		if (!(port->mcr & UART_MCR_LOOP))
			change_lines(port, byte & 0xf0);
		break;
	default:
		break;
	}
}

static bool uart_asserted(void *state, uint64_t now)
{
	const struct port *port = state;

	(void)now;
	return (port->mcr & UART_MCR_OUT2) && iir(port) != UART_IIR_NO_INT;
}

static uint64_t uart_deadline(const void *state)
{
	(void)state;
	return 0;
}

/* The modem lines are asserted, as in QEMU. */
static void uart_reset(void *state)
{
	struct port *port = state;

	port->msr = UART_MSR_DCD | UART_MSR_DSR | UART_MSR_CTS;
}

const struct sim_model sim_uart16550 = {
	.name = "uart16550",
	.bar = 0,
	.state_size = sizeof(struct port),
	.reset = uart_reset,
	.read = uart_read,
	.write = uart_write,
	.asserted = uart_asserted,
	.deadline = uart_deadline,
};
