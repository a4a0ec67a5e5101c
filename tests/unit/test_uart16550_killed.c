// SPDX-License-Identifier: GPL-2.0-or-later
// A daemon that is killed after any instruction while bytes come and go: at most one is lost, none
// is doubled, and the port goes on. So it is with two ports of a card that are both busy: of all
// their bytes one is lost at most.
//
// CUIO_KILLED_STRIDE=1 in the environment tries every instruction (some minutes, with two ports
// hours), default 1009 and 3027.
#include "hardware/backend.h"
#include "stepping.h"
#include "suite.h"
#include "uart.h"
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#ifdef __SANITIZE_ADDRESS__
#define WITH_ASAN 1
#else
#define WITH_ASAN 0
#endif

#define COMES "abcdef"
#define GOES  "uvwxyz"

/* --- hardware does not die with its daemon: an access that has begun is finished ----------------
 */

static volatile bool *accessing; /* by the daemon that is stepped; shared */
static const struct window_ops *window_ops;
static const struct hardware_ops *hardware_ops;

static uint64_t whole_read(const struct window *window, uint64_t offset, unsigned width)
{
	uint64_t value;

	*accessing = true;
	value = window_ops->read(window, offset, width);
	*accessing = false;
	return value;
}

static void whole_write(const struct window *window, uint64_t offset, unsigned width,
			uint64_t value)
{
	*accessing = true;
	window_ops->write(window, offset, width, value);
	*accessing = false;
}

static int whole_take(struct hardware *hardware)
{
	int r;

	*accessing = true;
	r = hardware_ops->interrupt_take(hardware);
	*accessing = false;
	return r;
}

static int whole_mask(struct hardware *hardware, bool masked)
{
	int r;

	*accessing = true;
	r = hardware_ops->interrupt_mask(hardware, masked);
	*accessing = false;
	return r;
}

/* In the daemon. */
static void make_accesses_whole(struct hardware *hardware)
{
	static const struct window_ops whole_window = { .read = whole_read, .write = whole_write };
	static struct hardware_ops whole;

	ck_assert_uint_eq(hardware->n_windows, 1);
	window_ops = hardware->windows[0].ops;
	hardware->windows[0].ops = &whole_window;
	hardware_ops = hardware->ops;
	whole = *hardware_ops;
	whole.interrupt_take = whole_take;
	whole.interrupt_mask = whole_mask;
	hardware->ops = &whole;
}

/* --- the port -----------------------------------------------------------------------------------
 */

static struct cuio_test *card;
static unsigned ports; /* port i's open file is i */

static void start(const char *device, unsigned n)
{
	char *text = uart_description_of(device);

	accessing = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne((void *)(uintptr_t)accessing, MAP_FAILED);
	card = card_new(text, NULL);
	free(text);
	ports = n;
	for (unsigned i = 0; i < n; i++) {
		ck_assert_int_eq(card_open_node(card, i, O_RDWR), i);
		uart_raw(card, i, 1, 0);
	}
}

static void setup(void)
{
	start(UART_DEVICE, 1);
}

static void setup_2x(void)
{
	start("daemon/driver/devices/uart16550-2x.device", 2);
}

static void teardown(void)
{
	card_free(card);
}

/* --- a daemon that is killed -------------------------------------------------------------------
 */

static bool is_quiet(struct cuio_test *of, void *context)
{
	(void)context;
	for (unsigned i = 0; i < ports; i++) {
		int queued = -1;

		ck_assert_int_eq(card_ioctl(of, i, TIOCOUTQ, &queued), 0);
		if (queued || (card_peek_at(of, "lsr", i) & UART_LSR_DR))
			return false;
	}
	return true;
}

/* A daemon of the same card that can be stepped; it ends when all is done. */
static pid_t start_daemon(void)
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		make_accesses_whole(card->hardware);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		card_until(card, is_quiet, NULL);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSTOPPED(status));
	return pid;
}

/* Lets it live for so many instructions, and to the end of an access; false: it needed fewer. */
static bool kill_after(pid_t pid, unsigned long instructions)
{
	int status = 0;

	for (unsigned long i = 0; i < instructions || *accessing; i++) {
		ck_assert_int_eq(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		if (!WIFSTOPPED(status))
			return false;
	}
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return true;
}

/* How many of the bytes that went in have not come out; those that have did so once, in order. */
static size_t lost(const char *in, const char *out)
{
	size_t missing = 0;

	for (; *in; in++) {
		if (*in == *out)
			out++;
		else
			missing++;
	}
	ck_assert_msg(*out == '\0', "doubled or out of order: %s", out);
	return missing;
}

static bool kill_and_go_on(unsigned long instructions)
{
	size_t missing = 0;
	bool killed;
	pid_t pid;

	for (unsigned i = 0; i < ports; i++) {
		ck_assert_int_eq(card_write(card, i, GOES, strlen(GOES)), (ssize_t)strlen(GOES));
		uart_comes_to(card, i, COMES, strlen(COMES));
	}
	pid = start_daemon();
	killed = kill_after(pid, instructions);
	/* A successor opens the hardware anew, which begins with this. */
	hardware_interrupt_mask(card->hardware);
	card_crash(card);
	ck_assert_msg(card_until(card, is_quiet, NULL), "it hangs when killed after %lu",
		      instructions);
	for (unsigned i = 0; i < ports; i++) {
		struct uart_wire wire = { .port = i };
		char got[sizeof(COMES)] = "";

		ck_assert_int_ge(card_read(card, i, got, sizeof(got) - 1),
				 (ssize_t)strlen(COMES) - 1);
		uart_collect(card, &wire);
		wire.text[wire.size] = '\0';
		missing += lost(COMES, got) + lost(GOES, wire.text);
	}
	ck_assert_uint_le(missing, 1);
	return killed;
}

START_TEST(at_most_the_byte_in_flight_is_lost)
{
	const char *text = getenv("CUIO_KILLED_STRIDE");
	/* The way of these bytes is shorter than what others are killed on by the same setting. */
	unsigned long stride = text ? strtoul(text, NULL, 10) / 3 + 1 : 1009, i = 1, kills = 0;

	/* With two ports, and with ASan, the way is longer and each kill takes longer. */
	if (ports > 1 && stride > 1)
		stride *= 3;
	if (WITH_ASAN && stride > 1)
		stride *= 3;
	for (; kill_and_go_on(i); i += stride)
		kills++;
	ck_assert_uint_gt(kills, 10);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uart16550_killed");
	TCase *one = tcase_create("one port"), *two = tcase_create("two ports");

	tcase_set_timeout(one, 3000);
	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, at_most_the_byte_in_flight_is_lost);
	suite_add_tcase(suite, one);
	tcase_set_timeout(two, 3000);
	tcase_add_checked_fixture(two, setup_2x, teardown);
	tcase_add_test(two, at_most_the_byte_in_flight_is_lost);
	suite_add_tcase(suite, two);
	step_on_one_cpu();
	return suite_run(suite);
}
