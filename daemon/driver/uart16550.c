// SPDX-License-Identifier: GPL-2.0-or-later
// Serial ports with a 16550A (National Semiconductor's PC16550D datasheet), or with its
// predecessors without FIFO: the chip for class/tty/. A card may have several.
#include "driver/class/tty/tty.h"
#include "driver/table.h"
#include <linux/serial_reg.h>

#define IIR_FIFO    0xc0 /* the FIFO is enabled */
#define IIR_CAUSE   0x0f
#define CAUSE_MODEM 1U	 /* in find_cause()'s bits of a port */
#define CAUSE_BITS  8U	 /* per port in find_cause() */
#define DRAIN_MAX   256U /* bytes per call of receive() */
#define PASSES	    16U	 /* rounds per interrupt, so that others get a turn */
#define DIVISOR_MAX 65535U
#define RX_ON	    (UART_IER_RDI | UART_IER_RLSI)

enum uart_register {
	RBR,
	THR,
	DLL,
	DLM,
	IER,
	IIR,
	FCR,
	LCR,
	MCR,
	LSR,
	MSR,
	SCR
};
enum uart_option {
	OPTION_BAUD_BASE,
	OPTION_FIFO_SIZE,
	OPTION_RX_TRIGGER
};

struct uart {
	struct tty tty;
	uint8_t trigger;    /* received bytes that raise an interrupt */
	uint8_t ier, lcr;   /* current values in the chip */
	uint8_t lsr_errors; /* from LSR, which is cleared by reading; not yet assigned to a byte */
};

static struct uart *uart_of(const struct tty_port *port)
{
	return (void *)port->tty;
}

/* Access a register of this port. */
static uint8_t in(const struct tty_port *port, enum uart_register reg)
{
	return (uint8_t)cuio_element_read(port->device, reg, port->index);
}

static void out(const struct tty_port *port, enum uart_register reg, unsigned value)
{
	cuio_element_write(port->device, reg, port->index, value);
}

static void set_ier(const struct tty_port *port, unsigned off, unsigned on)
{
	struct uart *uart = uart_of(port);
	uint8_t ier = (uint8_t)((uart->ier & ~off) | on);

	if (uart->ier == ier)
		return;
	uart->ier = ier;
	out(port, IER, ier);
}

/* Reading LSR clears its errors: they are kept for the byte that they belong to. */
static uint8_t line_status(const struct tty_port *port)
{
	struct uart *uart = uart_of(port);
	uint8_t lsr = in(port, LSR);

	if (lsr == 0xff)
		return 0; /* the card is gone */
	uart->lsr_errors |= lsr & UART_LSR_BRK_ERROR_BITS;
	return lsr;
}

/* --- start and stop --------------------------------------------------------------------------- */

/* Each register has one element per port. */
static uint32_t ports(const struct cuio_device *device)
{
	uint32_t n = UINT32_MAX;

	for (unsigned reg = RBR; reg <= SCR; reg++)
		n = cuio_reg_count(device, reg) < n ? cuio_reg_count(device, reg) : n;
	return n;
}

static uint32_t baud_base(const struct cuio_device *device)
{
	return (uint32_t)cuio_device_option(device, OPTION_BAUD_BASE);
}

static int probe(const struct tty_port *port)
{
	for (unsigned value = 0x55; value <= 0xaa; value += 0x55) {
		out(port, SCR, value);
		if (in(port, SCR) == value)
			continue;
		cuio_device_set_error(port->device,
				      "no 16550 in this window: its scratch register does not "
				      "keep what is written");
		return -ENODEV;
	}
	out(port, IER, 0);
	return 0;
}

static void resume(const struct tty_port *port)
{
	const struct uart *uart = uart_of(port);

	out(port, LCR, uart->lcr); /* also closes the divisor latch */
	/* The predecessor may have read the cause of an empty transmitter, which clears it.
	 * Enabling it again restores it. */
	out(port, IER, 0);
	out(port, IER, uart->ier);
}

/* The interrupts of a port in use are never all off. */
static bool lost(const struct tty_port *port)
{
	const struct uart *uart = uart_of(port);

	return in(port, IER) != uart->ier || in(port, LCR) != uart->lcr;
}

/* Drops the bytes in the chip and clears its causes. */
static void clear(const struct tty_port *port)
{
	struct uart *uart = uart_of(port);

	out(port, FCR, UART_FCR_ENABLE_FIFO);
	out(port, FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT);
	line_status(port);
	in(port, RBR);
	in(port, IIR);
	uart->lsr_errors = 0;
}

static void find_fifo(const struct tty_port *port)
{
	static const uint8_t levels[] = { 1, 4, 8, 14 };
	struct uart *uart = uart_of(port);
	struct tty *tty = port->tty;
	uint8_t i = 3;
	bool has_fifo;

	while (i && levels[i] > cuio_device_option(port->device, OPTION_RX_TRIGGER))
		i--;
	out(port, FCR, UART_FCR_ENABLE_FIFO | (unsigned)i << 6);
	has_fifo = (in(port, IIR) & IIR_FIFO) == IIR_FIFO;
	uart->trigger = has_fifo ? levels[i] : 1;
	tty->fifo_size =
		has_fifo ? (uint32_t)cuio_device_option(port->device, OPTION_FIFO_SIZE) : 1;
	tty->type = tty->fifo_size > 1 ? PORT_16550A : PORT_16450;
}

/* OUT2 enables the card's interrupt. */
static void startup(const struct tty_port *port)
{
	clear(port);
	find_fifo(port);
	port->tty->mctrl |= TIOCM_OUT2;
}

/* --- format and lines ------------------------------------------------------------------------- */

static void set_termios(const struct tty_port *port, tcflag_t cflag, uint32_t divisor)
{
	struct uart *uart = uart_of(port);
	unsigned lcr = uart->lcr & UART_LCR_SBC;

	lcr |= (cflag & CSIZE) / CS6 & UART_LCR_WLEN8;
	lcr |= cflag & CSTOPB ? UART_LCR_STOP : 0;
	lcr |= cflag & PARENB ? UART_LCR_PARITY : 0;
	lcr |= cflag & PARODD ? 0 : UART_LCR_EPAR;
	lcr |= cflag & CMSPAR ? UART_LCR_SPAR : 0;
	out(port, LCR, lcr | UART_LCR_DLAB);
	out(port, DLL, divisor & 0xff);
	out(port, DLM, divisor >> 8);
	out(port, LCR, lcr);
	uart->lcr = (uint8_t)lcr;
}

static void break_ctl(const struct tty_port *port, bool hold)
{
	struct uart *uart = uart_of(port);

	uart->lcr &= (uint8_t)~UART_LCR_SBC;
	uart->lcr |= hold ? UART_LCR_SBC : 0;
	out(port, LCR, uart->lcr);
}

static const struct {
	uint8_t bit;
	unsigned line;
} outputs[] = {
	{ UART_MCR_DTR, TIOCM_DTR },   { UART_MCR_RTS, TIOCM_RTS },   { UART_MCR_OUT1, TIOCM_OUT1 },
	{ UART_MCR_OUT2, TIOCM_OUT2 }, { UART_MCR_LOOP, TIOCM_LOOP },
}, inputs[] = {
	{ UART_MSR_CTS, TIOCM_CTS },
	{ UART_MSR_DSR, TIOCM_DSR },
	{ UART_MSR_RI, TIOCM_RNG },
	{ UART_MSR_DCD, TIOCM_CAR },
};

static void set_mctrl(const struct tty_port *port, unsigned lines)
{
	unsigned mcr = 0;

	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		mcr |= lines & outputs[i].line ? outputs[i].bit : 0;
	out(port, MCR, mcr);
}

/* The lower half of MSR has the changes of the upper half, in the same order. */
static unsigned get_mctrl(const struct tty_port *port, unsigned *ret_changed)
{
	unsigned msr = in(port, MSR), lines = 0, changed = 0;

	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		lines |= msr & inputs[i].bit ? inputs[i].line : 0;
		changed |= msr & inputs[i].bit >> 4 ? inputs[i].line : 0;
	}
	*ret_changed = changed;
	return lines;
}

static void enable_ms(const struct tty_port *port)
{
	set_ier(port, 0, UART_IER_MSI);
}

static void shutdown(const struct tty_port *port)
{
	set_ier(port, 0xff, 0);
	port->tty->mctrl &= ~(uint32_t)TIOCM_OUT2;
	set_mctrl(port, port->tty->mctrl);
	clear(port);
	out(port, FCR, 0);
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void start_rx(const struct tty_port *port)
{
	set_ier(port, 0, RX_ON);
}

/* If the transmitter is empty, the interrupt fires at once. */
static void start_tx(const struct tty_port *port)
{
	set_ier(port, 0, UART_IER_THRI);
}

static bool tx_empty(const struct tty_port *port)
{
	return line_status(port) & UART_LSR_TEMT;
}

/* The number of bytes that are certainly available without error, so that not every byte needs a
 * read of LSR: IIR says that the trigger level is reached. */
static unsigned certain(const struct tty_port *port, uint8_t lsr)
{
	const struct uart *uart = uart_of(port);

	if (uart->trigger <= 1 || uart->lsr_errors || (lsr & UART_LSR_FIFOE))
		return 1;
	return (in(port, IIR) & IIR_CAUSE) == UART_IIR_RDI ? uart->trigger : 1;
}

static unsigned errors_of(uint8_t lsr)
{
	unsigned errors = 0;

	errors |= lsr & UART_LSR_OE ? TTY_OVERRUN : 0;
	errors |= lsr & UART_LSR_PE ? TTY_PARITY : 0;
	errors |= lsr & UART_LSR_FE ? TTY_FRAME : 0;
	errors |= lsr & UART_LSR_BI ? TTY_BREAK : 0;
	return errors;
}

static void receive_one(const struct tty_port *port)
{
	struct uart *uart = uart_of(port);
	unsigned errors = errors_of(uart->lsr_errors);

	uart->lsr_errors = 0;
	tty_receive(port, in(port, RBR), errors);
}

/* Receives bytes. Returns the last line status. */
static uint8_t receive(const struct tty_port *port)
{
	uint8_t lsr = line_status(port);
	unsigned n = 0;

	while ((lsr & UART_LSR_DR) && n < DRAIN_MAX) {
		for (unsigned left = certain(port, lsr); left; left--, n++) {
			if (!tty_has_room(port)) {
				/* The rest stays in the FIFO until a program reads. */
				set_ier(port, RX_ON, 0);
				return lsr;
			}
			receive_one(port);
		}
		lsr = line_status(port);
	}
	return lsr;
}

/* Fills the empty transmitter. Returns whether there was something to send. */
static bool transmit(const struct tty_port *port)
{
	unsigned n = 0;
	uint8_t c;

	for (; n < port->tty->fifo_size && tty_transmit(port, &c); n++)
		out(port, THR, c);
	if (!tty_has_output(port))
		set_ier(port, UART_IER_THRI, 0);
	return n > 0;
}

/* --- interrupts ------------------------------------------------------------------------------- */

/* One bit per cause and port, so that a cause that a crashed process has saved can be added.
 * Reading IIR clears one cause, the empty transmitter: resume() restores it. */
static int find_cause(struct cuio_device *device, unsigned vector, uint64_t *ret_cause)
{
	unsigned n = ports(device);

	(void)vector;
	*ret_cause = 0;
	for (unsigned i = 0; i < n; i++) {
		uint64_t iir = cuio_element_read(device, IIR, i);

		if (!(iir & UART_IIR_NO_INT))
			*ret_cause |= UINT64_C(1) << (CAUSE_BITS * i + (iir >> 1 & 7));
	}
	return 0;
}

/* Bytes are moved for any cause, because the chip reports only the most urgent one. It reports a
 * change of modem lines last, when there is no other cause. */
static void serve(const struct tty_port *port, uint64_t causes)
{
	unsigned pass = 0;
	uint8_t lsr;

	do
		lsr = receive(port);
	while ((lsr & UART_LSR_THRE) && transmit(port) && ++pass < PASSES);
	if (causes & CAUSE_MODEM)
		tty_modem_update(port);
}

static void interrupt(struct cuio_device *device, unsigned vector, uint64_t causes)
{
	(void)vector;
	/* Causes that were saved may be a forger's. */
	for (unsigned i = 0; causes && (i == 0 || i < ports(device)); i++, causes >>= CAUSE_BITS) {
		const struct tty_port port = tty_port_at(device, i);

		if (causes & ((1U << CAUSE_BITS) - 1))
			serve(&port, causes);
	}
}

/* --- the driver ------------------------------------------------------------------------------- */

static const struct tty_ops ops = {
	.port_state = sizeof(struct uart),
	.ports = ports,
	.divisor_max = DIVISOR_MAX,
	.baud_base = baud_base,
	.probe = probe,
	.resume = resume,
	.lost = lost,
	.startup = startup,
	.shutdown = shutdown,
	.set_termios = set_termios,
	.set_mctrl = set_mctrl,
	.get_mctrl = get_mctrl,
	.enable_ms = enable_ms,
	.break_ctl = break_ctl,
	.start_rx = start_rx,
	.start_tx = start_tx,
	.tx_empty = tx_empty,
};

static const struct cuio_driver_register registers[] = {
	[RBR] = { "rbr", 1, .read = true },
	[THR] = { "thr", 1, .write = true },
	[DLL] = { "dll", 1, .write = true },
	[DLM] = { "dlm", 1, .write = true },
	[IER] = { "ier", 1, .read = true, .write = true },
	[IIR] = { "iir", 1, .read = true },
	[FCR] = { "fcr", 1, .write = true },
	[LCR] = { "lcr", 1, .read = true, .write = true },
	[MCR] = { "mcr", 1, .read = true, .write = true },
	[LSR] = { "lsr", 1, .read = true },
	[MSR] = { "msr", 1, .read = true },
	[SCR] = { "scr", 1, .read = true, .write = true },
};

static const struct cuio_driver_option options[] = {
	[OPTION_BAUD_BASE] = { "BaudBase", 1, 1U << 28, .default_value = 115200 },
	[OPTION_FIFO_SIZE] = { "FifoSize", 1, 255, .default_value = 16 },
	[OPTION_RX_TRIGGER] = { "RxTrigger", 1, 14, .default_value = 8 },
};

const struct cuio_driver uart16550_driver = {
	TTY_DRIVER(ops, struct uart, 1),
	.name = "uart16550",
	.registers = registers,
	.n_registers = sizeof(registers) / sizeof(registers[0]),
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.cause = find_cause,
	.interrupt = interrupt,
};
