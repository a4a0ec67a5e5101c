/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: cuioctl on a node whose daemon is hostile. Every size, count, name and value
 * that it is told is the input's. It may print rubbish and fail; it must not crash, hang, leave a
 * buffer, or print what moves a terminal's cursor.
 *
 * The input: a verb, its options, and what the ioctls answer; for a batch first its file.
 */
#include "batch.h"
#include "input.h"
#include "message.h"
#include "verb.h"
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define ERRNO_MAX 4095 /* the kernel lets no other error through */

static struct input input;
static char path[64]; /* of the batch's file */
static int file;

/* --- the hostile daemon ----------------------------------------------------------------------- */

/* Where an answer has its name, and one that the command line has, too. */
static const struct {
	unsigned long number;
	size_t name;
	const char *known;
} answers[] = {
	{ CUIO_IOCTL_REGISTER, offsetof(struct cuio_register, name), "r" },
	{ CUIO_IOCTL_FIELD, offsetof(struct cuio_field, name), "f" },
	{ CUIO_IOCTL_OPERATION, offsetof(struct cuio_operation, name), "o" },
	{ CUIO_IOCTL_MEMBER, offsetof(struct cuio_member, name), "m" },
};

static void make_known(unsigned long number, void *argument)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (answers[i].number == number)
			strcpy((char *)argument + answers[i].name, answers[i].known);
}

static int answer(struct node *node, unsigned long number, void *argument)
{
	uint8_t how = input_byte(&input);
	size_t size = _IOC_SIZE(number);

	(void)node;
	/* A batch that goes on for ever is a finding; a register has as many elements as it likes.
	 */
	if (input_ends(&input) && _IOC_NR(number) == CUIO_IOCTL_BATCH_NUMBER)
		return 0;
	if (input_ends(&input))
		return number == CUIO_IOCTL_READ || number == CUIO_IOCTL_WAIT ? -ENOTCONN : -ENOENT;
	if (how & 1)
		return -1 - (int)(input_number(&input, 2) % ERRNO_MAX);
	if (_IOC_DIR(number) & _IOC_READ)
		input_bytes(&input, argument, how & 2 ? size : input_byte(&input) % (size + 1));
	if (how & 4)
		make_known(number, argument);
	return how & 8 ? (int)(input_number(&input, 4) & INT32_MAX) : how >> 4;
}

/* --- what is printed -------------------------------------------------------------------------- */

static void check_text(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)text[i];
		bool c1 = byte == 0xc2 && i + 1 < size && (uint8_t)text[i + 1] < 0xa0;

		if ((byte >= ' ' && byte != 0x7f && !c1) || byte == '\n')
			continue;
		dprintf(2, "finding: byte 0x%02x at %zu of: %.*s\n", byte, i, (int)size, text);
		abort();
	}
}

static int run(const struct verb *verb, struct verb_call *call)
{
	struct batch_file batch;
	int r;

	if (verb != &batch_verb)
		return verb->run(call);
	r = batch_file_read(path, &batch);
	if (r == 0)
		r = batch_on_node(call, &batch);
	batch_file_done(&batch);
	return r;
}

static void run_checked(const struct verb *verb, struct verb_call *call)
{
	FILE *out = stdout, *err = stderr;
	char *texts[2];
	size_t sizes[2];

	stdout = open_memstream(&texts[0], &sizes[0]);
	stderr = open_memstream(&texts[1], &sizes[1]);
	run(verb, call);
	fclose(stdout);
	fclose(stderr);
	stdout = out;
	stderr = err;
	for (int i = 0; i < 2; i++) {
		check_text(texts[i], sizes[i]);
		free(texts[i]);
	}
}

/* --- libFuzzer -------------------------------------------------------------------------------- */

static const struct command {
	const struct verb *verb;
	const char *words[4];
} commands[] = {
	{ &info_verb, { NULL } },
	{ &dump_verb, { NULL } },
	{ &get_verb, { "r", "r.f" } },
	{ &get_verb, { "r[3]", "r[1].f" } },
	{ &get_verb, { "wrong" } },
	{ &set_verb, { "r=5", "r.f=1" } },
	{ &set_verb, { "r[2].f=0x1ffff" } },
	{ &wait_verb, { NULL } },
	{ &ioctl_verb, { "o" } },
	{ &ioctl_verb, { "o", "-3" } },
	{ &ioctl_verb, { "o", "m=7" } },
	{ &ioctl_verb, { "o", "m[1]=-2", "m=hex:00ff00ff" } },
	{ &ioctl_verb, { "0xc0106f01", "hex:00112233445566778899aabbccddeeff" } },
	{ &ioctl_verb, { "wrong", "wrong=5" } },
	{ &batch_verb, { NULL } },
	{ &batch_verb, { NULL } },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void write_batch(void)
{
	static const char steps[] = "read r\nwrite r.f = 1\nuntil r == 2 within 1ms\nread r.f\n";
	char text[256];
	size_t size = input_byte(&input);

	if (size)
		size = input_bytes(&input, text, size);
	else
		size = (size_t)snprintf(text, sizeof(text), "%s", steps);
	if (ftruncate(file, 0) < 0 || pwrite(file, text, size, 0) != (ssize_t)size)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	file = memfd_create("batch", 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct node node = { .fd = -1, .name = "node", .call = answer };
	struct verb_call call = { .node = &node };
	const struct command *command;
	char words[4][64], *arguments[4];
	uint8_t how;

	input = (struct input){ bytes, bytes + size };
	command = &commands[input_byte(&input) % COMMANDS];
	how = input_byte(&input);
	call.options = how & command->verb->options;
	call.json = call.options & VERB_JSON;
	call.arguments = arguments;
	for (; call.n_arguments < 4 && command->words[call.n_arguments]; call.n_arguments++) {
		size_t i = call.n_arguments;

		snprintf(words[i], sizeof(words[i]), "%s", command->words[i]);
		arguments[i] = words[i];
	}
	setlocale(LC_CTYPE, how & 0x80 ? "C" : "C.UTF-8");
	if (command->verb == &batch_verb)
		write_batch();
	if (node_ask(&node) == 0)
		run_checked(command->verb, &call);
	return 0;
}
