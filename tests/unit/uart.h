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

/* A card's description, with a window that is large enough for the cables' ends. */
static inline char *uart_description_of(const char *path)
{
	static const char ends[] = "\n[Register wire_in]\nOffset=32\nWidth=16\nAccess=wo\n"
				   "Count=%u\nStride=8\n"
				   "[Register wire_out]\nOffset=34\nWidth=16\nAccess=ro\n"
				   "Count=%u\nStride=8\n"
				   "[Register wire_lines]\nOffset=36\nWidth=16\n"
				   "Count=%u\nStride=8\n";
	char *before = calloc(1, 16384), *text = calloc(1, 16384), *size;
	FILE *file = fopen(path, "r");
	unsigned bytes, n;

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_gt(fread(before, 1, 15000, file), 0);
	fclose(file);
	size = strstr(before, "\nSize=");
	ck_assert_ptr_nonnull(size);
	ck_assert_int_eq(sscanf(size, "\nSize=%u", &bytes), 1);
	n = bytes / 8;
	*size = '\0';
	sprintf(text, "%s\nSize=64%s", before, strchr(size + 1, '\n'));
	sprintf(text + strlen(text), ends, n, n, n);
	free(before);
	return text;
}

static inline char *uart_description(void)
{
	return uart_description_of(UART_DEVICE);
}

static inline struct cuio_test *uart_new(const char *more)
{
	char *text = uart_description();
	struct cuio_test *card = card_new(text, more);

	free(text);
	return card;
}

/* --- the other end ---------------------------------------------------------------------------- */

static inline void uart_comes_to(struct cuio_test *card, unsigned port, const char *text,
				 size_t size)
{
	for (size_t i = 0; i < size; i++)
		card_poke_at(card, "wire_in", port, (uint8_t)text[i]);
}

static inline void uart_comes(struct cuio_test *card, const char *text, size_t size)
{
	uart_comes_to(card, 0, text, size);
}

struct uart_wire {
	char text[65536];
	size_t size, wanted;
	unsigned port;
};

static bool uart_collect(struct cuio_test *card, void *context)
{
	struct uart_wire *wire = context;
	uint64_t c;

	while (wire->size < sizeof(wire->text) &&
	       (c = card_peek_at(card, "wire_out", wire->port)) != WIRE_EMPTY)
		wire->text[wire->size++] = (char)c;
	return wire->size >= wire->wanted;
}

/* What is sent arrives there; returned is all that did, with a 0 behind. */
static inline const char *uart_sent_by(struct cuio_test *card, unsigned port, size_t wanted)
{
	static struct uart_wire wire;

	wire = (struct uart_wire){ .wanted = wanted, .port = port };
	card_until(card, uart_collect, &wire);
	ck_assert_uint_eq(wire.size, wanted);
	return wire.text;
}

static inline const char *uart_sent(struct cuio_test *card, size_t wanted)
{
	return uart_sent_by(card, 0, wanted);
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
