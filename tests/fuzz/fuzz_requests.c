/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: the request path. Requests of every opcode, order, size, flags, node and file,
 * signals, interrupts of the card, and kills at any probe with a successor. Each request is
 * answered once, as the kernel takes it (hostile_kernel.c). What no kernel sends, such as a request
 * that is longer than it is, is put into the memory that a successor finds.
 *
 * The input: the number of the card, then actions, see act().
 */
#include "base/log.h"
#include "front/message.h"
#include "front/request_store.h"
#include "hostile_kernel.h"
#include "input.h"
#include "programs.h"
#include <syslog.h>

#define LARGE 2000U /* more than that: one at a time, since a socket has not room for all */

struct message {
	struct fuse_in_header header;
	union {
		struct fuse_open_in open;
		struct fuse_release_in release;
		struct fuse_read_in read;
		struct fuse_write_in write;
		struct fuse_ioctl_in ioctl;
		struct fuse_poll_in poll;
		uint8_t bytes[RECEIVE_BUFFER_SIZE - sizeof(struct fuse_in_header)];
	} body;
};

static struct fuzz_card cards[2 * FUZZ_CARDS]; /* as nodes, and as files */
static struct asker asker;
static struct message message;
static unsigned unserved;	 /* messages since its last turn */
static unsigned distance, kills; /* how many successors will be killed at their so manyth probe */

/* --- requests --------------------------------------------------------------------------------- */

static void set_size(size_t body_size)
{
	message.header.len = (uint32_t)(sizeof(message.header) + body_size);
}

static uint32_t some_size(struct input *input)
{
	uint8_t byte = input_byte(input);

	if (byte < 200)
		return byte;
	return byte < 250 ? (uint32_t)input_number(input, 2) % LARGE
			  : (uint32_t)input_number(input, 4) % (CUIO_TRANSFER_MAX + 1);
}

/* Some bytes of the input, the others are all the same. */
static void fill(struct input *input, uint8_t *to, size_t size)
{
	size_t n = input_byte(input);

	n = input_bytes(input, to, n < size ? n : size);
	memset(to + n, input_byte(input), size - n);
}

static uint32_t make_open(struct input *input)
{
	static const uint32_t flags[] = { O_RDWR, O_ACCMODE, O_RDONLY, O_RDWR | O_NONBLOCK };
	uint8_t byte = input_byte(input);

	message.body.open.flags = byte < 0xf0 ? flags[byte % 4] : (uint32_t)input_number(input, 4);
	set_size(sizeof(message.body.open));
	return 0;
}

static uint32_t make_release(struct input *input)
{
	message.body.release.fh = input_index(input, 8);
	set_size(sizeof(message.body.release));
	return 0;
}

static uint32_t some_flags(struct input *input)
{
	uint8_t byte = input_byte(input);

	if (byte < 0xf0)
		return O_RDWR | (byte & 1 ? O_NONBLOCK : 0) | (byte & 2 ? O_APPEND : 0);
	return (uint32_t)input_number(input, 4);
}

static uint32_t make_read(struct input *input)
{
	struct fuse_read_in *read = &message.body.read;

	*read = (struct fuse_read_in){ .fh = input_index(input, 8) };
	read->offset = input_index(input, 0xf0);
	read->flags = some_flags(input);
	read->size = some_size(input);
	set_size(sizeof(*read));
	return read->size;
}

static uint32_t make_write(struct input *input)
{
	struct fuse_write_in *write = &message.body.write;

	*write = (struct fuse_write_in){ .fh = input_index(input, 8) };
	write->offset = input_index(input, 0xf0);
	write->flags = some_flags(input);
	write->size = some_size(input);
	fill(input, (uint8_t *)(write + 1), write->size);
	set_size(sizeof(*write) + write->size);
	return write->size;
}

static uint32_t make_poll(struct input *input)
{
	struct fuse_poll_in *poll = &message.body.poll;

	*poll = (struct fuse_poll_in){ .fh = input_index(input, 8) };
	poll->kh = input_byte(input);
	poll->flags = input_byte(input);
	poll->events = (uint32_t)input_number(input, 2);
	set_size(sizeof(*poll));
	return 0;
}

static uint32_t some_command(struct input *input)
{
	static const uint32_t control[] = {
		CUIO_IOCTL_INFO,  CUIO_IOCTL_REGISTER, CUIO_IOCTL_FIELD,     CUIO_IOCTL_READ,
		CUIO_IOCTL_WRITE, CUIO_IOCTL_WAIT,     CUIO_IOCTL_OPERATION, CUIO_IOCTL_MEMBER,
		CUIO_IOCTL_CHECK, CUIO_IOCTL_BATCH(0), CUIO_IOCTL_BATCH(1),  CUIO_IOCTL_BATCH(2)
	};
	const struct cuio_driver *driver = asker.daemon.card->driver;
	uint8_t byte = input_byte(input);

	if (byte < 0x80)
		return driver->n_ioctls ? driver->ioctls[byte % driver->n_ioctls].number : 0;
	if (byte < 0xf8)
		return control[byte % (sizeof(control) / sizeof(control[0]))];
	return (uint32_t)input_number(input, 4);
}

/* The sizes are those of the number, or any. */
static uint32_t make_ioctl(struct input *input)
{
	struct fuse_ioctl_in *ioctl = &message.body.ioctl;
	uint32_t command = some_command(input), size = _IOC_SIZE(command);
	uint8_t how = input_byte(input);

	*ioctl = (struct fuse_ioctl_in){ .fh = input_index(input, 8), .cmd = command };
	ioctl->arg = input_number(input, how & 1 ? 8 : 1);
	ioctl->flags = how & 2 ? input_byte(input) : 0;
	ioctl->in_size = how & 4 ? some_size(input) : size;
	ioctl->out_size = how & 8 ? some_size(input) : size;
	fill(input, (uint8_t *)(ioctl + 1), ioctl->in_size);
	set_size(sizeof(*ioctl) + ioctl->in_size);
	return ioctl->out_size;
}

/* Any opcode, and any body, which ends with a NUL or not. */
static uint32_t make_any(struct input *input)
{
	size_t size = some_size(input);

	message.header.opcode = input_byte(input);
	if (message.header.opcode == 0xff)
		message.header.opcode = CUSE_INIT;
	/* The kernel's reply to a question that cuio never asks: libfuse would leak it. */
	if (message.header.opcode == FUSE_NOTIFY_REPLY)
		message.header.opcode = 0;
	fill(input, message.body.bytes, size);
	set_size(size);
	return CUIO_TRANSFER_MAX;
}

static const struct request {
	uint32_t opcode;
	uint32_t (*make)(struct input *input); /* returns what its answer may have */
} requests[] = {
	{ FUSE_OPEN, make_open },   { FUSE_RELEASE, make_release },
	{ FUSE_READ, make_read },   { FUSE_WRITE, make_write },
	{ FUSE_POLL, make_poll },   { FUSE_IOCTL, make_ioctl },
	{ FUSE_IOCTL, make_ioctl }, { 0, make_any },
};

/* `which`: low bits the request, then by whom and to which node. */
static uint32_t make_request(struct input *input, uint8_t which, uint8_t who)
{
	static const uint8_t nodes[] = { 2, 2, 3, 1 }; /* files and the folder of a mount */
	const struct request *request = &requests[which % 8];

	memset(&message, 0, sizeof(message.header) + 256);
	message.header = (struct fuse_in_header){
		.opcode = request->opcode,
		.nodeid = who < 0xf0 ? nodes[who % 4] : input_number(input, 8),
		.uid = who & 4 ? 1000 : 0,
		.pid = who & 8 ? 0 : FUZZ_ROOT,
	};
	return request->make(input);
}

/* --- kills ------------------------------------------------------------------------------------ */

static bool succeed(int fd)
{
	int r;

	do {
		if (kills && kills--)
			asker.daemon.probes = distance;
		asker.life++;
		r = fuzz_succeed(&asker.daemon, fd);
		if (r > 0)
			fd = fuzz_kill(&asker.daemon);
	} while (r > 0);
	return r >= 0;
}

/* Kills the daemon, puts the message where its last one was, and starts a successor. */
static bool plant(unsigned channel)
{
	int fd = fuzz_kill(&asker.daemon);
	struct saved *saved = fuzz_adopt(asker.daemon.card, dup(fd));
	uint8_t *buffer = (uint8_t *)saved_area(saved, "receive") + channel * RECEIVE_BUFFER_SIZE;
	uint32_t before;

	memcpy(&before, buffer, sizeof(before));
	if (!before)
		memcpy(buffer, &message, sizeof(message));
	saved_free(saved);
	return succeed(fd);
}

static bool turn(unsigned turns)
{
	unserved = 0;
	return fuzz_turn(&asker.daemon, turns) || succeed(fuzz_kill(&asker.daemon));
}

/* --- actions ---------------------------------------------------------------------------------- */

static bool large_waits(void)
{
	for (unsigned i = 0; i < asker.n; i++)
		if (asker.asked[i].size > LARGE && !asker.asked[i].life && !asker.asked[i].optional)
			return true;
	return false;
}

/* `which` as in make_request(). Its high bit: more follow before the daemon has its turn. */
static bool act_request(struct input *input, uint8_t which)
{
	uint8_t who = input_byte(input);
	uint32_t size = make_request(input, which, who);
	uint32_t length = message.header.len;
	struct asked asked = { .opcode = message.header.opcode,
			       .size = size,
			       .channel = who / 16 % asker.daemon.n_channels };

	if (which & 8) /* it says that it is longer, or shorter */
		message.header.len = (uint32_t)input_number(input, 3);
	if ((size > LARGE || length > LARGE) && large_waits())
		return true;
	asked.optional = !message_is_possible(&message, length);
	message.header.unique = asker_next(&asker, which & 16 ? 0xfffffff : 0, &asked);
	if (!message.header.unique)
		return true;
	message.header.unique |= asked.opcode == FUSE_INTERRUPT;
	if (asked.optional)
		return plant(asked.channel);
	if (!fuzz_send_message(&asker.daemon, asked.channel, &message))
		asker.n--;
	return (which & 32 && ++unserved < 4) || turn(2);
}

static bool act_signal(struct input *input)
{
	const struct asked *asked = &asker.asked[input_byte(input)];

	if (asked->unique)
		fuzz_send_interrupt(&asker.daemon, asked->channel, asked->unique);
	else
		fuzz_send_interrupt(&asker.daemon, 0, input_number(input, 8));
	return turn(2);
}

/* False: the successor refuses its memory. */
static bool act(struct input *input)
{
	uint8_t action = input_byte(input);

	switch (action / 64) {
	case 0:
	case 1:
	case 2:
		return act_request(input, (uint8_t)(action & ~8U));
	default:
		break;
	}
	switch (action % 8) {
	case 0:
		return act_signal(input);
	case 1:
		sim_raise(asker.daemon.card->hardware);
		return turn(3);
	case 2:
		return succeed(fuzz_kill(&asker.daemon));
	case 3:
		return act_request(input, input_byte(input) | 8);
	case 4:
		return turn(1 + input_byte(input) % 32U);
	default: /* it will be killed at one of the next probes, and some successors, too */
		asker.daemon.probes = 1 + input_byte(input) % 64U;
		kills = input_byte(input) % 4U;
		distance = 1 + input_byte(input) % 16U;
		return true;
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	log_set_level(LOG_EMERG);
	for (size_t i = 0; i < FUZZ_CARDS; i++) {
		fuzz_card_load_as(&cards[i], fuzz_devices[i], FUZZ_NODES);
		fuzz_card_load_as(&cards[FUZZ_CARDS + i], fuzz_devices[i], FUZZ_FILES);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input input = { bytes, bytes + size };
	bool serves = true;

	asker_init(&asker);
	fuzz_must(fuzz_start(&asker.daemon, &cards[input_byte(&input) % (2 * FUZZ_CARDS)], -1),
		  "a fresh start");
	unserved = kills = 0;
	while (serves && !input_ends(&input))
		serves = act(&input);
	if (!serves)
		return 0;
	asker_end(&asker);
	fuzz_end(&asker.daemon);
	return 0;
}
