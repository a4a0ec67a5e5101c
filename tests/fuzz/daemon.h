/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A daemon within the fuzzer's process, for targets that need all of it: a simulated card, saved
 * memory, and channels that are socketpairs. What the kernel would send is sent by fuzz_send_*().
 */
#ifndef FUZZ_DAEMON_H
#define FUZZ_DAEMON_H

#include "base/stored.h"
#include "config/kept_files.h"
#include "front/front.h"
#include "hardware/sim.h"
#include <cuio/ioctl.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FUZZ_CHANNELS 4U
#define FUZZ_ROOT     1U /* the thread that has root's rights of the machine */

/* Instance files. */
#define FUZZ_NODES "[Device]\nDescription=./test.device\nBackend=sim\n"
#define FUZZ_FILES FUZZ_NODES "Front=file\nMount=/run/cuio-fuzz\n"

/* What is loaded once. */
struct fuzz_card {
	struct instance *instance;
	const struct cuio_driver *driver;
	const struct sim_model *model; /* NULL: the description's */
	struct hardware *hardware;     /* while a daemon runs */
};

struct fuzz_daemon {
	struct fuzz_card *card;
	struct fds *fds;
	struct saved *saved;
	struct loop *loop;
	struct cuio_device *device;
	struct front *front;
	struct front_listener listener;
	struct loop_source turns;
	unsigned left;	      /* turns of the loop */
	unsigned probes;      /* until it is killed at one; 0: not */
	jmp_buf death;	      /* where that leads to */
	int stored[N_STORED]; /* what outlives it; -1: none */
	int kernel[FUZZ_CHANNELS];
	unsigned n_channels;
	uint64_t unique;
	/* Called for each message that it sends; NULL: all are right. */
	void (*answered)(struct fuzz_daemon *daemon, unsigned channel, const void *bytes,
			 size_t size);
};

/* Ends the fuzzer: the target itself is wrong. */
void fuzz_must(int r, const char *what);
/* `device`: a file, or a description's text. */
void fuzz_card_load(struct fuzz_card *card, const char *device);
/* With this instance file. */
void fuzz_card_load_as(struct fuzz_card *card, const char *device, const char *conf);

static inline bool fuzz_is_file(const struct fuzz_card *card)
{
	return card->instance->front == INSTANCE_FILE;
}

/* A memfd with these bytes, as the store would pass it. */
int fuzz_memory(const uint8_t *bytes, size_t size);
/* Maps saved memory that is whole. Takes ownership of `fd`. */
struct saved *fuzz_adopt(const struct fuzz_card *card, int fd);
/* Makes all sums those of what is there. */
void fuzz_make_sums(const struct fuzz_card *card, const struct saved *saved);

/* Starts a daemon with the memory in `fd`, which it owns, or with fresh memory (-1). On failure
 * there is nothing to end. */
int fuzz_start(struct fuzz_daemon *daemon, struct fuzz_card *card, int fd);
/* Some turns of its loop. False: it was killed at a probe. */
bool fuzz_turn(struct fuzz_daemon *daemon, unsigned turns);
/* Takes what it has sent so far. */
void fuzz_take_answers(struct fuzz_daemon *daemon);
/* As if it were killed now. Returns its memory, for fuzz_succeed(). */
int fuzz_kill(struct fuzz_daemon *daemon);
/* Starts a successor, with that memory, its channels and its card. As fuzz_start(); 1: it was
 * killed at a probe, too. */
int fuzz_succeed(struct fuzz_daemon *daemon, int fd);
void fuzz_end(struct fuzz_daemon *daemon);

/* Sends a request's header, with the next number, and these bytes. */
void fuzz_send(struct fuzz_daemon *daemon, unsigned channel, uint32_t opcode, const void *body,
	       size_t size, const void *data, size_t data_size);
/* Any message, which begins with its header. False: there is no room for it. */
bool fuzz_send_message(struct fuzz_daemon *daemon, unsigned channel, const void *message);
/* A signal for a request. */
void fuzz_send_interrupt(struct fuzz_daemon *daemon, unsigned channel, uint64_t unique);
void fuzz_send_open(struct fuzz_daemon *daemon, unsigned channel, uint32_t flags);
void fuzz_send_release(struct fuzz_daemon *daemon, unsigned channel, uint64_t file);
void fuzz_send_read(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, uint32_t size);
void fuzz_send_write(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, const void *data,
		     uint32_t size);
/* An ioctl whose argument goes both ways. */
void fuzz_send_ioctl(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, uint32_t command,
		     const void *data, uint32_t size);
void fuzz_send_poll(struct fuzz_daemon *daemon, unsigned channel, uint64_t file, uint64_t handle);

#endif
