/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A daemon within the fuzzer's process. */
#include "daemon.h"
#include "base/checksum.h"
#include "base/probe.h"
#include "device/layout.h"
#include "device/record_sum.h"
#include "driver/table.h"
#include "front/request_store.h"
#include "regmap/regmap.h"
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define IDENTITY "fuzz\n"
#define PAGE	 4096U

/* The daemon that ends at one of its probes. */
static struct fuzz_daemon *mortal;

/* libfuse keeps the arguments of a session. Other leaks are findings. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:fuse_opt_add_arg";
}

/* A start frees large blocks, which the sanitizer keeps for long otherwise. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=16";
}

/* There is no /dev to watch. Ending a real one takes the kernel longer than all that is tried. */
int inotify_init1(int flags)
{
	(void)flags;
	return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	(void)fd, (void)path, (void)mask;
	return 1;
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

void fuzz_card_load_as(struct fuzz_card *card, const char *device, const char *conf)
{
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

void fuzz_card_load(struct fuzz_card *card, const char *device)
{
	fuzz_card_load_as(card, device, FUZZ_NODES);
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

static bool raw_access(uint32_t thread)
{
	return thread == FUZZ_ROOT;
}

/* The kernel takes every answer. */
void fuzz_take_answers(struct fuzz_daemon *daemon)
{
	static uint8_t answer[CUIO_TRANSFER_MAX + 8192];
	ssize_t n;

	for (unsigned i = 0; i < daemon->n_channels; i++)
		while ((n = recv(daemon->kernel[i], answer, sizeof(answer), MSG_DONTWAIT)) > 0)
			if (daemon->answered)
				daemon->answered(daemon, i, answer, (size_t)n);
}

static int count_turn(struct loop_source *source, uint32_t events)
{
	struct fuzz_daemon *daemon = container_of(source, struct fuzz_daemon, turns);

	(void)events;
	fuzz_take_answers(daemon);
	if (!daemon->left || !--daemon->left)
		loop_quit(daemon->loop);
	return 0;
}

bool fuzz_turn(struct fuzz_daemon *daemon, unsigned turns)
{
	daemon->left = turns;
	if (setjmp(daemon->death))
		return false;
	mortal = daemon;
	loop_run(daemon->loop);
	mortal = NULL;
	return true;
}

/* In the place of tests/vm/killable/probe.c. */
void probe(const char *name)
{
	struct fuzz_daemon *daemon = mortal;

	(void)name;
	/* A front half made could not be taken away. */
	if (!daemon || !daemon->front || !daemon->probes || --daemon->probes)
		return;
	mortal = NULL;
	longjmp(daemon->death, 1);
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
	daemon->stored[STORED_CHANNEL + i] = sockets[1];
}

static void end_process(struct fuzz_daemon *daemon)
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
	daemon->front = NULL;
	daemon->device = NULL;
	daemon->loop = NULL;
	daemon->saved = NULL;
	daemon->fds = NULL;
}

static void close_all(struct fuzz_daemon *daemon)
{
	end_process(daemon);
	for (unsigned i = 0; i < daemon->n_channels; i++)
		close(daemon->kernel[i]);
	for (unsigned i = 0; i < N_STORED; i++)
		if (daemon->stored[i] >= 0)
			close(daemon->stored[i]);
}

static int start_parts(struct fuzz_daemon *daemon, bool fresh, struct report *report)
{
	struct fuzz_card *card = daemon->card;
	const struct device_setup setup = { .instance = card->instance,
					    .driver = card->driver,
					    .hardware = card->hardware,
					    .saved = daemon->saved,
					    .fresh = fresh,
					    .raw_access = raw_access };
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

static int start_process(struct fuzz_daemon *daemon, int fd)
{
	struct fuzz_card *card = daemon->card;
	struct report report = { 0 };
	struct hardware_spec spec;
	int r;

	fuzz_must(fds_new(&daemon->fds), "descriptors");
	fuzz_must(loop_new(&daemon->loop), "a loop");
	daemon->turns.fd = eventfd(1, EFD_CLOEXEC);
	fuzz_must(loop_add(daemon->loop, &daemon->turns, EPOLLIN), "a loop");
	for (unsigned i = 0; i < N_STORED; i++)
		if (daemon->stored[i] >= 0)
			fuzz_must(fds_add(daemon->fds, stored_name(i), dup(daemon->stored[i])),
				  stored_name(i));
	instance_hardware(card->instance, &spec);
	spec.sim_model = card->model;
	fuzz_must(hardware_open(&spec, daemon->fds, &report, &card->hardware), "hardware");
	fuzz_must(regmap_bind(&card->instance->description->regmap, card->hardware, &report),
		  "registers");
	r = adopt(card, fd, &daemon->saved);
	if (r >= 0)
		r = start_parts(daemon, fd < 0, &report);
	report_done(&report);
	return r;
}

static void send_init(struct fuzz_daemon *daemon, unsigned channel)
{
	static const struct cuse_init_in cuse = { .major = FUSE_KERNEL_VERSION, .minor = 36 };
	static const struct fuse_init_in fuse = { .major = FUSE_KERNEL_VERSION,
						  .minor = 36,
						  .max_readahead = 1 << 17,
						  .flags = INT32_MAX };

	if (fuzz_is_file(daemon->card))
		fuzz_send(daemon, channel, FUSE_INIT, &fuse, sizeof(fuse), NULL, 0);
	else
		fuzz_send(daemon, channel, CUSE_INIT, &cuse, sizeof(cuse), NULL, 0);
}

int fuzz_start(struct fuzz_daemon *daemon, struct fuzz_card *card, int fd)
{
	unsigned n = fuzz_is_file(card) ? 1 : (unsigned)card->instance->n_nodes;
	int r;

	*daemon = (struct fuzz_daemon){ .card = card,
					.unique = daemon->unique,
					.answered = daemon->answered,
					.listener.ready = ready,
					.turns.ready = count_turn };
	memset(daemon->stored, -1, sizeof(daemon->stored));
	for (; daemon->n_channels < n; daemon->n_channels++) {
		add_channel(daemon, daemon->n_channels);
		if (fd < 0)
			send_init(daemon, daemon->n_channels);
	}
	r = start_process(daemon, fd);
	if (r < 0)
		close_all(daemon);
	return r;
}

static int keep_card(void *context, const char *name, int fd)
{
	struct fuzz_daemon *daemon = context;

	for (unsigned i = 0; i < N_STORED; i++)
		if (strcmp(stored_name(i), name) == 0 && daemon->stored[i] < 0)
			daemon->stored[i] = dup(fd);
	return 0;
}

int fuzz_kill(struct fuzz_daemon *daemon)
{
	struct saved *saved = daemon->saved;
	int fd = dup(saved->fd);

	fuzz_take_answers(daemon);
	fuzz_must(hardware_each_fd(daemon->card->hardware, keep_card, daemon), "the card");
	/* What is done to end the process within this one is not seen by its successor. */
	if (mmap(saved->header, saved->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd,
		 0) == MAP_FAILED)
		fuzz_must(-errno, "a private copy");
	end_process(daemon);
	return fd;
}

int fuzz_succeed(struct fuzz_daemon *daemon, int fd)
{
	int r;

	if (setjmp(daemon->death))
		return 1;
	mortal = daemon;
	r = start_process(daemon, fd);
	mortal = NULL;
	if (r < 0)
		close_all(daemon);
	return r;
}

void fuzz_end(struct fuzz_daemon *daemon)
{
	close_all(daemon);
}
