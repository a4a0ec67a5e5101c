// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The benchmark's node, served as libfuse's own examples do it: cuse_lowlevel_setup(), then its
 * loop with one thread or with many, and a thread for the interrupts. It survives nothing.
 *
 *	stock [-m] [-u] registers|events|memory SLOT NAME
 *
 * registers	read() and EDU_IOCTL_IDENT read a register, write() writes one
 * events	read() blocks until there was an interrupt since the last one, and gives its cause
 * memory	read() and write() move the bytes at the file's position
 * -m		many threads
 * -u		unrestricted ioctls
 */
#define FUSE_USE_VERSION 314
#include "card.h"
#include <cuio/edu.h>
#include <cuse_lowlevel.h>
#include <err.h>
#include <errno.h>
#include <fuse_lowlevel.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file {
	size_t position;
	uint32_t seen;
	struct fuse_pollhandle *poll;
	fuse_req_t waiting;
	struct file *next;
};

static struct card card;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file *files; /* with what follows, under the lock */
static uint32_t events, cause;

static struct file *file_of(const struct fuse_file_info *info)
{
	return (struct file *)(uintptr_t)info->fh;
}

static void node_open(fuse_req_t req, struct fuse_file_info *info)
{
	struct file *file = calloc(1, sizeof(*file));

	if (!file) {
		fuse_reply_err(req, ENOMEM);
		return;
	}
	pthread_mutex_lock(&lock);
	file->seen = events;
	file->next = files;
	files = file;
	pthread_mutex_unlock(&lock);
	info->fh = (uintptr_t)file;
	fuse_reply_open(req, info);
}

static void node_release(fuse_req_t req, struct fuse_file_info *info)
{
	struct file *file = file_of(info), **link = &files;

	pthread_mutex_lock(&lock);
	while (*link != file)
		link = &(*link)->next;
	*link = file->next;
	pthread_mutex_unlock(&lock);
	if (file->poll)
		fuse_pollhandle_destroy(file->poll);
	free(file);
	fuse_reply_err(req, 0);
}

/* --- registers --- */

static void registers_read(fuse_req_t req, size_t size, off_t offset, struct fuse_file_info *info)
{
	uint32_t value;

	(void)offset, (void)info;
	if (size < sizeof(value)) {
		fuse_reply_err(req, EINVAL);
		return;
	}
	value = card_get(&card, CARD_IDENT);
	fuse_reply_buf(req, (const char *)&value, sizeof(value));
}

static void registers_write(fuse_req_t req, const char *data, size_t size, off_t offset,
			    struct fuse_file_info *info)
{
	uint32_t value;

	(void)offset, (void)info;
	if (size != sizeof(value)) {
		fuse_reply_err(req, EINVAL);
		return;
	}
	memcpy(&value, data, sizeof(value));
	card_set(&card, CARD_LIVENESS, value);
	fuse_reply_write(req, size);
}

static void registers_ioctl(fuse_req_t req, int command, void *argument,
			    struct fuse_file_info *info, unsigned flags, const void *in,
			    size_t in_size, size_t out_size)
{
	const struct iovec out = { .iov_base = argument, .iov_len = sizeof(uint32_t) };
	uint32_t value;

	(void)info, (void)in, (void)in_size;
	if ((unsigned)command != EDU_IOCTL_IDENT) {
		fuse_reply_err(req, ENOTTY);
		return;
	}
	if (!out_size && (flags & FUSE_IOCTL_UNRESTRICTED)) {
		fuse_reply_ioctl_retry(req, NULL, 0, &out, 1);
		return;
	}
	value = card_get(&card, CARD_IDENT);
	fuse_reply_ioctl(req, 0, &value, sizeof(value));
}

/* --- events --- */

static void answer_event(fuse_req_t req, struct file *file)
{
	file->seen = events;
	fuse_reply_buf(req, (const char *)&cause, sizeof(cause));
}

static void events_read(fuse_req_t req, size_t size, off_t offset, struct fuse_file_info *info)
{
	struct file *file = file_of(info);

	(void)offset;
	pthread_mutex_lock(&lock);
	if (size < sizeof(cause) || file->waiting)
		fuse_reply_err(req, EINVAL);
	else if (file->seen != events)
		answer_event(req, file);
	else if (info->flags & O_NONBLOCK)
		fuse_reply_err(req, EAGAIN);
	else
		file->waiting = req;
	pthread_mutex_unlock(&lock);
}

static void events_poll(fuse_req_t req, struct fuse_file_info *info, struct fuse_pollhandle *poll)
{
	struct file *file = file_of(info);

	pthread_mutex_lock(&lock);
	if (poll) {
		if (file->poll)
			fuse_pollhandle_destroy(file->poll);
		file->poll = poll;
	}
	fuse_reply_poll(req, file->seen != events ? POLLIN : 0);
	pthread_mutex_unlock(&lock);
}

static void tell(struct file *file)
{
	if (file->waiting) {
		answer_event(file->waiting, file);
		file->waiting = NULL;
	}
	if (file->poll) {
		fuse_lowlevel_notify_poll(file->poll);
		fuse_pollhandle_destroy(file->poll);
		file->poll = NULL;
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
			for (struct file *file = files; file; file = file->next)
				tell(file);
		}
		pthread_mutex_unlock(&lock);
		card_unmask(&card);
	}
	return NULL;
}

/* Not earlier: cuse_lowlevel_setup() may fork. */
static void events_init_done(void *unused)
{
	pthread_t thread;

	(void)unused;
	if (pthread_create(&thread, NULL, events_thread, NULL))
		errx(1, "no thread");
}

/* --- memory --- */

static size_t memory_left(const struct file *file, size_t size)
{
	size_t left = card.memory_size - file->position;

	return size < left ? size : left;
}

/* The kernel does not take an answer straight from the card's memory: it cannot pin it. */
static void memory_read(fuse_req_t req, size_t size, off_t offset, struct fuse_file_info *info)
{
	struct file *file = file_of(info);
	size_t n = memory_left(file, size);
	char *bytes = malloc(n);

	(void)offset;
	if (!bytes) {
		fuse_reply_err(req, ENOMEM);
		return;
	}
	memcpy(bytes, (char *)card.memory + file->position, n);
	file->position += n;
	fuse_reply_buf(req, bytes, n);
	free(bytes);
}

static void memory_write(fuse_req_t req, const char *data, size_t size, off_t offset,
			 struct fuse_file_info *info)
{
	struct file *file = file_of(info);
	size_t n = memory_left(file, size);

	(void)offset;
	memcpy((char *)card.memory + file->position, data, n);
	file->position += n;
	fuse_reply_write(req, n);
}

/* --- */

static void take_large_writes(void *unused, struct fuse_conn_info *connection)
{
	(void)unused;
	connection->max_write = 128 * 1024;
}

static const struct cuse_lowlevel_ops registers = {
	.open = node_open,
	.release = node_release,
	.read = registers_read,
	.write = registers_write,
	.ioctl = registers_ioctl,
};

static const struct cuse_lowlevel_ops interrupts = {
	.init_done = events_init_done,
	.open = node_open,
	.release = node_release,
	.read = events_read,
	.poll = events_poll,
};

static const struct cuse_lowlevel_ops memory = {
	.init = take_large_writes,
	.open = node_open,
	.release = node_release,
	.read = memory_read,
	.write = memory_write,
};

static const struct cuse_lowlevel_ops *mode(const char *name, const char *slot)
{
	if (strcmp(name, "memory") == 0) {
		card_open_memory(&card, slot);
		return &memory;
	}
	card_open(&card, slot);
	if (strcmp(name, "registers") == 0)
		return &registers;
	if (strcmp(name, "events") == 0)
		return &interrupts;
	errx(2, "no mode %s", name);
}

int main(int argc, char **argv)
{
	char *arguments[] = { argv[0], (char *)"-f", (char *)"-s", NULL };
	char device[64];
	const char *names[] = { device };
	struct cuse_info info = { .dev_info_argc = 1, .dev_info_argv = names };
	struct fuse_session *session;
	int multithreaded, option, count = 3, r;

	while ((option = getopt(argc, argv, "mu")) != -1) {
		if (option == 'm')
			count = 2;
		else if (option == 'u')
			info.flags |= CUSE_UNRESTRICTED_IOCTL;
		else
			return 2;
	}
	if (argc - optind != 3)
		errx(2, "stock [-m] [-u] registers|events|memory SLOT NAME");
	snprintf(device, sizeof(device), "DEVNAME=%s", argv[optind + 2]);
	session = cuse_lowlevel_setup(count, arguments, &info, mode(argv[optind], argv[optind + 1]),
				      &multithreaded, NULL);
	if (!session)
		return 1;
	if (multithreaded) {
		struct fuse_loop_config *config = fuse_loop_cfg_create();

		r = fuse_session_loop_mt(session, config);
		fuse_loop_cfg_destroy(config);
	} else {
		r = fuse_session_loop(session);
	}
	cuse_lowlevel_teardown(session);
	return r ? 1 : 0;
}
