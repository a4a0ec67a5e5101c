/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event loop. It waits only for descriptors (epoll), so that a request causes no timer or clock
 * calls; an alarm (base/alarm.h) is a descriptor, too. Everything runs in the thread that calls
 * loop_run().
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stdbool.h>
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

/* Work that is done in small parts, between which the loop serves all sources that are ready. */
struct loop_work {
	/* Does a part, and calls loop_defer() again if that was not all. As in loop_source. */
	int (*part)(struct loop_work *work);
};

/* Has the next part done after all sources that are ready. A source that calls this has done a part
 * itself, so that none follows in the same round. There is one work at a time. */
void loop_defer(struct loop *loop, struct loop_work *work);
/* Whether a part is still to be done. */
bool loop_is_deferred(const struct loop *loop);
void loop_drop_work(struct loop *loop);

/* Runs until loop_quit() (returns 0) or until a source returns an error (returns it). */
int loop_run(struct loop *loop);
void loop_quit(struct loop *loop);

#endif
