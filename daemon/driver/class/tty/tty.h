/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The class of serial ports: the interface for programs (termios(3), ioctl_tty(2), drivers/tty in
 * the kernel's sources), and the interface to the chip, which follows the kernel's struct uart_ops.
 *
 * A chip's driver consists of a struct tty_ops, a struct cuio_driver made with TTY_DRIVER(), and an
 * interrupt handler that passes on bytes and changes of modem lines. uart16550.c is an example.
 *
 * A card has one or more ports, each with its own node: node 0 is port 0. The ports share only the
 * card's registers and its interrupt.
 *
 * Bytes go through two rings. The class commits each byte: in both directions, a byte in transit
 * during a crash is lost, never duplicated.
 */
#ifndef DRIVER_CLASS_TTY_H
#define DRIVER_CLASS_TTY_H

#include <asm/termios.h>
#include <cuio/driver.h>
#include <linux/serial.h>

#define TTY_PORTS_MAX 4U /* per card */

struct tty;
struct tty_data;
struct tty_ops;

/* A port during a call: references to its state. */
struct tty_port {
	struct cuio_device *device;
	unsigned index; /* 0 for the first */
	struct tty *tty;
	struct tty_data *data;
	const struct tty_ops *ops;
};

/* For the interrupt handler: port `index` of the card, which must be less than tty_ops.ports(). */
struct tty_port tty_port_at(struct cuio_device *device, unsigned index);

/* --- the chip --------------------------------------------------------------------------------- */

/*
 * All are mandatory. After a crash they may be called again, so each must work whatever was set
 * before. Modem lines are TIOCM_* bits.
 */
struct tty_ops {
	uint32_t port_state; /* bytes of a port's state, whose first member is struct tty */
	/* The number of ports. */
	uint32_t (*ports)(const struct cuio_device *device);

	uint32_t divisor_max; /* a speed is baud_base() / divisor, 1 to divisor_max */
	/* The chip's highest speed, in bit/s. May come from an option. */
	uint32_t (*baud_base)(const struct cuio_device *device);

	/* Checks that the chip exists, and disables its interrupts. An error makes the start
	 * fail. */
	int (*probe)(const struct tty_port *port);
	/* After a crash or an upgrade: the chip still runs with its settings, but the predecessor
	 * may have crashed between two accesses, or after it had read a cause. set_mctrl() is
	 * called next. */
	void (*resume)(const struct tty_port *port);
	/* After a sleep of the machine, for a port that is in use: whether the chip has lost its
	 * settings. Then startup(), set_termios(), resume() and set_mctrl() are called. */
	bool (*lost)(const struct tty_port *port);

	/* Called at the first open and after the last close. Both discard received bytes and bytes
	 * to send. startup() sets `type` and `fifo_size` of struct tty; set_termios(), set_mctrl(),
	 * get_mctrl(), enable_ms() and start_rx() are called next. */
	void (*startup)(const struct tty_port *port);
	void (*shutdown)(const struct tty_port *port);

	/* Sets the speed, as a divisor, and the format of a character: bits of c_cflag. */
	void (*set_termios)(const struct tty_port *port, tcflag_t cflag, uint32_t divisor);
	/* Sets the output lines. */
	void (*set_mctrl)(const struct tty_port *port, unsigned lines);
	/* Returns the input lines, and those that changed since the last call, even if they changed
	 * back. TIOCM_RNG changes when the ring ends. */
	unsigned (*get_mctrl)(const struct tty_port *port, unsigned *ret_changed);
	void (*enable_ms)(const struct tty_port *port); /* enables interrupts for line changes */
	void (*break_ctl)(const struct tty_port *port, bool hold);

	/* Enable the interrupt for received bytes, and for an empty transmitter, which must fire at
	 * once if it is empty already. The chip's interrupt handler disables them if tty_has_room()
	 * or tty_has_output() is false. */
	void (*start_rx)(const struct tty_port *port);
	void (*start_tx)(const struct tty_port *port);
	/* Whether everything has left the chip. */
	bool (*tx_empty)(const struct tty_port *port);
};

/* What was received with a byte, or instead of it. */
enum tty_error {
	TTY_OVERRUN = 1, /* earlier bytes are lost */
	TTY_PARITY = 2,
	TTY_FRAME = 4,
	TTY_BREAK = 8, /* there is no byte */
};

bool tty_has_room(const struct tty_port *port); /* for a received byte */
/* Passes on a received byte with its enum tty_error bits. Committed on return. */
void tty_receive(const struct tty_port *port, uint8_t c, unsigned errors);
bool tty_has_output(const struct tty_port *port);
/* Returns the next byte to send; false: there is none. It is committed as sent: the caller must
 * write it to the chip at once. */
bool tty_transmit(const struct tty_port *port, uint8_t *ret_c);
void tty_modem_update(const struct tty_port *port); /* checks for line changes */

/* --- the state -------------------------------------------------------------------------------- */

#define TTY_STATE_VERSION 3U /* raise it when the meaning of struct tty or tty_data changes */

#define RX_SIZE 16384U
#define TX_SIZE 4096U

/* Rings: positions run freely, a byte is at position % size. cuio_device_data() has one per
 * port. */
struct tty_data {
	uint8_t rx[RX_SIZE];
	uint8_t rx_end[RX_SIZE]; /* canonical mode: enum line_end of each byte */
	uint8_t tx[TX_SIZE];
};

/* A port's state. cuio_device_state() has those of all ports, each followed by the chip's own
 * part. */
struct tty {
	/* Set by the chip: */
	uint32_t type;	    /* PORT_... of struct serial_struct */
	uint32_t fifo_size; /* bytes that the transmitter takes at once */
	uint32_t mctrl;	    /* output lines as if not throttled; the chip sets TIOCM_OUT2 */

	/* Set by the class: */
	uint32_t levels; /* input lines when last read */
	struct termios2 termios;
	struct winsize winsize;
	struct serial_icounter_struct icount;

	uint32_t rx_tail, rx_line, rx_head; /* [tail, line) can be read, [line, head) be edited */
	uint32_t tx_tail, tx_head;
	uint32_t column, line_column; /* of the output; and where the edited line begins */

	uint32_t open_files; /* since the last hangup */
	uint32_t hangups;    /* carriers lost: files opened before one are hung up */
	uint32_t closing;    /* no file is open, but output is left */
	uint32_t settling;   /* set_termios() may be incomplete: a successor repeats it */
	uint32_t exclusive;
	uint64_t close_by;  /* output that is left at this time is discarded; ns */
	uint64_t break_end; /* ns; 0: no timed break */

	uint32_t divisor;
	uint32_t serial_flags; /* ASYNC_... of struct serial_struct */
	uint32_t custom_divisor;
	uint32_t close_delay;
	uint32_t closing_wait; /* 1/100 s, or ASYNC_CLOSING_WAIT_... */

	uint8_t stopped;   /* enum stop_reason */
	uint8_t xchar;	   /* sent first, even if output is stopped; 0: none */
	uint8_t throttled; /* the other side was asked to stop */
	uint8_t literal;   /* the next byte is taken literally (VLNEXT) */
};

struct tty_file {
	uint32_t hangups; /* tty.hangups when it was opened */
};

/* --- the driver ------------------------------------------------------------------------------- */

#define TTY_IOCTLS	 40U /* size of the table, checked by the compiler */
#define TTY_TIMERS	 2U  /* per port */
#define TTY_REQUEST_SIZE 64U

extern const struct cuio_driver_ioctl tty_ioctls[TTY_IOCTLS];

int tty_start(struct cuio_device *device, enum cuio_start how);
void tty_stop(struct cuio_device *device);
int tty_open(struct cuio_file *file);
void tty_release(struct cuio_file *file);
ssize_t tty_read(struct cuio_file *file, struct cuio_request *request, void *data, size_t size);
ssize_t tty_write(struct cuio_file *file, struct cuio_request *request, const void *data,
		  size_t size);
unsigned tty_poll(struct cuio_file *file);
void tty_timer(struct cuio_device *device, unsigned timer);

/* The class's members of a chip's struct cuio_driver. The chip adds its name, registers, options
 * and interrupt functions. `state` is the type of a port's state, `version` the version of the
 * chip's part in it. */
#define TTY_DRIVER(ops, state, version)                                                            \
	.contract = CUIO_CONTRACT, .context = &(ops),                                              \
	.state_version = (uint64_t)TTY_STATE_VERSION << 32 | (version),                            \
	.file_state = sizeof(struct tty_file), .request_state = TTY_REQUEST_SIZE,                  \
	.device_state = TTY_PORTS_MAX * sizeof(state),                                             \
	.device_data = TTY_PORTS_MAX * sizeof(struct tty_data),                                    \
	.n_timers = TTY_PORTS_MAX * TTY_TIMERS,                                                    \
	.restartable = CUIO_RESTART_OPEN | CUIO_RESTART_READ | CUIO_RESTART_WRITE,                 \
	.unrestricted = true, .fills_reads = true, .ioctls = tty_ioctls, .n_ioctls = TTY_IOCTLS,   \
	.start = tty_start, .stop = tty_stop, .open = tty_open, .release = tty_release,            \
	.read = tty_read, .write = tty_write, .poll = tty_poll, .timer = tty_timer

#endif
