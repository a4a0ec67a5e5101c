/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The class of serial ports: what programs see of one (termios(3), ioctl_tty(2), drivers/tty in the
 * kernel's sources), and the seam to the chip, which is that of the kernel's struct uart_ops.
 *
 * A chip has a struct tty_ops, a struct cuio_driver made with TTY_DRIVER(), and a handler of its
 * interrupt, which passes bytes and changes of modem lines on: uart16550.c is one.
 *
 * A card has one port or several, each with a node of its own: node 0 is port 0. They share the
 * card's registers and its interrupt, and nothing else.
 *
 * Bytes go through two rings. The class commits byte by byte: one that was in flight when the
 * process died is lost, and never doubled, in both directions.
 */
#ifndef DRIVER_CLASS_TTY_H
#define DRIVER_CLASS_TTY_H

#include <asm/termios.h>
#include <cuio/driver.h>
#include <linux/serial.h>

#define TTY_PORTS_MAX 4U /* of a card */

struct tty;
struct tty_data;
struct tty_ops;

/* A port while a call lasts: where its state is. */
struct tty_port {
	struct cuio_device *device;
	unsigned index; /* 0 for the first */
	struct tty *tty;
	struct tty_data *data;
	const struct tty_ops *ops;
};

/* For the interrupt's handler: the card's port `index`, less than what tty_ops.ports() says. */
struct tty_port tty_port_at(struct cuio_device *device, unsigned index);

/* --- the chip --------------------------------------------------------------------------------- */

/*
 * All are mandatory. After a crash they may be called again, so each does its work whatever was set
 * before. Modem lines are TIOCM_*.
 */
struct tty_ops {
	uint32_t port_state; /* bytes of a port's state, which begins with its struct tty */
	/* How many ports the card has. */
	uint32_t (*ports)(const struct cuio_device *device);

	uint32_t divisor_max; /* a speed is baud_base() / a divisor of 1 to this */
	/* The chip's highest speed. May be an option. */
	uint32_t (*baud_base)(const struct cuio_device *device);

	/* Checks that the chip is there, and disables its interrupts. An error ends the start. */
	int (*probe)(const struct tty_port *port);
	/* After a crash or an upgrade: the chip runs as it was set up, but the process may have
	 * died between two accesses, or with a cause that it had read. set_mctrl() follows it. */
	void (*resume)(const struct tty_port *port);

	/* At the first open, and at the end of the last: both leave nothing received and nothing to
	 * be sent. startup() sets `type` and `fifo_size` of struct tty; set_termios(), set_mctrl(),
	 * get_mctrl(), enable_ms() and start_rx() follow it. */
	void (*startup)(const struct tty_port *port);
	void (*shutdown)(const struct tty_port *port);

	/* The speed, as its divisor, and the format of a character: bits of c_cflag. */
	void (*set_termios)(const struct tty_port *port, tcflag_t cflag, uint32_t divisor);
	/* Our lines. */
	void (*set_mctrl)(const struct tty_port *port, unsigned lines);
	/* The other side's lines, and those that have changed since the last call, even if they
	 * have changed back. TIOCM_RNG has changed when it ends. */
	unsigned (*get_mctrl)(const struct tty_port *port, unsigned *ret_changed);
	void (*enable_ms)(const struct tty_port *port); /* interrupts for changes of lines */
	void (*break_ctl)(const struct tty_port *port, bool hold);

	/* Enable the interrupt for received bytes; for an empty transmitter, also if it is empty
	 * already. The chip's handler disables them, where tty_has_room() and tty_has_output() say
	 * no. */
	void (*start_rx)(const struct tty_port *port);
	void (*start_tx)(const struct tty_port *port);
	/* All has left the chip. */
	bool (*tx_empty)(const struct tty_port *port);
};

/* What came with a byte, or instead of it. */
enum tty_error {
	TTY_OVERRUN = 1, /* others are lost */
	TTY_PARITY = 2,
	TTY_FRAME = 4,
	TTY_BREAK = 8, /* no byte at all */
};

bool tty_has_room(const struct tty_port *port); /* for a received byte */
/* A byte that came, with its enum tty_error. Committed on return. */
void tty_receive(const struct tty_port *port, uint8_t c, unsigned errors);
bool tty_has_output(const struct tty_port *port);
/* The next byte to send; false: there is none. Committed as sent: it is for the chip at once. */
bool tty_transmit(const struct tty_port *port, uint8_t *ret_c);
void tty_modem_update(const struct tty_port *port); /* looks for changes of lines */

/* --- the state -------------------------------------------------------------------------------- */

#define TTY_STATE_VERSION 3U /* raised when struct tty or tty_data mean something else */

#define RX_SIZE 16384U
#define TX_SIZE 4096U

/* Rings: positions run freely, a place is position % size. A port of cuio_device_data() each. */
struct tty_data {
	uint8_t rx[RX_SIZE];
	uint8_t rx_end[RX_SIZE]; /* canonical mode: enum line_end of each byte */
	uint8_t tx[TX_SIZE];
};

/* The state of a port. cuio_device_state() has those of all, each with the chip's own behind it. */
struct tty {
	/* The chip's to write. */
	uint32_t type;	    /* PORT_... of struct serial_struct */
	uint32_t fifo_size; /* bytes that the transmitter takes at once */
	uint32_t mctrl;	    /* our lines, as if nothing throttled us; TIOCM_OUT2 is the chip's */

	/* The class's own. */
	uint32_t levels; /* the other side's lines when last seen */
	struct termios2 termios;
	struct winsize winsize;
	struct serial_icounter_struct icount;

	uint32_t rx_tail, rx_line, rx_head; /* tail to line can be read, line to head edited */
	uint32_t tx_tail, tx_head;
	uint32_t column, line_column; /* of the output; and where the edited line begins */

	uint32_t open_files; /* since the last hangup */
	uint32_t hangups;    /* carriers lost: files opened before are hung up */
	uint32_t closing;    /* no file is open, but not all is sent */
	uint32_t settling;   /* set_termios() has begun: a successor has to do it again */
	uint32_t exclusive;
	uint64_t close_by;  /* what is not sent by then never is */
	uint64_t break_end; /* 0: no timed break */

	uint32_t divisor;
	uint32_t serial_flags; /* ASYNC_... of struct serial_struct */
	uint32_t custom_divisor;
	uint32_t close_delay;
	uint32_t closing_wait; /* 1/100 s, or ASYNC_CLOSING_WAIT_... */

	uint8_t stopped;   /* enum stop_reason */
	uint8_t xchar;	   /* to be sent before anything else, whatever is stopped; 0: none */
	uint8_t throttled; /* the other side was told to stop */
	uint8_t literal;   /* the next byte has no meaning (VLNEXT) */
};

struct tty_file {
	uint32_t hangups; /* when it was opened */
};

/* --- the driver ------------------------------------------------------------------------------- */

#define TTY_IOCTLS	 40U /* in the table, which would not compile with another number */
#define TTY_TIMERS	 2U  /* of a port */
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

/* The class's part of a chip's struct cuio_driver. What is left: its name, its registers and
 * options, and the interrupt. `state` is the type of a port's state, `version` that of what the
 * chip has in it. */
#define TTY_DRIVER(ops, state, version)                                                            \
	.contract = CUIO_CONTRACT, .context = &(ops),                                              \
	.state_version = (uint64_t)TTY_STATE_VERSION << 32 | (version),                            \
	.file_state = sizeof(struct tty_file), .request_state = TTY_REQUEST_SIZE,                  \
	.device_state = TTY_PORTS_MAX * sizeof(state),                                             \
	.device_data = TTY_PORTS_MAX * sizeof(struct tty_data),                                    \
	.n_timers = TTY_PORTS_MAX * TTY_TIMERS,                                                    \
	.restartable = CUIO_RESTART_OPEN | CUIO_RESTART_READ | CUIO_RESTART_WRITE,                 \
	.unrestricted = true, .ioctls = tty_ioctls, .n_ioctls = TTY_IOCTLS, .start = tty_start,    \
	.stop = tty_stop, .open = tty_open, .release = tty_release, .read = tty_read,              \
	.write = tty_write, .poll = tty_poll, .timer = tty_timer

#endif
