// SPDX-License-Identifier: GPL-2.0-or-later
// The event loop on epoll.
#include "base/loop.h"
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define LOOP_EVENTS 16

struct loop {
	int epoll;
	bool quit;
	struct loop_work *work; /* NULL: none is to be done */
	bool advanced;		/* a source has done a part in this round */
	int n_events;		/* of the epoll_wait() that is being served */
	struct epoll_event events[LOOP_EVENTS];
};

int loop_new(struct loop **ret)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return -ENOMEM;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0) {
		int r = -errno;

		free(loop);
		return r;
	}
	*ret = loop;
	return 0;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	close(loop->epoll);
	free(loop);
}

int loop_add(struct loop *loop, struct loop_source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, source->fd, &event) < 0 ? -errno : 0;
}

void loop_remove(struct loop *loop, struct loop_source *source)
{
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, source->fd, NULL);
	/* A source that is removed during a round must not be called any more. */
	for (int i = 0; i < loop->n_events; i++)
		if (loop->events[i].data.ptr == source)
			loop->events[i].data.ptr = NULL;
}

void loop_defer(struct loop *loop, struct loop_work *work)
{
	loop->work = work;
	loop->advanced = true;
}

bool loop_is_deferred(const struct loop *loop)
{
	return loop->work;
}

void loop_drop_work(struct loop *loop)
{
	loop->work = NULL;
}

static int do_part(struct loop *loop)
{
	struct loop_work *work = loop->work;
	int r;

	if (!work || loop->quit)
		return 0;
	if (!loop->advanced) {
		loop->work = NULL;
		r = work->part(work);
		if (r < 0)
			return r;
	}
	loop->advanced = false;
	/* On a single CPU a program that was just answered may send its next request first. */
	sched_yield();
	return 0;
}

static int serve(struct loop *loop)
{
	for (int i = 0; i < loop->n_events && !loop->quit; i++) {
		struct loop_source *source = loop->events[i].data.ptr;
		int r = source ? source->ready(source, loop->events[i].events) : 0;

		if (r < 0)
			return r;
	}
	return do_part(loop);
}

int loop_run(struct loop *loop)
{
	loop->quit = false;
	while (!loop->quit) {
		int n = epoll_wait(loop->epoll, loop->events, LOOP_EVENTS, loop->work ? 0 : -1);
		int r;

		if (n < 0 && errno != EINTR)
			return -errno;
		loop->n_events = n < 0 ? 0 : n;
		r = serve(loop);
		loop->n_events = 0;
		if (r < 0)
			return r;
	}
	return 0;
}

void loop_quit(struct loop *loop)
{
	loop->quit = true;
}
