// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The program that uses the benchmark's node, whoever serves it, and tells what an operation costs.
 *
 *	client [-c CLIENTS] [-w WAITERS] [-n COUNT] [-r REPEATS] [-q] [-d PID] [-s SLOT] [-m BYTES]
 *		OPERATION NODE
 *
 * It prints the mean nanoseconds of COUNT operations, REPEATS times, on one line; before that a
 * tenth of COUNT is done unmeasured. In a guest under icount a nanosecond is an instruction.
 *
 *	read, write, ioctl	4 bytes of the card's registers
 *	batch			one of 100 reads of the first register, in one ioctl of cuio's own
 *	get SIZE, put SIZE	SIZE bytes of the memory, from where the file is
 *	wait, wait-ioctl	blocked until an interrupt; measured from its cause to the return
 *	poll			the same for poll() and the read() after it
 *
 * -c	so many processes at the same time: nanoseconds divided by all their operations
 * -w	while so many reads wait, of a node of cuio whose reads wait
 * -q	prints instead the median and the 99th percentile of single operations
 * -d	the process that serves the node: an interrupt is raised when it and the caller sleep
 * -s	the card that raises the interrupt; without it EDU_IOCTL_RAISE_IRQ does
 * -m	how large the memory is: at its end the file is opened anew
 */
#include "card.h"
#include "mark.h"
#include "raiser.h"
#include "waiters.h"
#include <cuio/batch.h>
#include <cuio/edu.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDENT	     0x010000edu
#define BATCH	     100
#define CAUSE	     0x100u
#define TRANSFER_MAX (1 << 20)
#define CLIENTS_MAX  64

static struct {
	unsigned clients, waiters, count, repeats;
	bool quantiles;
	int access;
	pid_t daemon;
	const char *slot, *node;
	size_t size;
} options = { .count = 1000, .repeats = 1, .access = O_RDWR };

static uint64_t *ended_at; /* by each client, shared */
static struct card card;
static int node = -1;
static char *bytes;
static unsigned long done_bytes, memory_size = ~0ul;

static void open_node(void)
{
	if (node >= 0)
		close(node);
	node = open(options.node, options.access | O_CLOEXEC);
	if (node < 0)
		err(1, "%s", options.node);
	done_bytes = 0;
}

/* --- operations ------------------------------------------------------------------------------- */

static void check_value(uint32_t value, uint32_t expected)
{
	if (value != expected)
		errx(1, "got 0x%x, not 0x%x", value, expected);
}

static void do_read(void)
{
	uint32_t value = 0;

	if (read(node, &value, sizeof(value)) != (ssize_t)sizeof(value))
		err(1, "read");
	check_value(value, IDENT);
}

static void do_write(void)
{
	static uint32_t value;

	value++;
	if (write(node, &value, sizeof(value)) != (ssize_t)sizeof(value))
		err(1, "write");
}

static void do_ioctl(void)
{
	uint32_t value = 0;

	if (ioctl(node, EDU_IOCTL_IDENT, &value) < 0)
		err(1, "ioctl");
	check_value(value, IDENT);
}

static void do_batch(void)
{
	static struct cuio_batch_buffer batch;

	if (batch.head.n_steps == 0)
		for (int i = 0; i < BATCH; i++)
			cuio_batch_read(&batch, 0, 0);
	if (cuio_batch_run(node, &batch) < 0)
		err(1, "batch");
	check_value((uint32_t)cuio_batch_value(&batch, BATCH - 1), IDENT);
}

static void move(bool out)
{
	size_t left = options.size;

	while (left > 0) {
		ssize_t n = out ? write(node, bytes, left) : read(node, bytes, left);

		if (n <= 0)
			err(1, out ? "put" : "get");
		left -= (size_t)n;
	}
	done_bytes += options.size;
}

static void do_get(void)
{
	move(false);
}

static void do_put(void)
{
	move(true);
}

/* --- interrupts ------------------------------------------------------------------------------- */

static void raise_interrupt(void)
{
	if (options.slot)
		card_set(&card, CARD_IRQ_RAISE, CAUSE);
	else if (ioctl(node, EDU_IOCTL_RAISE_IRQ, CAUSE) < 0)
		err(1, "raise");
}

static void do_wait(void)
{
	uint32_t cause = 0;

	raiser_arm();
	if (read(node, &cause, sizeof(cause)) != (ssize_t)sizeof(cause))
		err(1, "wait");
	check_value(cause, CAUSE);
}

static void do_wait_ioctl(void)
{
	uint32_t cause = 0;

	raiser_arm();
	if (ioctl(node, EDU_IOCTL_WAIT_IRQ, &cause) < 0)
		err(1, "wait");
	check_value(cause, CAUSE);
}

static void do_poll(void)
{
	struct pollfd wait = { .fd = node, .events = POLLIN };
	uint32_t cause = 0;

	raiser_arm();
	if (poll(&wait, 1, -1) != 1 || wait.revents != POLLIN)
		err(1, "poll");
	if (read(node, &cause, sizeof(cause)) != (ssize_t)sizeof(cause))
		err(1, "read");
	check_value(cause, CAUSE);
}

/* --- measuring -------------------------------------------------------------------------------- */

static const struct operation {
	const char *name;
	void (*run)(void);
	bool sized, interrupt;
	int batch; /* how many at a time, 0: one */
} operations[] = {
	{ .name = "batch", .run = do_batch, .batch = BATCH },
	{ .name = "read", .run = do_read },
	{ .name = "write", .run = do_write },
	{ .name = "ioctl", .run = do_ioctl },
	{ .name = "get", .run = do_get, .sized = true },
	{ .name = "put", .run = do_put, .sized = true },
	{ .name = "wait", .run = do_wait, .interrupt = true },
	{ .name = "wait-ioctl", .run = do_wait_ioctl, .interrupt = true },
	{ .name = "poll", .run = do_poll, .interrupt = true },
};

/* One operation, where its time is looked at by itself: at the end of the memory the file is opened
 * anew. */
static uint64_t time_one(const struct operation *operation)
{
	uint64_t begin, end;

	if (operation->sized && done_bytes + options.size > memory_size)
		open_node();
	if (!operation->interrupt)
		mark(MARK_BEGIN);
	begin = clock_now();
	operation->run();
	end = clock_now();
	mark(MARK_END);
	return end - (operation->interrupt ? raiser_raised_at() : begin);
}

static double time_many(const struct operation *operation, unsigned count)
{
	uint64_t begin, sum = 0;

	if (operation->sized || operation->interrupt) {
		for (unsigned i = 0; i < count; i++)
			sum += time_one(operation);
		return (double)sum / count;
	}
	mark(MARK_BEGIN);
	begin = clock_now();
	for (unsigned i = 0; i < count; i++)
		operation->run();
	sum = clock_now() - begin;
	mark(MARK_END);
	return (double)sum / count / (operation->batch ? operation->batch : 1);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void print_quantiles(const struct operation *operation)
{
	uint64_t *times = calloc(options.count, sizeof(*times));

	if (!times)
		err(1, "memory");
	for (unsigned i = 0; i < options.count; i++)
		times[i] = time_one(operation);
	qsort(times, options.count, sizeof(*times), compare);
	printf(" %lu %lu", (unsigned long)times[options.count / 2],
	       (unsigned long)times[options.count - 1 - options.count / 100]);
	free(times);
}

/* What one of several clients does: it tells through `told` when it is ready and when it is done.
 */
static void be_client(const struct operation *operation, unsigned each, int gate, int told,
		      uint64_t *ret_end)
{
	char byte;

	node = -1;
	open_node();
	operation->run();
	if (write(told, "", 1) != 1 || read(gate, &byte, 1) != 1)
		err(1, "gate");
	for (unsigned i = 0; i < each; i++)
		operation->run();
	*ret_end = clock_now();
	/* It ends when nobody measures any more. */
	if (write(told, "", 1) != 1 || read(gate, &byte, 1) != 0)
		err(1, "gate");
	_exit(0);
}

static void hear_all(int told)
{
	char byte;

	for (unsigned c = 0; c < options.clients; c++)
		if (read(told, &byte, 1) != 1)
			err(1, "a client");
}

static double time_clients(const struct operation *operation)
{
	unsigned each = options.count / options.clients;
	static const char go[CLIENTS_MAX];
	uint64_t begin, end = 0;
	int gate[2], told[2];

	if (pipe(gate) < 0 || pipe(told) < 0)
		err(1, "pipe");
	fflush(stdout);
	for (unsigned c = 0; c < options.clients; c++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (pid > 0)
			continue;
		close(gate[1]);
		be_client(operation, each, gate[0], told[1], &ended_at[c]);
	}
	close(told[1]);
	hear_all(told[0]);
	mark(MARK_BEGIN);
	begin = clock_now();
	if (write(gate[1], go, options.clients) != (ssize_t)options.clients)
		err(1, "gate");
	hear_all(told[0]);
	mark(MARK_END);
	close(gate[0]);
	close(gate[1]);
	close(told[0]);
	for (unsigned c = 0; c < options.clients; c++) {
		int status;

		if (wait(&status) < 0 || status)
			errx(1, "a client failed");
		end = ended_at[c] > end ? ended_at[c] : end;
	}
	return (double)(end - begin) / (each * options.clients);
}

static void measure(const struct operation *operation)
{
	time_many(operation, options.count / 10 + 1);
	for (unsigned i = 0; i < options.repeats; i++) {
		if (options.quantiles)
			print_quantiles(operation);
		else
			printf(" %.1f", options.clients ? time_clients(operation)
							: time_many(operation, options.count));
	}
	printf("\n");
	mark(MARK_FLUSH);
}

static const struct operation *find_operation(const char *name)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (strcmp(operations[i].name, name) == 0)
			return &operations[i];
	errx(2, "no operation %s", name);
}

static void parse_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "c:w:n:r:qd:s:m:")) != -1) {
		switch (option) {
		case 'c':
			options.clients = (unsigned)atoi(optarg);
			break;
		case 'w':
			options.waiters = (unsigned)atoi(optarg);
			break;
		case 'n':
			options.count = (unsigned)atoi(optarg);
			break;
		case 'r':
			options.repeats = (unsigned)atoi(optarg);
			break;
		case 'q':
			options.quantiles = true;
			break;
		case 'd':
			options.daemon = atoi(optarg);
			break;
		case 's':
			options.slot = optarg;
			break;
		case 'm':
			memory_size = strtoul(optarg, NULL, 0);
			break;
		default:
			exit(2);
		}
	}
	if (options.clients > CLIENTS_MAX || options.count <= options.clients)
		errx(2, "at most %d clients, of which each does at least one operation",
		     CLIENTS_MAX);
}

int main(int argc, char **argv)
{
	const struct operation *operation;

	parse_options(argc, argv);
	if (optind >= argc)
		errx(2, "no OPERATION");
	operation = find_operation(argv[optind++]);
	if (operation->sized && optind < argc)
		options.size = strtoul(argv[optind++], NULL, 0);
	if (optind != argc - 1 || options.size > TRANSFER_MAX ||
	    (operation->sized && !options.size))
		errx(2, "client ... OPERATION [SIZE] NODE");
	options.node = argv[optind];
	if (operation->batch)
		options.access = O_ACCMODE; /* a control file */
	ended_at = mmap(NULL, CLIENTS_MAX * sizeof(*ended_at), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bytes = aligned_alloc(4096, TRANSFER_MAX);
	if (ended_at == MAP_FAILED || !bytes)
		err(1, "memory");
	memset(bytes, 0x5a, TRANSFER_MAX);
	open_node();
	if (options.slot)
		card_open_registers(&card, options.slot);
	if (operation->interrupt)
		raiser_start(raise_interrupt, options.daemon);
	if (options.waiters)
		waiters_start(options.node, node, options.waiters);
	measure(operation);
	if (operation->interrupt)
		raiser_stop();
	return 0;
}
