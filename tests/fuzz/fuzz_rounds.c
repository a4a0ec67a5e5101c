/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: ioctls whose argument changes between the rounds in which the kernel copies it.
 * The kernel copies what the last answer names, and gives other bytes each time: counts, lengths
 * and pointers are never those of the round before. The daemon may be killed between two rounds.
 *
 * The input: the number of the card, then ioctls, each with what its caller's memory has.
 */
#include "base/log.h"
#include "front/request_store.h"
#include "hostile_kernel.h"
#include "input.h"
#include "programs.h"
#include <syslog.h>

#define ROUNDS 8U /* after which a caller gives up */

/* --- drivers with pointers in arguments ------------------------------------------------------- */

struct scatter {
	struct {
		uint64_t address;
		uint32_t size, to_caller;
	} piece[CUIO_PIECES_MAX];
	uint32_t count, waits;
};

static struct asker asker;

/* Checks nothing: what it says is the caller's. */
static int scatter_pieces(const struct cuio_driver_ioctl *entry, const void *arg,
			  struct cuio_driver_piece *pieces)
{
	const struct scatter *scatter = arg;

	(void)entry;
	for (unsigned i = 0; i < scatter->count && i < CUIO_PIECES_MAX; i++)
		pieces[i] =
			(struct cuio_driver_piece){ .address = scatter->piece[i].address,
						    .size = scatter->piece[i].size,
						    .to_caller = scatter->piece[i].to_caller & 1 };
	return scatter->count <= CUIO_PIECES_MAX + 1 ? (int)scatter->count : -E2BIG;
}

static bool is_within(const void *place, size_t size, const char *area, size_t area_size)
{
	uintptr_t start = (uintptr_t)saved_area(asker.daemon.saved, area);

	return (uintptr_t)place >= start && (uintptr_t)place + size <= start + area_size;
}

/* The sanitizer does not know where the daemon's memory ends. */
static void use(uint8_t *place, size_t size, bool to_caller)
{
	if (to_caller) {
		if (!is_within(place, size, "reply", TRANSACTION_REPLY_MAX))
			abort();
		memset(place, 'p', size);
	} else if (!is_within(place, size, "receive", RECEIVE_BUFFER_SIZE) &&
		   !is_within(place, size, "slots", asker.daemon.saved->size) /* and blocks */) {
		abort();
	}
}

static int scatter_call(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			struct cuio_request *request, void *arg)
{
	struct scatter *scatter = arg;

	(void)file;
	for (unsigned i = 0; i < scatter->count; i++)
		use(cuio_request_piece(request, i), scatter->piece[i].size,
		    scatter->piece[i].to_caller & 1);
	if (scatter->waits & 1)
		return cuio_not_yet;
	if (entry->argument == CUIO_ARGUMENT_INOUT)
		memset(scatter, 'a', entry->size);
	return 3;
}

#define SCATTER(called, how)                                                                       \
	{                                                                                          \
		.name = #called, .number = 0x5400 + __LINE__, .argument = how,                     \
		.size = sizeof(struct scatter), .pieces = scatter_pieces, .call = scatter_call     \
	}

static const struct cuio_driver_ioctl scatter_ioctls[] = {
	SCATTER(GATHER, CUIO_ARGUMENT_IN),
	SCATTER(SCATTER, CUIO_ARGUMENT_INOUT),
};

static const struct cuio_driver scatter_driver = {
	.contract = CUIO_CONTRACT,
	.name = "scatter",
	.unrestricted = true,
	.ioctls = scatter_ioctls,
	.n_ioctls = sizeof(scatter_ioctls) / sizeof(scatter_ioctls[0]),
};

static const char scatter_device[] = "[Device]\n[Window w]\nBar=0\n[Register r]\nOffset=0\n";

/* Numbers that say nothing of the size. */
static const char unrestricted_device[] =
	"[Device]\nIoctl=unrestricted\n[Window w]\nBar=0\n[Register "
	"r]\nOffset=0\nCount=16\nAll=yes\n"
	"[Struct s]\nMember=a[4]:u32\nMember=n:u8\nMember=m[20]:u16\n"
	"[Ioctl plain]\nNumber=0x4601\nArg=inout:s\n"
	"Step=for i below arg.n max 300\nStep=let arg.m[i] = arg.a[arg.n & 3]\nStep=end\n"
	"Step=return arg.n\n"
	"[Ioctl larger]\nNumber=_IOWR('f', 2, u8)\nArg=in:s\nStep=write r[arg.n] arg.a[0]\n"
	"[Ioctl pointer]\nNumber=_IOR('f', 3, ptr)\nArg=out:s\nStep=let arg.a[3] = 5\n"
	"[Ioctl value]\nNumber=0x4604\nArg=value:u32\nStep=return arg\n";

#define CARDS (FUZZ_CARDS + 2)
static struct fuzz_card cards[CARDS];
static const struct cuio_driver *replaced; /* belongs to its description */

/* --- callers ---------------------------------------------------------------------------------- */

static struct {
	struct fuse_in_header header;
	struct fuse_ioctl_in ioctl;
	uint8_t bytes[CUIO_TRANSFER_MAX];
} message;

static void turn(unsigned turns)
{
	int fd, r = 0;

	if (fuzz_turn(&asker.daemon, turns))
		return;
	do {
		fd = fuzz_kill(&asker.daemon);
		asker.life++;
		r = fuzz_succeed(&asker.daemon, fd);
	} while (r > 0);
	fuzz_must(r, "a successor");
}

/* Copies the caller's memory as it is now, and returns how much. */
static size_t copy(struct input *input, const struct fuse_ioctl_iovec *places, unsigned n)
{
	size_t size = 0;

	for (unsigned i = 0; i < n; i++) {
		if (places[i].len > CUIO_TRANSFER_MAX - size)
			abort(); /* the caller would not get the answer to his ioctl */
		input_bytes(input, message.bytes + size, places[i].len);
		size += places[i].len;
	}
	return size;
}

static size_t count(const struct fuse_ioctl_iovec *places, unsigned n)
{
	size_t size = 0;

	for (unsigned i = 0; i < n; i++)
		size += places[i].len;
	return size;
}

static void send_round(void)
{
	const struct asked asked = { .opcode = FUSE_IOCTL, .size = message.ioctl.out_size };

	message.header.len =
		(uint32_t)(sizeof(message.header) + sizeof(message.ioctl) + message.ioctl.in_size);
	message.header.unique = asker_next(&asker, 0, &asked);
	asker.again = false;
	if (message.header.unique && !fuzz_send_message(&asker.daemon, 0, &message))
		asker.n--;
	turn(2);
}

static uint32_t some_command(uint8_t which)
{
	static const uint32_t control[] = { CUIO_IOCTL_INFO, CUIO_IOCTL_READ, CUIO_IOCTL_WRITE,
					    CUIO_IOCTL_BATCH(0), CUIO_IOCTL_BATCH(2) };
	const struct cuio_driver *driver = asker.daemon.card->driver;

	if (which & 0x80)
		return control[which % (sizeof(control) / sizeof(control[0]))];
	return driver->n_ioctls ? driver->ioctls[which % driver->n_ioctls].number : 0;
}

/* As the kernel does it: fs/fuse/ioctl.c. */
static void call(struct input *input)
{
	uint8_t which = input_byte(input), how = input_byte(input);
	bool copies = asker.daemon.card->driver->unrestricted && !fuzz_is_file(asker.daemon.card);
	uint32_t command = some_command(which);

	message.header.nodeid = 2;
	message.header.opcode = FUSE_IOCTL;
	message.header.pid = FUZZ_ROOT;
	message.ioctl = (struct fuse_ioctl_in){
		.fh = which >> 7,
		.flags = (copies ? FUSE_IOCTL_UNRESTRICTED : 0) | (how & 1 ? FUSE_IOCTL_COMPAT : 0),
		.cmd = command,
		.arg = 0x1000,
	};
	if (!copies) {
		size_t size = _IOC_SIZE(command);

		message.ioctl.in_size = _IOC_DIR(command) & _IOC_WRITE ? (uint32_t)size : 0;
		message.ioctl.out_size = _IOC_DIR(command) & _IOC_READ ? (uint32_t)size : 0;
		input_bytes(input, message.bytes, size);
	}
	asker.daemon.probes = how & 2 ? 1 + input_byte(input) % 64U : 0;
	send_round();
	for (unsigned i = 0; asker.again && i < ROUNDS; i++) {
		message.ioctl.in_size = (uint32_t)copy(input, asker.places, asker.n_in);
		message.ioctl.out_size = (uint32_t)count(asker.places + asker.n_in, asker.n_out);
		if (how & 4)
			sim_raise(asker.daemon.card->hardware);
		send_round();
	}
}

/* --- libFuzzer -------------------------------------------------------------------------------- */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	log_set_level(LOG_EMERG);
	for (size_t i = 0; i < FUZZ_CARDS; i++)
		fuzz_card_load(&cards[i], fuzz_devices[i]);
	fuzz_card_load(&cards[FUZZ_CARDS], unrestricted_device);
	fuzz_card_load(&cards[FUZZ_CARDS + 1], scatter_device);
	replaced = cards[FUZZ_CARDS + 1].driver;
	cards[FUZZ_CARDS + 1].driver = &scatter_driver;
	return 0;
}

static void open_files(void)
{
	static const uint32_t flags[] = { O_RDWR, O_ACCMODE };

	for (unsigned i = 0; i < 2; i++) {
		const struct asked asked = { .opcode = FUSE_OPEN };
		struct {
			struct fuse_in_header header;
			struct fuse_open_in open;
		} open = { { .len = sizeof(open),
			     .opcode = FUSE_OPEN,
			     .nodeid = 2,
			     .pid = FUZZ_ROOT,
			     .unique = asker_next(&asker, 0, &asked) },
			   { .flags = flags[i] } };

		(void)fuzz_send_message(&asker.daemon, 0, &open);
		turn(2);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input input = { bytes, bytes + size };

	asker_init(&asker);
	fuzz_must(fuzz_start(&asker.daemon, &cards[input_byte(&input) % CARDS], -1),
		  "a fresh start");
	open_files();
	while (!input_ends(&input))
		call(&input);
	asker_end(&asker);
	fuzz_end(&asker.daemon);
	return 0;
}
