/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of the 16550A driver (National Semiconductor's PC16550D datasheet; the ABI is that of
 * the kernel's serial ports: termios(3), ioctl_tty(2), drivers/tty in the kernel's sources).
 *
 * Bytes go through two rings. What comes in is drained from the port's FIFO by the interrupt, which
 * commits byte by byte: a byte that was in flight when the process crashed is lost, and never
 * doubled, in both directions.
 */
#ifndef DRIVER_UART16550_H
#define DRIVER_UART16550_H

#include <asm/termios.h>
#include <cuio/driver.h>
#include <linux/serial.h>
#include <linux/serial_reg.h>

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
enum uart_timer {
	TIMER_BREAK,
	TIMER_CLOSE,
	N_TIMERS
};

/* Why nothing is sent. */
enum uart_stop {
	STOP_XOFF = 1,
	STOP_TCOOFF = 2,
	STOP_CTS = 4,
};

#define RX_SIZE	 16384U
#define RX_HIGH	 (RX_SIZE / 4 * 3) /* the other side is told to stop here, */
#define RX_LOW	 (RX_SIZE / 4)	   /* and to go on here */
#define EDIT_MAX 4095U		   /* bytes of a line that can be edited */
#define TX_SIZE	 4096U
#define TX_WAKE	 256U /* poll says that there is room below this, as the kernel does */
#define NS_OF_MS UINT64_C(1000000)

/* Rings: positions run freely, a place is position % size. */
struct uart_data {
	uint8_t rx[RX_SIZE];
	uint8_t rx_end[RX_SIZE]; /* canonical mode: enum line_end of each byte */
	uint8_t tx[TX_SIZE];
};

struct uart {
	struct termios2 termios;
	struct winsize winsize;
	struct serial_icounter_struct icount;

	uint32_t rx_tail, rx_line, rx_head; /* tail to line can be read, line to head edited */
	uint32_t tx_tail, tx_head;
	uint32_t column, line_column; /* of the output; and where the edited line begins */

	uint32_t open_files; /* of this life: see hangups */
	uint32_t hangups;    /* carriers lost: files that were open then are dead */
	uint32_t closing;    /* nobody has it open, but not all is sent */
	uint32_t settling;   /* registers are being programmed: a successor has to do it again */
	uint32_t exclusive;
	uint64_t close_by;  /* what is not sent by then never is */
	uint64_t break_end; /* 0: no timed break */

	uint32_t divisor;
	uint32_t serial_flags; /* ASYNC_... of struct serial_struct */
	uint32_t custom_divisor;
	uint32_t close_delay;
	uint32_t closing_wait; /* 1/100 s, or ASYNC_CLOSING_WAIT_... */

	uint8_t fifo;	    /* bytes that the transmitter takes at once */
	uint8_t trigger;    /* bytes received that make an interrupt */
	uint8_t ier, mcr;   /* as they are in the port; mcr as if nothing throttled us */
	uint8_t breaking;   /* the line is held */
	uint8_t lsr_errors; /* seen with LSR, which forgets them, and not yet given to a byte */
	uint8_t msr;	    /* levels last seen */
	uint8_t stopped;    /* enum uart_stop */
	uint8_t xchar;	    /* to be sent before anything else, whatever is stopped; 0: none */
	uint8_t throttled;  /* the other side was told to stop */
	uint8_t literal;    /* the next byte has no meaning (VLNEXT) */
};

struct uart_file {
	uint32_t hangups; /* when it was opened */
};

/* An ioctl of a file that is not dead. */
struct uart_call {
	struct device *device;
	struct file *file;
	struct request *request;
	uint32_t number, size;
	void *arg;
};
typedef int uart_ioctl(const struct uart_call *call);

/* uart16550.c */
extern const struct driver uart16550_driver;

/* port.c: the port as a whole. */
int port_start(struct device *device, enum driver_start how);
void port_down(struct device *device);
int port_open(struct file *file);
void port_release(struct file *file);
unsigned port_poll(struct file *file);
int port_cause(struct device *device, uint64_t *ret_cause);
void port_interrupt(struct device *device, uint64_t causes);
void port_timer(struct device *device, unsigned timer);
bool port_is_dead(struct file *file); /* its carrier was lost */
void port_hang_up(struct device *device);
/* Line status. What reading it clears is kept for the byte that it is about. */
uint8_t port_line_status(struct device *device);
void port_enable(struct device *device, uint8_t ier);

/* line.c: from termios to the port's registers. */
void line_program(struct device *device);
void line_set_control(struct device *device); /* the format, and the break */
/* New settings, made what the port can do. */
void line_set_termios(struct device *device, const struct termios2 *wanted);
uint64_t line_fifo_time(const struct uart *uart); /* ns to send a full FIFO */

/* input.c: what comes in, as it is read. */
uint8_t input_drain(struct device *device); /* what the line status is then */
/* One byte with what the line status says of it. */
void input_byte(struct device *device, uint8_t c, uint8_t errors);
void input_reset(struct device *device);
void input_mode_changed(struct device *device); /* between raw and canonical */
size_t input_available(struct uart *uart);	/* as FIONREAD counts */
bool input_is_ready(const struct uart *uart);
ssize_t input_read(struct file *file, struct request *request, void *data, size_t size);

/* edit.c: what a received byte means. */
void edit_byte(struct device *device, uint8_t c);
void edit_signal(struct device *device, uint8_t c); /* INTR and the like: to nobody */
/* For edit.c: a byte into the ring, and the end of a line. */
enum line_end {
	END_NONE,
	END_LINE,
	END_FILE
};
void input_put(struct device *device, uint8_t c);
void input_put_end(struct device *device, uint8_t c, enum line_end end);

/* output.c */
bool output_send(struct device *device);  /* the transmitter is empty: whether it got something */
void output_start(struct device *device); /* after something changed that may let it go on */
void output_reset(struct device *device);
bool output_is_sent(struct device *device);
/* -EAGAIN, with a time to look again, until everything has left the port. */
int output_drain(struct device *device, struct request *request);
void output_stop(struct device *device, enum uart_stop why, bool stop);
void output_urgent(struct device *device, uint8_t c);
/* With the processing that OPOST asks for; false: no room. */
bool output_put(struct device *device, uint8_t c);
ssize_t output_write(struct file *file, struct request *request, const void *data, size_t size);

/* modem.c */
void modem_set(struct device *device, uint8_t mcr);
void modem_update(struct device *device); /* looks for changes */
void modem_throttle(struct device *device, bool throttle);
uart_ioctl modem_get, modem_change, modem_wait;

/* termios.c */
uart_ioctl termios_get, termios_get_old, termios_set, termios_get_local, termios_set_local;

/* control.c */
uart_ioctl queue_get_in, queue_get_out, queue_get_line_status, queue_flush, queue_flow;
uart_ioctl break_start, break_end, break_send, break_send_long;
uart_ioctl port_set_exclusive, port_get_exclusive, port_get_counts;
uart_ioctl port_get_window_size, port_set_window_size, port_get_discipline, port_set_discipline;

/* serial.c */
uart_ioctl serial_get, serial_set;
#define SERIAL_COMPAT_SIZE 60 /* of struct serial_struct where a pointer has 32 bits */

static inline uint32_t rx_used(const struct uart *uart)
{
	return uart->rx_head - uart->rx_tail;
}

static inline uint32_t tx_used(const struct uart *uart)
{
	return uart->tx_head - uart->tx_tail;
}

static inline bool is_up(const struct uart *uart)
{
	return uart->open_files || uart->closing;
}

#endif
