/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A serial port on the simulator, and the other end of its cable (daemon/hardware/sim_uart16550.c).
 */
#ifndef TESTS_UART_H
#define TESTS_UART_H

#include <asm/termios.h>
#include <linux/serial.h>
#include <linux/serial_reg.h>

#include "card.h"

#define UART_DEVICE "daemon/driver/devices/uart16550.device"
#define WIRE_EMPTY  0x100U
#define WIRE_BREAK  0x200U

/* The card's description, with a window that is large enough for the cable's end. */
static inline char *uart_description(void)
{
	static const char wire[] = "\n[Register wire_in]\nOffset=8\nWidth=16\nAccess=wo\n"
				   "[Register wire_out]\nOffset=10\nWidth=16\nAccess=ro\n"
				   "[Register wire_lines]\nOffset=12\nWidth=16\n";
	char *text = calloc(1, 16384), *size;
	FILE *file = fopen(UART_DEVICE, "r");
	size_t n;

	ck_assert_ptr_nonnull(file);
	n = fread(text, 1, 16000, file);
	fclose(file);
	strcpy(text + n, wire);
	size = strstr(text, "Size=8\n");
	ck_assert_ptr_nonnull(size);
	memmove(size + 7, size + 6, strlen(size + 6) + 1);
	memcpy(size + 5, "16", 2);
	return text;
}

static inline struct cuio_test *uart_new(const char *more)
{
	char *text = uart_description();
	struct cuio_test *card = card_new(text, more);

	free(text);
	return card;
}

/* --- the other end ---------------------------------------------------------------------------- */

static inline void uart_comes(struct cuio_test *card, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		card_poke(card, "wire_in", (uint8_t)text[i]);
}

struct uart_wire {
	char text[65536];
	size_t size, wanted;
};

static bool uart_collect(struct cuio_test *card, void *context)
{
	struct uart_wire *wire = context;
	uint64_t c;

	while (wire->size < sizeof(wire->text) && (c = card_peek(card, "wire_out")) != WIRE_EMPTY)
		wire->text[wire->size++] = (char)c;
	return wire->size >= wire->wanted;
}

/* What is sent arrives there; returned is all that did, with a 0 behind. */
static inline const char *uart_sent(struct cuio_test *card, size_t wanted)
{
	static struct uart_wire wire;

	wire = (struct uart_wire){ .wanted = wanted };
	card_until(card, uart_collect, &wire);
	ck_assert_uint_eq(wire.size, wanted);
	return wire.text;
}

/* --- this end --------------------------------------------------------------------------------- */

static inline int uart_in_queue(struct cuio_test *card, ssize_t file)
{
	int n = -1;

	ck_assert_int_eq(card_ioctl(card, file, FIONREAD, &n), 0);
	return n;
}

static bool uart_has_read(struct cuio_test *card, void *context)
{
	struct serial_icounter_struct counts;

	ck_assert_int_eq(card_ioctl(card, 0, TIOCGICOUNT, &counts), 0);
	return counts.rx >= *(int *)context;
}

/* Lets the driver take in bytes until it has seen so many in all. (Its file 0 is open.) */
static inline void uart_take_in(struct cuio_test *card, int count)
{
	ck_assert(card_until(card, uart_has_read, &count));
}

/* Bytes come, 16 at a time, as many as the FIFO holds. */
static inline void uart_receives(struct cuio_test *card, const char *text, size_t size)
{
	struct serial_icounter_struct counts;

	ck_assert_int_eq(card_ioctl(card, 0, TIOCGICOUNT, &counts), 0);
	for (size_t i = 0; i < size; i += 16) {
		size_t n = size - i < 16 ? size - i : 16;

		uart_comes(card, text + i, n);
		counts.rx += (int)n;
		uart_take_in(card, counts.rx);
	}
}

static inline struct termios2 uart_termios(struct cuio_test *card, ssize_t file)
{
	struct termios2 termios;

	ck_assert_int_eq(card_ioctl(card, file, TCGETS2, &termios), 0);
	return termios;
}

static inline void uart_set(struct cuio_test *card, ssize_t file, const struct termios2 *termios)
{
	struct termios2 copy = *termios;

	ck_assert_int_eq(card_ioctl(card, file, TCSETS2, &copy), 0);
}

static inline void uart_raw(struct cuio_test *card, ssize_t file, uint8_t min, uint8_t time)
{
	struct termios2 termios = uart_termios(card, file);

	termios.c_iflag = 0;
	termios.c_oflag = 0;
	termios.c_lflag = 0;
	termios.c_cc[VMIN] = min;
	termios.c_cc[VTIME] = time;
	uart_set(card, file, &termios);
}

static inline void uart_flags(struct cuio_test *card, ssize_t file, tcflag_t iflag, tcflag_t oflag,
			      tcflag_t lflag)
{
	struct termios2 termios = uart_termios(card, file);

	termios.c_iflag = iflag;
	termios.c_oflag = oflag;
	termios.c_lflag = lflag;
	uart_set(card, file, &termios);
}

static inline int uart_lines(struct cuio_test *card, ssize_t file)
{
	int lines = 0;

	ck_assert_int_eq(card_ioctl(card, file, TIOCMGET, &lines), 0);
	return lines;
}

static inline struct serial_icounter_struct uart_counts(struct cuio_test *card, ssize_t file)
{
	struct serial_icounter_struct counts;

	ck_assert_int_eq(card_ioctl(card, file, TIOCGICOUNT, &counts), 0);
	return counts;
}

/* What a read gives at once, as text. */
static inline const char *uart_read(struct cuio_test *card, ssize_t file, size_t size)
{
	static char text[65536];
	ssize_t n = card_read(card, file, text, size);

	if (n < 0)
		return strerror((int)-n);
	text[n] = '\0';
	return text;
}

#endif
