// SPDX-License-Identifier: GPL-2.0-or-later
// A serial port with a 16550A (National Semiconductor's PC16550D datasheet), or with its
// predecessors that have no FIFO: the chip, as class/tty/ wants it.
#include "driver/class/tty/tty.h"
#include "driver/table.h"
#include <linux/serial_reg.h>

#define IIR_FIFO    0xc0 /* the FIFO is on */
#define IIR_CAUSE   0x0f
#define CAUSE_MODEM 1U	 /* of find_cause() */
#define DRAIN_MAX   256U /* bytes received, */
#define PASSES	    16U	 /* and rounds of both, before others have their turn */
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
	uint8_t trigger;    /* bytes received that make an interrupt */
	uint8_t ier, lcr;   /* as they are in the chip */
	uint8_t lsr_errors; /* seen with LSR, which forgets them, and not yet given to a byte */
};

static void set_ier(struct cuio_device *device, unsigned off, unsigned on)
{
	struct uart *uart = cuio_device_state(device);
	uint8_t ier = (uint8_t)((uart->ier & ~off) | on);

	if (uart->ier == ier)
		return;
	uart->ier = ier;
	cuio_reg_write(device, IER, ier);
}

/* What reading it clears is kept for the byte that it is about. */
static uint8_t line_status(struct cuio_device *device)
{
	struct uart *uart = cuio_device_state(device);
	uint8_t lsr = (uint8_t)cuio_reg_read(device, LSR);

	if (lsr == 0xff)
		return 0; /* the card is gone */
	uart->lsr_errors |= lsr & UART_LSR_BRK_ERROR_BITS;
	return lsr;
}

/* --- start and stop --------------------------------------------------------------------------- */

static uint32_t baud_base(const struct cuio_device *device)
{
	return (uint32_t)cuio_device_option(device, OPTION_BAUD_BASE);
}

static int probe(struct cuio_device *device)
{
	for (unsigned value = 0x55; value <= 0xaa; value += 0x55) {
		cuio_reg_write(device, SCR, value);
		if (cuio_reg_read(device, SCR) == value)
			continue;
		cuio_device_set_error(device,
				      "no 16550 in this window: its scratch register does not "
				      "keep what is written");
		return -ENODEV;
	}
	cuio_reg_write(device, IER, 0);
	return 0;
}

static void resume(struct cuio_device *device)
{
	const struct uart *uart = cuio_device_state(device);

	cuio_reg_write(device, LCR, uart->lcr); /* closes the divisor's latch */
	/* The process that died may have read the cause of an empty transmitter, which clears it.
	 * Enabled anew, it comes again. */
	cuio_reg_write(device, IER, 0);
	cuio_reg_write(device, IER, uart->ier);
}

/* Drops the bytes in the chip, and clears its causes. */
static void clear(struct cuio_device *device)
{
	struct uart *uart = cuio_device_state(device);

	cuio_reg_write(device, FCR, UART_FCR_ENABLE_FIFO);
	cuio_reg_write(device, FCR,
		       UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT);
	line_status(device);
	cuio_reg_read(device, RBR);
	cuio_reg_read(device, IIR);
	uart->lsr_errors = 0;
}

static void find_fifo(struct cuio_device *device)
{
	static const uint8_t levels[] = { 1, 4, 8, 14 };
	struct uart *uart = cuio_device_state(device);
	struct tty *tty = &uart->tty;
	uint8_t i = 3;
	bool has_fifo;

	while (i && levels[i] > cuio_device_option(device, OPTION_RX_TRIGGER))
		i--;
	cuio_reg_write(device, FCR, UART_FCR_ENABLE_FIFO | (unsigned)i << 6);
	has_fifo = (cuio_reg_read(device, IIR) & IIR_FIFO) == IIR_FIFO;
	uart->trigger = has_fifo ? levels[i] : 1;
	tty->fifo_size = has_fifo ? (uint32_t)cuio_device_option(device, OPTION_FIFO_SIZE) : 1;
	tty->type = tty->fifo_size > 1 ? PORT_16550A : PORT_16450;
}

/* OUT2 lets interrupts through. */
static void startup(struct cuio_device *device)
{
	struct uart *uart = cuio_device_state(device);

	clear(device);
	find_fifo(device);
	uart->tty.mctrl |= TIOCM_OUT2;
}

/* --- format and lines ------------------------------------------------------------------------- */

static void set_termios(struct cuio_device *device, tcflag_t cflag, uint32_t divisor)
{
	struct uart *uart = cuio_device_state(device);
	unsigned lcr = uart->lcr & UART_LCR_SBC;

	lcr |= (cflag & CSIZE) / CS6 & UART_LCR_WLEN8;
	lcr |= cflag & CSTOPB ? UART_LCR_STOP : 0;
	lcr |= cflag & PARENB ? UART_LCR_PARITY : 0;
	lcr |= cflag & PARODD ? 0 : UART_LCR_EPAR;
	lcr |= cflag & CMSPAR ? UART_LCR_SPAR : 0;
	cuio_reg_write(device, LCR, lcr | UART_LCR_DLAB);
	cuio_reg_write(device, DLL, divisor & 0xff);
	cuio_reg_write(device, DLM, divisor >> 8);
	cuio_reg_write(device, LCR, lcr);
	uart->lcr = (uint8_t)lcr;
}

static void break_ctl(struct cuio_device *device, bool hold)
{
	struct uart *uart = cuio_device_state(device);

	uart->lcr &= (uint8_t)~UART_LCR_SBC;
	uart->lcr |= hold ? UART_LCR_SBC : 0;
	cuio_reg_write(device, LCR, uart->lcr);
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

static void set_mctrl(struct cuio_device *device, unsigned lines)
{
	unsigned mcr = 0;

	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		mcr |= lines & outputs[i].line ? outputs[i].bit : 0;
	cuio_reg_write(device, MCR, mcr);
}

/* The lower half of MSR says which of the upper have changed, in the same order. */
static unsigned get_mctrl(struct cuio_device *device, unsigned *ret_changed)
{
	unsigned msr = (unsigned)cuio_reg_read(device, MSR), lines = 0, changed = 0;

	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		lines |= msr & inputs[i].bit ? inputs[i].line : 0;
		changed |= msr & inputs[i].bit >> 4 ? inputs[i].line : 0;
	}
	*ret_changed = changed;
	return lines;
}

static void enable_ms(struct cuio_device *device)
{
	set_ier(device, 0, UART_IER_MSI);
}

static void shutdown(struct cuio_device *device)
{
	struct uart *uart = cuio_device_state(device);

	set_ier(device, 0xff, 0);
	uart->tty.mctrl &= ~(uint32_t)TIOCM_OUT2;
	set_mctrl(device, uart->tty.mctrl);
	clear(device);
	cuio_reg_write(device, FCR, 0);
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void start_rx(struct cuio_device *device)
{
	set_ier(device, 0, RX_ON);
}

/* If the transmitter is empty, the interrupt comes at once. */
static void start_tx(struct cuio_device *device)
{
	set_ier(device, 0, UART_IER_THRI);
}

static bool tx_empty(struct cuio_device *device)
{
	return line_status(device) & UART_LSR_TEMT;
}

/* How many bytes are there for certain and without an error, so that not each needs a look at the
 * line status: the chip itself says that its trigger level is reached. */
static unsigned certain(struct cuio_device *device, uint8_t lsr)
{
	const struct uart *uart = cuio_device_state(device);

	if (uart->trigger <= 1 || uart->lsr_errors || (lsr & UART_LSR_FIFOE))
		return 1;
	return (cuio_reg_read(device, IIR) & IIR_CAUSE) == UART_IIR_RDI ? uart->trigger : 1;
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

static void receive_one(struct cuio_device *device)
{
	struct uart *uart = cuio_device_state(device);
	unsigned errors = errors_of(uart->lsr_errors);

	uart->lsr_errors = 0;
	tty_receive(device, (uint8_t)cuio_reg_read(device, RBR), errors);
}

/* What the line status is then. */
static uint8_t receive(struct cuio_device *device)
{
	uint8_t lsr = line_status(device);
	unsigned n = 0;

	while ((lsr & UART_LSR_DR) && n < DRAIN_MAX) {
		for (unsigned left = certain(device, lsr); left; left--, n++) {
			if (!tty_has_room(device)) {
				/* The rest stays in the FIFO until a program reads. */
				set_ier(device, RX_ON, 0);
				return lsr;
			}
			receive_one(device);
		}
		lsr = line_status(device);
	}
	return lsr;
}

/* The transmitter is empty: whether it got something. */
static bool transmit(struct cuio_device *device)
{
	const struct uart *uart = cuio_device_state(device);
	unsigned n = 0;
	uint8_t c;

	for (; n < uart->tty.fifo_size && tty_transmit(device, &c); n++)
		cuio_reg_write(device, THR, c);
	if (!tty_has_output(device))
		set_ier(device, UART_IER_THRI, 0);
	return n > 0;
}

/* --- interrupts ------------------------------------------------------------------------------- */

/* A bit for each cause, so that one that a died process has saved adds to it. Reading clears one of
 * them, the empty transmitter: resume() enables it anew. */
static int find_cause(struct cuio_device *device, unsigned vector, uint64_t *ret_cause)
{
	uint64_t iir = cuio_reg_read(device, IIR);

	(void)vector;
	*ret_cause = iir & UART_IIR_NO_INT ? 0 : UINT64_C(1) << (iir >> 1 & 7);
	return 0;
}

/* Bytes are moved whatever the cause, as the chip names only the most urgent one. A change of modem
 * lines comes last, and is named when all else is done. */
static void interrupt(struct cuio_device *device, unsigned vector, uint64_t causes)
{
	unsigned pass = 0;
	uint8_t lsr;

	(void)vector;
	do
		lsr = receive(device);
	while ((lsr & UART_LSR_THRE) && transmit(device) && ++pass < PASSES);
	if (causes & CAUSE_MODEM)
		tty_modem_update(device);
}

/* --- the driver ------------------------------------------------------------------------------- */

static const struct tty_ops ops = {
	.divisor_max = DIVISOR_MAX,
	.baud_base = baud_base,
	.probe = probe,
	.resume = resume,
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
	TTY_DRIVER(ops, 1),
	.name = "uart16550",
	.device_state = sizeof(struct uart),
	.registers = registers,
	.n_registers = sizeof(registers) / sizeof(registers[0]),
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.cause = find_cause,
	.interrupt = interrupt,
};
