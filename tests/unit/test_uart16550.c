// SPDX-License-Identifier: GPL-2.0-or-later
// The 16550A's driver on the simulator: bytes in and out, and what the settings make of them.
#include "suite.h"
#include "uart.h"

#define RECEIVES(text) uart_receives(card, text, sizeof(text) - 1)
#define COMES(text)    uart_comes(card, text, sizeof(text) - 1)
#define SENDS(text)    ck_assert_str_eq(uart_sent(card, sizeof(text) - 1), text)

static struct cuio_test *card;
static ssize_t file;

static void setup(void)
{
	card = uart_new(NULL);
	file = card_open(card, O_RDWR);
	ck_assert_int_eq(file, 0);
}

static void setup_raw(void)
{
	setup();
	uart_raw(card, file, 1, 0);
}

static void teardown(void)
{
	card_free(card);
}

/* --- raw -------------------------------------------------------------------------------------- */

START_TEST(bytes_go_out_and_come_in)
{
	char bytes[256];

	for (unsigned i = 0; i < 256; i++)
		bytes[i] = (char)i;
	ck_assert_int_eq(card_write(card, file, bytes, 256), 256);
	ck_assert_mem_eq(uart_sent(card, 256), bytes, 256);
	uart_receives(card, bytes, 256);
	ck_assert_int_eq(uart_in_queue(card, file), 256);
	ck_assert_mem_eq(uart_read(card, file, 300), bytes, 256);
	ck_assert_int_eq(uart_counts(card, file).rx, 256);
	ck_assert_int_eq(uart_counts(card, file).tx, 256);
	ck_assert_int_eq(card_read(card, file, bytes, 1), -EAGAIN);
}
END_TEST

START_TEST(a_full_ring_takes_what_fits)
{
	static char bytes[8192];
	int queued = 0;

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	ck_assert_uint_eq(card_poll(card, file), CUIO_READY_OUT);
	ck_assert_int_eq(card_write(card, file, bytes, sizeof(bytes)), 4096);
	ck_assert_int_eq(card_write(card, file, bytes, 1), -EAGAIN);
	ck_assert_int_eq(card_ioctl(card, file, TIOCOUTQ, &queued), 0);
	ck_assert_int_eq(queued, 4096);
	ck_assert_uint_eq(card_poll(card, file), 0);
	ck_assert_mem_eq(uart_sent(card, 4096), bytes, 4096);
	ck_assert_uint_eq(card_poll(card, file), CUIO_READY_OUT);
}
END_TEST

/* Nobody reads: the port's FIFO fills, and loses what comes then, which is counted. */
START_TEST(overruns_are_counted)
{
	static char bytes[20000], got[20000];
	ssize_t n;

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i % 251);
	uart_receives(card, bytes, 16368);
	uart_comes(card, bytes + 16368, 100);
	uart_take_in(card, 16382);
	n = card_read(card, file, got, sizeof(got));
	ck_assert_int_eq(n, 16382);
	uart_take_in(card, 16384);
	n += card_read(card, file, got + n, 100);
	ck_assert_int_eq(n, 16384);
	ck_assert_mem_eq(got, bytes, (size_t)n);
	ck_assert_int_ge(uart_counts(card, file).overrun, 1);
}
END_TEST

START_TEST(vmin_without_vtime)
{
	char data[16];

	uart_raw(card, file, 4, 0);
	RECEIVES("abc");
	ck_assert_uint_eq(card_poll(card, file), CUIO_READY_OUT);
	/* Who does not want to wait gets what there is, who wants less does not wait. */
	ck_assert_str_eq(uart_read(card, file, 10), "abc");
	RECEIVES("de");
	ck_assert_str_eq(uart_read(card, file, 2), "de");
	RECEIVES("fghi");
	ck_assert_uint_eq(card_poll(card, file), CUIO_READY_OUT | CUIO_READY_IN);
	ck_assert_int_eq(card_read_waiting(card, file, data, 16), 4);
}
END_TEST

START_TEST(neither_vmin_nor_vtime)
{
	uart_raw(card, file, 0, 0);
	ck_assert_str_eq(uart_read(card, file, 10), "");
	RECEIVES("ab");
	ck_assert_str_eq(uart_read(card, file, 10), "ab");
}
END_TEST

START_TEST(vtime_without_vmin)
{
	char data[16];
	uint64_t before = alarm_now();

	uart_raw(card, file, 0, 1);
	ck_assert_int_eq(card_read_waiting(card, file, data, 16), 0);
	ck_assert_uint_ge(alarm_now() - before, UINT64_C(100000000));
	ck_assert_str_eq(uart_read(card, file, 1), strerror(EAGAIN));
	COMES("x");
	uart_raw(card, file, 0, 200);
	ck_assert_int_eq(card_read_waiting(card, file, data, 16), 1);
}
END_TEST

START_TEST(vtime_between_bytes)
{
	char data[16];
	uint64_t before;

	uart_raw(card, file, 5, 1);
	COMES("abc");
	before = alarm_now();
	ck_assert_int_eq(card_read_waiting(card, file, data, 16), 3);
	ck_assert_uint_ge(alarm_now() - before, UINT64_C(100000000));
	uart_raw(card, file, 3, 250);
	COMES("abc");
	ck_assert_int_eq(card_read_waiting(card, file, data, 16), 3);
}
END_TEST

START_TEST(input_is_mapped)
{
	uart_flags(card, file, ICRNL, 0, 0);
	RECEIVES("a\rb\n");
	ck_assert_str_eq(uart_read(card, file, 10), "a\nb\n");
	uart_flags(card, file, INLCR, 0, 0);
	RECEIVES("a\rb\n");
	ck_assert_str_eq(uart_read(card, file, 10), "a\rb\r");
	uart_flags(card, file, IGNCR | ISTRIP, 0, 0);
	RECEIVES("\xe1\rb\n");
	ck_assert_str_eq(uart_read(card, file, 10), "ab\n");
	uart_flags(card, file, IUCLC, 0, IEXTEN);
	RECEIVES("AbC");
	ck_assert_str_eq(uart_read(card, file, 10), "abc");
}
END_TEST

static void check_output(tcflag_t oflag, const char *text, const char *wanted)
{
	uart_flags(card, file, 0, oflag, 0);
	ck_assert_int_eq(card_write(card, file, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_str_eq(uart_sent(card, strlen(wanted)), wanted);
}

START_TEST(output_is_processed)
{
	check_output(ONLCR, "a\n", "a\n");
	check_output(OPOST, "a\n", "a\n");
	check_output(OPOST | ONLCR, "a\nb\n", "a\r\nb\r\n");
	check_output(OPOST | OCRNL, "a\r", "a\n");
	check_output(OPOST | OLCUC, "aBc\r", "ABC\r");
	check_output(OPOST | ONOCR, "\rab\r\r", "ab\r");
	check_output(OPOST | XTABS, "ab\tc\r\tx\b\b\tx\r", "ab      c\r        x\b\b x\r");
	check_output(OPOST | TAB0, "ab\tc\r", "ab\tc\r");
}
END_TEST

START_TEST(errors_are_marked)
{
	static const char marked[] = "\xff\0p\xff\0f\xff\xff\xff\0\0";
	static char text[16];

	card_poke(card, "wire_in", 'p' | UART_LSR_PE << 8);
	uart_take_in(card, 1);
	ck_assert_str_eq(uart_read(card, file, 10), "p");
	uart_flags(card, file, INPCK | PARMRK, 0, 0);
	card_poke(card, "wire_in", 'p' | UART_LSR_PE << 8);
	card_poke(card, "wire_in", 'f' | UART_LSR_FE << 8);
	card_poke(card, "wire_in", 0xff);
	card_poke(card, "wire_in", (UART_LSR_BI | UART_LSR_FE) << 8);
	uart_take_in(card, 5);
	ck_assert_int_eq(card_read(card, file, text, sizeof(text)), 11);
	ck_assert_mem_eq(text, marked, 11);
	uart_flags(card, file, INPCK | IGNPAR | IGNBRK, 0, 0);
	card_poke(card, "wire_in", 'p' | UART_LSR_PE << 8);
	card_poke(card, "wire_in", UART_LSR_BI << 8);
	RECEIVES("x");
	ck_assert_str_eq(uart_read(card, file, 10), "x");
	ck_assert_int_eq(uart_counts(card, file).parity, 3);
	ck_assert_int_eq(uart_counts(card, file).frame, 1);
	ck_assert_int_eq(uart_counts(card, file).brk, 2);
}
END_TEST

START_TEST(queues_are_flushed)
{
	static char bytes[2000];
	int queued;

	ck_assert_int_eq(card_write(card, file, bytes, 2000), 2000);
	RECEIVES("abc");
	ck_assert_int_eq(card_ioctl(card, file, TCFLSH, (void *)TCIFLUSH), 0);
	ck_assert_int_eq(uart_in_queue(card, file), 0);
	ck_assert_int_eq(card_ioctl(card, file, TCFLSH, (void *)TCOFLUSH), 0);
	ck_assert_int_eq(card_ioctl(card, file, TIOCOUTQ, &queued), 0);
	ck_assert_int_eq(queued, 0);
	ck_assert_int_eq(card_ioctl(card, file, TCFLSH, (void *)3), -EINVAL);
}
END_TEST

/* --- lines ------------------------------------------------------------------------------------ */

START_TEST(a_line_is_read_when_it_ends)
{
	RECEIVES("on");
	ck_assert_uint_eq(card_poll(card, file), CUIO_READY_OUT);
	ck_assert_str_eq(uart_read(card, file, 10), strerror(EAGAIN));
	ck_assert_int_eq(uart_in_queue(card, file), 0);
	RECEIVES("e\rtwo\n");
	ck_assert_uint_eq(card_poll(card, file), CUIO_READY_OUT | CUIO_READY_IN);
	ck_assert_int_eq(uart_in_queue(card, file), 8);
	ck_assert_str_eq(uart_read(card, file, 2), "on");
	ck_assert_str_eq(uart_read(card, file, 10), "e\n");
	ck_assert_str_eq(uart_read(card, file, 10), "two\n");
	SENDS("one\r\ntwo\r\n");
}
END_TEST

START_TEST(a_line_is_edited)
{
	RECEIVES("abx\177c\n");
	ck_assert_str_eq(uart_read(card, file, 10), "abc\n");
	SENDS("abx\b \bc\r\n");
	RECEIVES("one two  \27x\n");
	ck_assert_str_eq(uart_read(card, file, 20), "one x\n");
	SENDS("one two  \b \b\b \b\b \b\b \b\b \bx\r\n");
	RECEIVES("no\25yes\n");
	ck_assert_str_eq(uart_read(card, file, 20), "yes\n");
	SENDS("no\b \b\b \byes\r\n");
	RECEIVES("\26\177\26\25\177\n");
	ck_assert_str_eq(uart_read(card, file, 20), "\177\n");
	SENDS("^\b^?^\b^U\b \b\b \b\r\n");
	RECEIVES("a\tb\177\177c\22d\n");
	ck_assert_str_eq(uart_read(card, file, 20), "acd\n");
	SENDS("a\tb\b \b\b\b\b\b\b\b\bc^R\r\nacd\r\n");
}
END_TEST

START_TEST(characters_of_several_bytes_are_erased_whole)
{
	struct termios2 termios = uart_termios(card, file);

	termios.c_iflag |= IUTF8;
	uart_set(card, file, &termios);
	RECEIVES("a\xc3\xa4\xe2\x82\xac\177b\n");
	ck_assert_str_eq(uart_read(card, file, 20), "a\xc3\xa4"
						    "b\n");
	SENDS("a\xc3\xa4\xe2\x82\xac\b \bb\r\n");
}
END_TEST

START_TEST(end_of_file_is_a_read_of_nothing)
{
	RECEIVES("ab\4cd\n\4");
	ck_assert_str_eq(uart_read(card, file, 2), "ab");
	ck_assert_str_eq(uart_read(card, file, 10), "cd\n");
	ck_assert_str_eq(uart_read(card, file, 10), "");
	ck_assert_str_eq(uart_read(card, file, 10), strerror(EAGAIN));
}
END_TEST

START_TEST(lines_may_end_otherwise)
{
	struct termios2 termios = uart_termios(card, file);

	termios.c_cc[VEOL] = ';';
	uart_set(card, file, &termios);
	RECEIVES("a;b\n");
	ck_assert_str_eq(uart_read(card, file, 10), "a;");
	ck_assert_str_eq(uart_read(card, file, 10), "b\n");
}
END_TEST

START_TEST(a_line_without_end_is_cut)
{
	static char x[5000];

	memset(x, 'x', sizeof(x));
	uart_flags(card, file, 0, 0, ICANON);
	uart_receives(card, x, sizeof(x));
	RECEIVES("\n");
	ck_assert_uint_eq(strlen(uart_read(card, file, 8000)), 4096);
	RECEIVES("next\n");
	ck_assert_str_eq(uart_read(card, file, 8000), "next\n");
}
END_TEST

START_TEST(what_is_there_can_be_read_after_a_change_of_mode)
{
	uart_flags(card, file, 0, 0, ICANON);
	RECEIVES("a\nb");
	uart_raw(card, file, 1, 0);
	ck_assert_str_eq(uart_read(card, file, 10), "a\nb");
	RECEIVES("c\nd");
	uart_flags(card, file, 0, 0, ICANON);
	RECEIVES("e\n");
	ck_assert_str_eq(uart_read(card, file, 10), "c\nd");
	ck_assert_str_eq(uart_read(card, file, 10), "e\n");
}
END_TEST

/* They go to nobody, but are no part of the line, which is thrown away. */
START_TEST(signal_characters_are_taken)
{
	RECEIVES("ab\3cd\n");
	ck_assert_str_eq(uart_read(card, file, 10), "cd\n");
	uart_flags(card, file, 0, 0, ICANON | ISIG | NOFLSH);
	RECEIVES("ab\32\34cd\n");
	ck_assert_str_eq(uart_read(card, file, 10), "abcd\n");
	uart_flags(card, file, 0, 0, ICANON);
	RECEIVES("a\3\n");
	ck_assert_str_eq(uart_read(card, file, 10), "a\3\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uart16550");
	TCase *raw = tcase_create("raw"), *lines = tcase_create("lines");

	tcase_add_checked_fixture(raw, setup_raw, teardown);
	tcase_add_test(raw, bytes_go_out_and_come_in);
	tcase_add_test(raw, a_full_ring_takes_what_fits);
	tcase_add_test(raw, overruns_are_counted);
	tcase_add_test(raw, vmin_without_vtime);
	tcase_add_test(raw, neither_vmin_nor_vtime);
	tcase_add_test(raw, vtime_without_vmin);
	tcase_add_test(raw, vtime_between_bytes);
	tcase_add_test(raw, input_is_mapped);
	tcase_add_test(raw, output_is_processed);
	tcase_add_test(raw, errors_are_marked);
	tcase_add_test(raw, queues_are_flushed);
	suite_add_tcase(suite, raw);
	tcase_add_checked_fixture(lines, setup, teardown);
	tcase_add_test(lines, a_line_is_read_when_it_ends);
	tcase_add_test(lines, a_line_is_edited);
	tcase_add_test(lines, characters_of_several_bytes_are_erased_whole);
	tcase_add_test(lines, end_of_file_is_a_read_of_nothing);
	tcase_add_test(lines, lines_may_end_otherwise);
	tcase_add_test(lines, a_line_without_end_is_cut);
	tcase_add_test(lines, what_is_there_can_be_read_after_a_change_of_mode);
	tcase_add_test(lines, signal_characters_are_taken);
	suite_add_tcase(suite, lines);
	return suite_run(suite);
}
