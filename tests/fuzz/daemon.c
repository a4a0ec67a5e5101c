/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A daemon within the fuzzer's process. */
#include "daemon.h"
#include "base/checksum.h"
#include "device/layout.h"
#include "device/record_sum.h"
#include "driver/table.h"
#include "front/request_store.h"
#include "regmap/regmap.h"
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define IDENTITY "fuzz\n"
#define PAGE	 4096U

/* libfuse keeps the arguments of a session. Other leaks are findings. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:fuse_opt_add_arg";
}

void fuzz_must(int r, const char *what)
{
	if (r >= 0)
		return;
	fprintf(stderr, "fuzzer: %s: %s\n", what, strerror(-r));
	abort();
}

static char *file_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file || getdelim(&text, &size, '\0', file) < 0)
		fuzz_must(-errno, path);
	fclose(file);
	return text;
}

void fuzz_card_load(struct fuzz_card *card, const char *device)
{
	static const char conf[] = "[Device]\nDescription=./test.device\nBackend=sim\n";
	char *text = strchr(device, '\n') ? strdup(device) : file_text(device);
	const struct kept_files files = {
		.plugin_fd = -1,
		.instance = { "test.conf", conf, strlen(conf) },
		.description = { "test.device", text, strlen(text) },
	};
	struct report report = { 0 };
	int r = instance_load_kept("test", &files, &report, &card->instance);

	if (r >= 0)
		r = driver_load(card->instance->description, &report, &card->driver);
	fuzz_must(r, report.text ? report.text : device);
	report_done(&report);
	free(text);
}

/* --- saved memory ----------------------------------------------------------------------------- */

int fuzz_memory(const uint8_t *bytes, size_t size)
{
	static const uint8_t zeros[PAGE];
	int fd = memfd_create("image", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	fuzz_must(fd < 0 || ftruncate(fd, (off_t)size) < 0 ? -errno : 0, "a memfd");
	for (size_t at = 0; at < size; at += PAGE)
		if (memcmp(bytes + at, zeros, PAGE) != 0 &&
		    pwrite(fd, bytes + at, PAGE, (off_t)at) != PAGE)
			fuzz_must(-errno, "a memfd");
	fuzz_must(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), "a memfd");
	return fd;
}

static void make_plan(const struct fuzz_card *card, struct saved_plan *plan)
{
	saved_plan_init(plan);
	device_plan(card->driver, plan);
	front_plan(card->instance, plan);
}

static int adopt(const struct fuzz_card *card, int fd, struct saved **ret)
{
	struct saved_plan plan;
	char *other = NULL;
	int r;

	make_plan(card, &plan);
	r = fd < 0 ? saved_create(&plan, IDENTITY, ret)
		   : saved_adopt(fd, &plan, IDENTITY, ret, &other);
	free(other);
	return r;
}

struct saved *fuzz_adopt(const struct fuzz_card *card, int fd)
{
	struct saved *saved;

	fuzz_must(adopt(card, fd, &saved), "memory that is whole");
	return saved;
}

void fuzz_make_sums(const struct fuzz_card *card, const struct saved *saved)
{
	struct transaction *transaction;
	struct layout layout;

	layout_init(&layout, card->driver);
	layout_place(&layout, saved);
	record_sum_all(&layout);
	/* The sums of its copies need numbers that the successor refuses otherwise. */
	transaction = layout.transaction;
	if ((transaction->file == FILE_NONE || transaction->file < RECORD_FILES) &&
	    (transaction->to_slot == SLOT_NONE || slot_is_valid(transaction->to_slot)))
		record_sum_transaction(&layout);
	request_store_make_sums(saved, (unsigned)card->instance->n_nodes);
}

/* --- the daemon ------------------------------------------------------------------------------- */

static void ready(struct front_listener *listener, int error)
{
	(void)listener, (void)error;
}

/* The kernel takes every answer. */
static int count_turn(struct loop_source *source, uint32_t events)
{
	struct fuzz_daemon *daemon = container_of(source, struct fuzz_daemon, turns);
	static uint8_t answer[CUIO_TRANSFER_MAX + 4096];

	(void)events;
	for (unsigned i = 0; i < daemon->n_channels; i++)
		while (recv(daemon->kernel[i], answer, sizeof(answer), MSG_DONTWAIT) > 0)
			;
	if (!daemon->left || !--daemon->left)
		loop_quit(daemon->loop);
	return 0;
}

void fuzz_turn(struct fuzz_daemon *daemon, unsigned turns)
{
	daemon->left = turns;
	loop_run(daemon->loop);
}

static void add_channel(struct fuzz_daemon *daemon, unsigned i)
{
	int sockets[2], size = 1 << 20;

	fuzz_must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets) < 0
			  ? -errno
			  : 0,
		  "a socketpair");
	for (int j = 0; j < 2; j++)
		setsockopt(sockets[j], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	daemon->kernel[i] = sockets[0];
	fuzz_must(fds_add(daemon->fds, stored_name(STORED_CHANNEL + i), sockets[1]), "a channel");
}

static void close_all(struct fuzz_daemon *daemon)
{
	front_free(daemon->front);
	device_free(daemon->device);
	if (daemon->loop && daemon->turns.fd >= 0)
		loop_remove(daemon->loop, &daemon->turns);
	close(daemon->turns.fd);
	loop_free(daemon->loop);
	hardware_close(daemon->card->hardware);
	daemon->card->hardware = NULL;
	saved_free(daemon->saved);
	fds_free(daemon->fds);
	for (unsigned i = 0; i < daemon->n_channels; i++)
		close(daemon->kernel[i]);
}

static int start_parts(struct fuzz_daemon *daemon, bool fresh, struct report *report)
{
	struct fuzz_card *card = daemon->card;
	const struct device_setup setup = { .instance = card->instance,
					    .driver = card->driver,
					    .hardware = card->hardware,
					    .saved = daemon->saved,
					    .fresh = fresh };
	struct front_setup front = { .instance = card->instance,
				     .saved = daemon->saved,
				     .fds = daemon->fds,
				     .loop = daemon->loop,
				     .listener = &daemon->listener,
				     .fresh = fresh };
	int r = device_new(&setup, report, &daemon->device);

	if (r < 0)
		return r;
	front.device = daemon->device;
	r = front_new(&front, report, &daemon->front);
	if (r < 0)
		return r;
	if (!fresh)
		front_resume(daemon->front);
	r = device_start(daemon->device, daemon->loop);
	return r < 0 ? r : front_serve(daemon->front);
}

int fuzz_start(struct fuzz_daemon *daemon, struct fuzz_card *card, int fd)
{
	static const struct cuse_init_in init = { .major = FUSE_KERNEL_VERSION, .minor = 36 };
	struct report report = { 0 };
	struct hardware_spec spec;
	int r;

	*daemon = (struct fuzz_daemon){ .card = card,
					.unique = daemon->unique,
					.listener.ready = ready,
					.turns.ready = count_turn };
	fuzz_must(fds_new(&daemon->fds), "descriptors");
	fuzz_must(loop_new(&daemon->loop), "a loop");
	daemon->turns.fd = eventfd(1, EFD_CLOEXEC);
	fuzz_must(loop_add(daemon->loop, &daemon->turns, EPOLLIN), "a loop");
	instance_hardware(card->instance, &spec);
	spec.sim_model = card->model;
	fuzz_must(hardware_open(&spec, daemon->fds, &report, &card->hardware), "hardware");
	fuzz_must(regmap_bind(&card->instance->description->regmap, card->hardware, &report),
		  "registers");
	for (; daemon->n_channels < card->instance->n_nodes; daemon->n_channels++) {
		add_channel(daemon, daemon->n_channels);
		if (fd < 0)
			fuzz_send(daemon, daemon->n_channels, CUSE_INIT, &init, sizeof(init), NULL,
				  0);
	}
	r = adopt(card, fd, &daemon->saved);
	if (r >= 0)
		r = start_parts(daemon, fd < 0, &report);
	if (r < 0)
		close_all(daemon);
	report_done(&report);
	return r;
}

void fuzz_end(struct fuzz_daemon *daemon)
{
	close_all(daemon);
}

/* --- requests --------------------------------------------------------------------------------- */

void fuzz_send(struct fuzz_daemon *daemon, unsigned channel, uint32_t opcode, const void *body,
	       size_t size, const void *data, size_t data_size)
{
	static uint8_t message[CUIO_TRANSFER_MAX + 4096];
	struct fuse_in_header header = { .len = (uint32_t)(sizeof(header) + size + data_size),
					 .opcode = opcode,
					 .unique = daemon->unique += 2,
					 .pid = 1 };

	memcpy(message, &header, sizeof(header));
	memcpy(message + sizeof(header), body, size);
	if (data_size)
		memcpy(message + sizeof(header) + size, data, data_size);
	/* What there is no room for is lost. */
	(void)!send(daemon->kernel[channel], message, header.len, 0);
}

void fuzz_send_open(struct fuzz_daemon *daemon, unsigned channel, uint32_t flags)
{
	const struct fuse_open_in open = { .flags = flags };

	fuzz_send(daemon, channel, FUSE_OPEN, &open, sizeof(open), NULL, 0);
}

void fuzz_send_release(struct fuzz_daemon *daemon, unsigned channel, uint64_t file)
{
	const struct fuse_release_in release = { .fh = file };

	fuzz_send(daemon, channel, FUSE_RELEASE, &release, sizeof(release), NULL, 0);
}

void fuzz_send_read(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, uint32_t size)
{
	const struct fuse_read_in read = { .fh = file, .size = size, .flags = O_RDWR };

	fuzz_send(daemon, channel, FUSE_READ, &read, sizeof(read), NULL, 0);
}

void fuzz_send_write(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, const void *data,
		     uint32_t size)
{
	const struct fuse_write_in write = { .fh = file, .size = size, .flags = O_RDWR };

	fuzz_send(daemon, channel, FUSE_WRITE, &write, sizeof(write), data, size);
}

void fuzz_send_ioctl(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, uint32_t command,
		     const void *data, uint32_t size)
{
	const struct fuse_ioctl_in ioctl = {
		.fh = file, .cmd = command, .in_size = size, .out_size = size
	};

	fuzz_send(daemon, channel, FUSE_IOCTL, &ioctl, sizeof(ioctl), data, size);
}

void fuzz_send_poll(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, uint64_t handle)
{
	const struct fuse_poll_in poll = { .fh = file,
					   .kh = handle,
					   .flags = FUSE_POLL_SCHEDULE_NOTIFY,
					   .events = CUIO_READY_IN | CUIO_READY_OUT };

	fuzz_send(daemon, channel, FUSE_POLL, &poll, sizeof(poll), NULL, 0);
}
