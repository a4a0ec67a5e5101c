// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The benchmark's node without libfuse, doing the least that the kernel demands: a blocking read(),
 * the access, a writev(). What no daemon can go below; it survives nothing and checks little. The
 * protocol is the kernel's include/uapi/linux/fuse.h.
 *
 *	floor [-u] registers|events|memory SLOT NAME	(as stock.c)
 */
#include "card.h"
#include <cuio/edu.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define TRANSFER_MAX (128 * 1024)
#define FILES_MAX    64

struct file {
	size_t position;
	uint32_t seen;
	uint64_t waiting; /* a read's number, 0: none */
	uint64_t poll;
	bool polled;
};

static struct card card;
static int channel;
static bool unrestricted;
static void (*serve)(const struct fuse_in_header *in, const void *argument);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file files[FILES_MAX]; /* with what follows, under the lock */
static uint32_t n_files, events, cause;

static void answer(uint64_t unique, int error, const void *data, size_t size, const void *more,
		   size_t more_size)
{
	struct fuse_out_header out = { .len = (uint32_t)(sizeof(out) + size + more_size),
				       .error = error,
				       .unique = unique };
	struct iovec parts[] = { { .iov_base = &out, .iov_len = sizeof(out) },
				 { .iov_base = (void *)data, .iov_len = size },
				 { .iov_base = (void *)more, .iov_len = more_size } };

	/* ENOENT: its caller has gone. */
	if (writev(channel, parts, more_size ? 3 : size ? 2 : 1) < 0 && errno != ENOENT)
		err(1, "answer");
}

static void answer_data(const struct fuse_in_header *in, const void *data, size_t size)
{
	answer(in->unique, 0, data, size, NULL, 0);
}

static void answer_written(const struct fuse_in_header *in, size_t size)
{
	const struct fuse_write_out out = { .size = (uint32_t)size };

	answer(in->unique, 0, &out, sizeof(out), NULL, 0);
}

/* --- registers --- */

static void registers_ioctl(const struct fuse_in_header *in, const struct fuse_ioctl_in *ioctl)
{
	struct fuse_ioctl_out out = { 0 };
	uint32_t value;

	if (ioctl->cmd != EDU_IOCTL_IDENT) {
		answer(in->unique, -ENOTTY, NULL, 0, NULL, 0);
	} else if (unrestricted && !ioctl->out_size) {
		const struct fuse_ioctl_iovec place = { .base = ioctl->arg, .len = sizeof(value) };

		out.flags = FUSE_IOCTL_RETRY;
		out.out_iovs = 1;
		answer(in->unique, 0, &out, sizeof(out), &place, sizeof(place));
	} else {
		value = card_get(&card, CARD_IDENT);
		answer(in->unique, 0, &out, sizeof(out), &value, sizeof(value));
	}
}

static void serve_registers(const struct fuse_in_header *in, const void *argument)
{
	uint32_t value;

	switch (in->opcode) {
	case FUSE_READ:
		value = card_get(&card, CARD_IDENT);
		answer_data(in, &value, sizeof(value));
		break;
	case FUSE_WRITE:
		memcpy(&value, (const struct fuse_write_in *)argument + 1, sizeof(value));
		card_set(&card, CARD_LIVENESS, value);
		answer_written(in, sizeof(value));
		break;
	case FUSE_IOCTL:
		registers_ioctl(in, argument);
		break;
	default:
		answer(in->unique, -ENOSYS, NULL, 0, NULL, 0);
	}
}

/* --- events --- */

static void answer_event(struct file *file, uint64_t unique)
{
	file->seen = events;
	answer(unique, 0, &cause, sizeof(cause), NULL, 0);
}

static void serve_events(const struct fuse_in_header *in, const void *argument)
{
	pthread_mutex_lock(&lock);
	if (in->opcode == FUSE_READ) {
		const struct fuse_read_in *read = argument;
		struct file *file = &files[read->fh];

		if (file->seen != events)
			answer_event(file, in->unique);
		else
			file->waiting = in->unique;
	} else if (in->opcode == FUSE_POLL) {
		const struct fuse_poll_in *poll = argument;
		struct file *file = &files[poll->fh];
		const struct fuse_poll_out out = { .revents = file->seen != events ? POLLIN : 0 };

		if (poll->flags & FUSE_POLL_SCHEDULE_NOTIFY) {
			file->poll = poll->kh;
			file->polled = true;
		}
		answer_data(in, &out, sizeof(out));
	} else {
		answer(in->unique, -ENOSYS, NULL, 0, NULL, 0);
	}
	pthread_mutex_unlock(&lock);
}

static void tell(struct file *file)
{
	if (file->waiting) {
		answer_event(file, file->waiting);
		file->waiting = 0;
	}
	if (file->polled) {
		const struct fuse_notify_poll_wakeup_out wakeup = { .kh = file->poll };

		answer(0, FUSE_NOTIFY_POLL, &wakeup, sizeof(wakeup), NULL, 0);
		file->polled = false;
	}
}

static void *events_thread(void *unused)
{
	(void)unused;
	for (;;) {
		uint32_t taken = card_take_interrupt(&card);

		pthread_mutex_lock(&lock);
		if (taken) {
			cause = taken;
			events++;
			for (uint32_t i = 0; i < n_files; i++)
				tell(&files[i]);
		}
		pthread_mutex_unlock(&lock);
		card_unmask(&card);
	}
	return NULL;
}

/* --- memory --- */

static size_t memory_left(const struct file *file, size_t size)
{
	size_t left = card.memory_size - file->position;

	return size < left ? size : left;
}

static void serve_memory(const struct fuse_in_header *in, const void *argument)
{
	static char bytes[TRANSFER_MAX];

	if (in->opcode == FUSE_READ) {
		const struct fuse_read_in *read = argument;
		struct file *file = &files[read->fh];
		size_t n = memory_left(file, read->size);

		memcpy(bytes, (char *)card.memory + file->position, n);
		file->position += n;
		answer_data(in, bytes, n);
	} else if (in->opcode == FUSE_WRITE) {
		const struct fuse_write_in *write = argument;
		struct file *file = &files[write->fh];
		size_t n = memory_left(file, write->size);

		memcpy((char *)card.memory + file->position, write + 1, n);
		file->position += n;
		answer_written(in, n);
	} else {
		answer(in->unique, -ENOSYS, NULL, 0, NULL, 0);
	}
}

/* --- */

static void open_file(const struct fuse_in_header *in)
{
	struct fuse_open_out out = { 0 };

	if (n_files == FILES_MAX)
		n_files = 0; /* the benchmark has never so many open at a time */
	pthread_mutex_lock(&lock);
	out.fh = n_files++;
	files[out.fh] = (struct file){ .seen = events };
	pthread_mutex_unlock(&lock);
	answer_data(in, &out, sizeof(out));
}

static void take(const struct fuse_in_header *in)
{
	switch (in->opcode) {
	case FUSE_OPEN:
		open_file(in);
		break;
	case FUSE_RELEASE:
		answer(in->unique, 0, NULL, 0, NULL, 0);
		break;
	case FUSE_INTERRUPT:
		break;
	default:
		serve(in, in + 1);
	}
}

static void begin(const struct fuse_in_header *in, const char *name)
{
	char device[64];
	struct cuse_init_out out = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.flags = unrestricted ? CUSE_UNRESTRICTED_IOCTL : 0,
		.max_read = TRANSFER_MAX,
		.max_write = TRANSFER_MAX,
	};
	int size = snprintf(device, sizeof(device), "DEVNAME=%s", name);

	answer(in->unique, 0, &out, sizeof(out), device, (size_t)size + 1);
}

static void open_mode(const char *name, const char *slot)
{
	pthread_t thread;

	if (strcmp(name, "memory") == 0) {
		serve = serve_memory;
		card_open_memory(&card, slot);
		return;
	}
	card_open(&card, slot);
	serve = serve_registers;
	if (strcmp(name, "events") == 0) {
		serve = serve_events;
		if (pthread_create(&thread, NULL, events_thread, NULL))
			errx(1, "no thread");
	}
}

int main(int argc, char **argv)
{
	static union {
		struct fuse_in_header in;
		char bytes[TRANSFER_MAX + 4096];
	} request;

	if (argc > 1 && strcmp(argv[1], "-u") == 0) {
		unrestricted = true;
		argv++;
		argc--;
	}
	if (argc != 4)
		errx(2, "floor [-u] registers|events|memory SLOT NAME");
	open_mode(argv[1], argv[2]);
	channel = open("/dev/cuse", O_RDWR | O_CLOEXEC);
	if (channel < 0)
		err(1, "/dev/cuse");
	for (;;) {
		ssize_t n = read(channel, &request, sizeof(request));

		if (n < 0 && (errno == ENOENT || errno == EINTR))
			continue;
		if (n < 0)
			err(1, "read of a request");
		if (request.in.opcode == CUSE_INIT)
			begin(&request.in, argv[3]);
		else
			take(&request.in);
	}
}
