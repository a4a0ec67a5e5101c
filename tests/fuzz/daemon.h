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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FUZZ_CHANNELS 4U

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
	unsigned left; /* turns of the loop */
	int kernel[FUZZ_CHANNELS];
	unsigned n_channels;
	uint64_t unique;
};

/* Ends the fuzzer: the target itself is wrong. */
void fuzz_must(int r, const char *what);
/* `device`: a file, or a description's text. */
void fuzz_card_load(struct fuzz_card *card, const char *device);

/* A memfd with these bytes, as the store would pass it. */
int fuzz_memory(const uint8_t *bytes, size_t size);
/* Maps saved memory that is whole. Takes ownership of `fd`. */
struct saved *fuzz_adopt(const struct fuzz_card *card, int fd);
/* Makes all sums those of what is there. */
void fuzz_make_sums(const struct fuzz_card *card, const struct saved *saved);

/* Starts a daemon with the memory in `fd`, which it owns, or with fresh memory (-1). On failure
 * there is nothing to end. */
int fuzz_start(struct fuzz_daemon *daemon, struct fuzz_card *card, int fd);
/* Some turns of its loop. */
void fuzz_turn(struct fuzz_daemon *daemon, unsigned turns);
void fuzz_end(struct fuzz_daemon *daemon);

/* Sends a request's header, with the next number, and these bytes. */
void fuzz_send(struct fuzz_daemon *daemon, unsigned channel, uint32_t opcode, const void *body,
	       size_t size, const void *data, size_t data_size);
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
