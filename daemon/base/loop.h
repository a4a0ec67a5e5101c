/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event loop. It waits only for descriptors (epoll), so that a request causes no timer or clock
 * calls; an alarm (base/alarm.h) is a descriptor, too. Everything runs in the thread that calls
 * loop_run().
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stddef.h>
#include <stdint.h>

struct loop;

/* A descriptor in the loop. Its owner embeds it and must remove it before freeing it. */
struct loop_source {
	int fd;
	/* Returns 0, or a negative errno that ends loop_run(). */
	int (*ready)(struct loop_source *source, uint32_t events);
};

/* The structure that `member` is embedded in. */
#define container_of(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

int loop_new(struct loop **ret);
void loop_free(struct loop *loop);

int loop_add(struct loop *loop, struct loop_source *source, uint32_t events);
void loop_remove(struct loop *loop, struct loop_source *source);

/* Runs until loop_quit() (returns 0) or until a source returns an error (returns it). */
int loop_run(struct loop *loop);
void loop_quit(struct loop *loop);

#endif
