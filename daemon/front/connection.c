// SPDX-License-Identifier: GPL-2.0-or-later
// One node: from a channel to a file in /dev that is as configured, and the reading of its
// requests.
#include "base/kill_point.h"
#include "base/log.h"
#include "front/internal.h"
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#define NODE_ROUND 64 /* requests at a time */

/* A fresh channel has its CUSE_INIT waiting; one without was used by a predecessor that is lost. */
static int take_init(struct node *node)
{
	struct front *front = node->front;
	void *landing = journal_landing(front->journal, node->index);
	ssize_t n = channel_read(&node->channel, landing, JOURNAL_LANDING_SIZE);
	int r;

	if (n <= 0)
		return -ESTALE;
	r = journal_save_init(front->journal, node->index);
	if (r < 0)
		return -ESTALE;
	kill_point("init-saved");
	return fds_store(front->fds, node->channel.name, node->channel.source.fd);
}

int node_start(struct node *node, struct report *report)
{
	struct journal *journal = node->front->journal;
	uint32_t size;
	void *init;
	int r;

	r = channel_open(&node->channel, node->index, node->front->fds, report);
	if (r < 0)
		return r;
	r = cuse_session_new(node);
	if (r < 0)
		return r;
	if (!journal_init(journal, node->index, &size)) {
		r = take_init(node);
		if (r < 0)
			return r;
	}
	init = journal_init(journal, node->index, &size);
	/* A session that was answered for is only told what it once agreed to. */
	node->channel.muted = journal_init_answered(journal, node->index);
	kill_point("init-stored");
	cuse_decode_init(node, init, size);
	kill_point("init-answered");
	node->channel.muted = false;
	journal_set_init_answered(journal, node->index);
	return 0;
}

void node_stop(struct node *node)
{
	if (node->channel.source.ready)
		loop_remove(node->front->loop, &node->channel.source);
	cuse_session_free(node);
	channel_close(&node->channel);
}

static int channel_ready(struct loop_source *source, uint32_t events)
{
	struct node *node = container_of(source, struct node, channel.source);
	struct journal *journal = node->front->journal;

	(void)events;
	/* Interrupts, timers and the watchdog have their turn also when requests never end. */
	for (unsigned i = 0; i < NODE_ROUND; i++) {
		void *landing = journal_landing(journal, node->index);
		ssize_t n = channel_read(&node->channel, landing, JOURNAL_LANDING_SIZE);
		uint32_t thread;

		if (n == 0)
			return 0;
		kill_point("received");
		if (n < 0) {
			log_error("/dev/%s: the kernel has given the node up: %s",
				  node->settings->name, strerror((int)-n));
			return -ECONNABORTED;
		}
		thread = journal_thread(journal, node->index);
		cuse_decode(node, node->index, landing, (uint32_t)n);
		/* What needs no answer, such as the notice of a signal, is done with now. */
		journal_clear(journal, node->index);
		affinity_note(&node->front->affinity, thread);
	}
	return 0;
}

int node_listen(struct node *node)
{
	node->channel.source.ready = channel_ready;
	return loop_add(node->front->loop, &node->channel.source, EPOLLIN);
}
