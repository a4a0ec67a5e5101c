/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event loop: descriptors by epoll and nothing else, so that a request costs no clock and no
 * timer. What happens at a time is an alarm (base/alarm.h), a descriptor like the others.
 * Everything runs in the thread that calls loop_run().
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stddef.h>
#include <stdint.h>

struct loop;

/* What a descriptor belongs to. Embedded in its owner, who keeps it while it is in the loop. */
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

/* Runs until loop_quit() (0) or the first error of a source. */
int loop_run(struct loop *loop);
void loop_quit(struct loop *loop);

#endif
