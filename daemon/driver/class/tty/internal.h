/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of the class; a chip includes tty.h. */
#ifndef DRIVER_CLASS_TTY_INTERNAL_H
#define DRIVER_CLASS_TTY_INTERNAL_H

#include "driver/class/tty/tty.h"

#define NS_OF_MS   UINT64_C(1000000)
#define DECISECOND (100 * NS_OF_MS)

enum tty_timer {
	TIMER_BREAK,
	TIMER_CLOSE
};

/* Reasons for sending nothing. */
enum stop_reason {
	STOP_XOFF = 1,
	STOP_TCOOFF = 2,
	STOP_CTS = 4,
};

/* An ioctl on a file that is not hung up. */
struct tty_call {
	const struct tty_port *port;
	struct cuio_file *file;
	struct cuio_request *request;
	uint32_t number, size;
	void *arg;
};
typedef int tty_ioctl(const struct tty_call *call);

/* card.c: all ports of the card. */
/* Finds the port of the opened node; -ENXIO: the card has fewer ports. */
int port_of_node(struct cuio_file *file, struct tty_port *ret);
void port_set_timer(const struct tty_port *port, enum tty_timer timer, uint64_t when);

/* port.c: the life cycle of a port. */
int port_start_cold(const struct tty_port *port);
void port_start_warm(const struct tty_port *port);  /* the chip keeps its settings */
void port_start_reset(const struct tty_port *port); /* it may have lost them */
void port_shutdown(const struct tty_port *port);
void port_timer(const struct tty_port *port, enum tty_timer timer);
/* The same; -EIO if the file was opened before the carrier was lost. */
int port_of_file(struct cuio_file *file, struct tty_port *ret);
void port_hang_up(const struct tty_port *port);

/* line.c: speed and format. */
void line_program(const struct tty_port *port);
/* Applies new settings, adjusted to what the chip supports. */
void line_set_termios(const struct tty_port *port, const struct termios2 *wanted);
uint64_t line_fifo_time(const struct tty *tty); /* ns to send a full FIFO */

/* input.c: received bytes. */
void input_reset(const struct tty_port *port);
void input_mode_changed(const struct tty_port *port); /* between raw and canonical */
size_t input_available(const struct tty *tty);	      /* as in FIONREAD */
bool input_is_ready(const struct tty *tty);
/* For edit.c: put a byte, and the end of a line, into the ring. */
enum line_end {
	END_NONE,
	END_LINE,
	END_FILE
};
void input_put(const struct tty_port *port, uint8_t c);
void input_put_end(const struct tty_port *port, uint8_t c, enum line_end end);

/* edit.c: processes a received byte. */
void edit_byte(const struct tty_port *port, uint8_t c);
/* Handles INTR and the like. No process gets a signal. */
void edit_signal(const struct tty_port *port, uint8_t c);

/* output.c */
void output_start(const struct tty_port *port); /* call it when output may be possible again */
void output_reset(const struct tty_port *port);
bool output_is_sent(const struct tty_port *port);
/* 0 when everything has left the port; else cuio_not_yet, with a deadline if no interrupt will
 * come. */
int output_drain(const struct tty_port *port, struct cuio_request *request);
void output_stop(const struct tty_port *port, enum stop_reason why, bool stop);
void output_urgent(const struct tty_port *port, uint8_t c);
/* Puts a byte into the ring, processed as OPOST says; false: no room. */
bool output_put(const struct tty_port *port, uint8_t c);

/* modem.c */
void modem_set(const struct tty_port *port, unsigned lines);
void modem_follow_cts(const struct tty_port *port); /* CRTSCTS: CTS stops the output */
void modem_throttle(const struct tty_port *port, bool throttle);
tty_ioctl modem_get, modem_change, modem_wait;

/* termios.c */
tty_ioctl termios_get, termios_get_old, termios_set, termios_get_local, termios_set_local;

/* control.c */
tty_ioctl queue_get_in, queue_get_out, queue_get_line_status, queue_flush, queue_flow;
tty_ioctl break_start, break_end, break_send, break_send_long;
tty_ioctl port_set_exclusive, port_get_exclusive, port_get_counts;
tty_ioctl port_get_window_size, port_set_window_size, port_get_discipline, port_set_discipline;

/* serial.c */
tty_ioctl serial_get, serial_set;
#define SERIAL_COMPAT_SIZE 60 /* bytes of struct serial_struct with 32-bit pointers */

static inline uint32_t rx_used(const struct tty *tty)
{
	return tty->rx_head - tty->rx_tail;
}

static inline uint32_t tx_used(const struct tty *tty)
{
	return tty->tx_head - tty->tx_tail;
}

/* Whether `c` continues a character of several bytes. */
static inline bool continues(const struct tty *tty, uint8_t c)
{
	return (tty->termios.c_iflag & IUTF8) && (c & 0xc0) == 0x80;
}

static inline bool is_up(const struct tty *tty)
{
	return tty->open_files || tty->closing;
}

#endif
