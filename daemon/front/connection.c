// SPDX-License-Identifier: GPL-2.0-or-later
// A connection to the kernel: opens a channel and its session, and reads requests.
#include "base/log.h"
#include "base/probe.h"
#include "front/internal.h"
#include "front/message.h"
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#define ROUND 64 /* requests per call from the loop */
#define ALONE 16 /* in so many rounds of one request there is one attempt to read another */

/* The first request is waiting in a new channel. A channel without it belonged to a predecessor
 * whose saved memory is lost. */
static int take_init(struct connection *connection)
{
	struct front *front = connection->front;
	void *buffer = request_store_receive_buffer(front->store, connection->index);
	ssize_t n = channel_read(&connection->channel, buffer, RECEIVE_BUFFER_SIZE);
	int r;

	if (n <= 0)
		return -ESTALE;
	r = request_store_save_init(front->store, connection->index);
	if (r < 0)
		return -ESTALE;
	PROBE("init-saved");
	return fds_store(front->fds, connection->channel.name, connection->channel.source.fd);
}

/* Takes the channel from the store, or opens a new one. */
static int open_channel(struct connection *connection, struct report *report)
{
	struct front *front = connection->front;
	int r = channel_take(&connection->channel, connection->index, front->fds);

	if (r < 0)
		r = front->ops->open(connection, report);
	if (r < 0)
		return r;
	connection->channel.source.fd = r;
	return 0;
}

int connection_start(struct connection *connection, struct report *report)
{
	struct request_store *store = connection->front->store;
	uint32_t size;
	void *init;
	int r;

	r = open_channel(connection, report);
	if (r < 0)
		return r;
	r = connection->front->ops->session_new(connection);
	if (r < 0)
		return r;
	if (!request_store_init(store, connection->index, &size)) {
		r = take_init(connection);
		if (r < 0)
			return r;
	}
	init = request_store_init(store, connection->index, &size);
	PROBE("init-stored");
	r = decode_init(connection, init, size,
			request_store_init_answered(store, connection->index));
	if (r < 0)
		return r;
	PROBE("init-answered");
	request_store_set_init_answered(store, connection->index);
	return 0;
}

void connection_stop(struct connection *connection)
{
	if (connection->channel.source.ready)
		loop_remove(connection->front->loop, &connection->channel.source);
	decode_detach(connection);
	channel_close(&connection->channel);
}

/*
 * Whether to try to read another request before returning to the loop. It costs a system call if
 * there is none. With several threads another request is likely. A single thread's next request is
 * ready only if the thread continued on this CPU as soon as it was answered: assume so if it was so
 * last time, and try from time to time.
 */
static bool should_read_again(struct connection *connection, uint32_t thread, unsigned served)
{
	bool several = thread != connection->thread;

	connection->thread = thread;
	if (several || served > 1) {
		connection->alone = 0;
		return true;
	}
	return connection->alone++ % ALONE == 0;
}

static int channel_ready(struct loop_source *source, uint32_t events)
{
	struct connection *connection = container_of(source, struct connection, channel.source);
	struct request_store *store = connection->front->store;

	(void)events;
	/* The limit lets interrupts, timers and the watchdog run under constant load. */
	for (unsigned served = 1; served <= ROUND; served++) {
		void *buffer = request_store_receive_buffer(store, connection->index);
		ssize_t n = channel_read(&connection->channel, buffer, RECEIVE_BUFFER_SIZE);
		uint32_t thread;

		if (n == 0)
			return 0;
		PROBE("received");
		if (n < 0) {
			log_error("%s: the connection of %s to the kernel is lost: %s",
				  connection->front->nodes[connection->index].path,
				  connection->front->ops->shared_connection ? "the mount"
									    : "the node",
				  strerror((int)-n));
			return -ECONNABORTED;
		}
		thread = message_thread(buffer);
		serve_received(connection, buffer, (uint32_t)n);
		serve_changed(connection->front);
		affinity_note(&connection->front->affinity, thread);
		if (!should_read_again(connection, thread, served) ||
		    loop_is_deferred(connection->front->loop))
			return 0;
	}
	return 0;
}

int connection_listen(struct connection *connection)
{
	connection->channel.source.ready = channel_ready;
	return loop_add(connection->front->loop, &connection->channel.source, EPOLLIN);
}
