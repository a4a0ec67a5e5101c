// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The same operations in a program that maps the card itself: what there is to gain without a node,
 * and without anybody between several programs.
 *
 *	direct [-n COUNT] [-r REPEATS] read|write|wait|poll SLOT
 *	direct [-n COUNT] [-r REPEATS] get|put SIZE SLOT
 *
 * Output as that of client.c.
 */
#include "card.h"
#include "raiser.h"
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct card card;
static size_t size, position;
static char *bytes;

static void do_read(void)
{
	if (card_get(&card, CARD_IDENT) != 0x010000edu)
		errx(1, "not an edu card");
}

static void do_write(void)
{
	static uint32_t value;

	card_set(&card, CARD_LIVENESS, value++);
}

static void *place(void)
{
	if (position + size > card.memory_size)
		position = 0;
	position += size;
	return (char *)card.memory + position - size;
}

static void do_get(void)
{
	memcpy(bytes, place(), size);
}

static void do_put(void)
{
	memcpy(place(), bytes, size);
}

static void take(void)
{
	if (!card_take_interrupt(&card))
		errx(1, "another card's interrupt");
	card_unmask(&card);
}

static void do_wait(void)
{
	raiser_arm();
	take();
}

static void do_poll(void)
{
	struct pollfd wait = { .fd = card.uio, .events = POLLIN };

	raiser_arm();
	if (poll(&wait, 1, -1) != 1)
		err(1, "poll");
	take();
}

static void raise_interrupt(void)
{
	card_set(&card, CARD_IRQ_RAISE, 1);
}

static const struct operation {
	const char *name;
	void (*run)(void);
	int sized, interrupt;
} operations[] = {
	{ "read", do_read, 0, 0 }, { "write", do_write, 0, 0 }, { "get", do_get, 1, 0 },
	{ "put", do_put, 1, 0 },   { "wait", do_wait, 0, 1 },	{ "poll", do_poll, 0, 1 },
};

static double time_many(const struct operation *operation, unsigned count)
{
	uint64_t begin = clock_now(), sum = 0;

	for (unsigned i = 0; i < count; i++) {
		operation->run();
		if (operation->interrupt)
			sum += clock_now() - raiser_raised_at();
	}
	return (double)(operation->interrupt ? sum : clock_now() - begin) / count;
}

static const struct operation *find_operation(const char *name)
{
	for (size_t i = 0; name && i < sizeof(operations) / sizeof(operations[0]); i++)
		if (strcmp(operations[i].name, name) == 0)
			return &operations[i];
	errx(2, "no operation %s", name ? name : "given");
}

int main(int argc, char **argv)
{
	const struct operation *operation;
	unsigned count = 1000, repeats = 1;
	int option;

	while ((option = getopt(argc, argv, "n:r:")) != -1) {
		if (option == 'n')
			count = (unsigned)atoi(optarg);
		else if (option == 'r')
			repeats = (unsigned)atoi(optarg);
		else
			return 2;
	}
	operation = find_operation(argv[optind]);
	if (operation->sized && optind + 1 < argc)
		size = strtoul(argv[++optind], NULL, 0);
	if (optind != argc - 2)
		errx(2, "direct ... OPERATION [SIZE] SLOT");
	if (operation->sized)
		card_open_memory(&card, argv[argc - 1]);
	else
		card_open(&card, argv[argc - 1]);
	bytes = calloc(1, size + 1);
	if (!bytes || size > card.memory_size)
		errx(1, "no memory of that size");
	if (operation->interrupt)
		raiser_start(raise_interrupt, 0);
	time_many(operation, count / 10 + 1);
	for (unsigned i = 0; i < repeats; i++)
		printf(" %.1f", time_many(operation, count));
	printf("\n");
	if (operation->interrupt)
		raiser_stop();
	return 0;
}
