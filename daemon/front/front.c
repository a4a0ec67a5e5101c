// SPDX-License-Identifier: GPL-2.0-or-later
// All nodes of a card: creates them, waits for them in /dev, and serves them.
#include "front/front.h"
#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/mountpoint.h"
#include "front/internal.h"
#include "front/tree.h"
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#define UDEV_TIMEOUT (20 * NS_PER_SECOND) /* long enough for a machine that is busy booting */

static const struct front_ops *ops_of(const struct instance *instance)
{
	return instance->front == INSTANCE_FILE ? &file_ops : &cuse_ops;
}

static unsigned count_connections(const struct instance *instance)
{
	return ops_of(instance)->shared_connection ? 1 : (unsigned)instance->n_nodes;
}

void front_plan(const struct instance *instance, struct saved_plan *plan)
{
	request_store_plan(count_connections(instance), plan);
}

int front_check(const struct instance *instance, struct report *report)
{
	return ops_of(instance)->check(instance, report);
}

/* --- waiting for udev ---------------------------------------------------------------------- */

static void stop_watch(struct front *front)
{
	if (front->watch.fd < 0)
		return;
	loop_remove(front->loop, &front->watch);
	close(front->watch.fd);
	front->watch.fd = -1;
}

static void announce(struct front *front, int error)
{
	if (front->announced)
		return;
	front->announced = true;
	stop_watch(front);
	alarm_set(&front->udev_timeout, ALARM_NEVER);
	if (error >= 0)
		front->saved->header->complete = check16(1);
	front->listener->ready(front->listener, error);
}

static void look(struct front *front)
{
	bool all = true;

	for (unsigned i = 0; i < front->n_nodes; i++)
		all &= front->ops->look(&front->nodes[i]);
	if (all)
		announce(front, 0);
}

/* Parent folders of nodes such as "foo/bar" are created together with the nodes. */
static void watch_folders(struct front *front)
{
	for (unsigned i = 0; i < front->n_nodes; i++) {
		auto_free char *path = strdup(front->nodes[i].path);
		char *slash;

		if (!path)
			return;
		while ((slash = strrchr(path, '/')) && slash != path) {
			*slash = '\0';
			inotify_add_watch(front->watch.fd, path,
					  IN_CREATE | IN_MOVED_TO | IN_ATTRIB);
		}
	}
}

static int watch_ready(struct loop_source *source, uint32_t events)
{
	struct front *front = container_of(source, struct front, watch);
	char notes[4096];

	(void)events;
	if (read(source->fd, notes, sizeof(notes)) < 0)
		return errno == EAGAIN ? 0 : -errno;
	watch_folders(front);
	look(front);
	return 0;
}

static int udev_timeout_expired(struct alarm *alarm)
{
	struct front *front = container_of(alarm, struct front, udev_timeout);

	look(front);
	if (front->announced)
		return 0;
	for (unsigned i = 0; i < front->n_nodes; i++) {
		const struct instance_node *node = front->nodes[i].settings;

		if (!front->nodes[i].there)
			log_error("/dev/%s is not there with group %s and mode %04o: is udev "
				  "running, and are cuio's rules installed (60-cuio.rules; udevadm "
				  "control --reload)? See also dmesg",
				  node->name, node->group ? node->group : "(any)", node->mode);
	}
	announce(front, -ETIMEDOUT);
	return 0;
}

static int watch_dev(struct front *front)
{
	int r;

	front->watch.ready = watch_ready;
	front->watch.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (front->watch.fd < 0)
		return -errno;
	watch_folders(front);
	r = loop_add(front->loop, &front->watch, EPOLLIN);
	if (r < 0)
		return r;
	return alarm_set(&front->udev_timeout, alarm_now() + UDEV_TIMEOUT);
}

/* --- start and stop ------------------------------------------------------------------------ */

static void device_has_changed(struct device_listener *listener)
{
	serve_changed(container_of(listener, struct front, changed));
}

static int serve_part(struct loop_work *work)
{
	serve_changed(container_of(work, struct front, turns));
	return 0;
}

static int start_connections(struct front *front, struct report *report)
{
	for (unsigned i = 0; i < front->n_connections; i++) {
		int r = connection_start(&front->connections[i], report);

		if (r < 0)
			return r;
	}
	return 0;
}

/* The nodes may exist before front_new() has returned: the alarm lets the loop call the
 * listener. */
static int look_soon(struct front *front)
{
	int r = front->ops->shared_connection ? 0 : watch_dev(front);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < front->n_nodes; i++)
		if (!front->ops->look(&front->nodes[i]))
			return 0;
	return alarm_set(&front->udev_timeout, 0);
}

static int make_nodes(struct front *front)
{
	const struct instance *instance = front->instance;

	front->ops = ops_of(instance);
	front->restricted = !instance_is_unrestricted(instance, device_driver(front->device));
	front->n_nodes = (unsigned)instance->n_nodes;
	front->n_connections = count_connections(instance);
	for (unsigned i = 0; i < front->n_connections; i++)
		front->connections[i] =
			(struct connection){ .front = front, .index = i, .channel.source.fd = -1 };
	for (unsigned i = 0; i < front->n_nodes; i++) {
		front->nodes[i] = (struct front_node){
			.front = front,
			.index = i,
			.settings = &instance->nodes[i],
			.path = instance_node_path(instance, &instance->nodes[i]),
		};
		if (!front->nodes[i].path)
			return -ENOMEM;
	}
	return front->ops->shared_connection ? tree_new(instance, &front->tree) : 0;
}

int front_new(const struct front_setup *setup, struct report *report, struct front **ret)
{
	struct front *front = calloc(1, sizeof(*front));
	int r;

	if (!front)
		return -ENOMEM;
	front->instance = setup->instance;
	front->device = setup->device;
	front->saved = setup->saved;
	front->fds = setup->fds;
	front->loop = setup->loop;
	front->listener = setup->listener;
	affinity_init(&front->affinity, setup->instance);
	front->watch.fd = -1;
	front->start_time = time(NULL);
	r = make_nodes(front);
	if (r >= 0)
		r = request_store_new(setup->saved, front->n_connections, front->ops->init,
				      setup->fresh, &front->store);
	if (r >= 0 && !setup->fresh)
		r = resume_verify(front);
	if (r >= 0)
		r = alarm_init(&front->udev_timeout, front->loop, udev_timeout_expired);
	if (r >= 0)
		r = start_connections(front, report);
	if (r >= 0)
		r = look_soon(front);
	if (r < 0) {
		front_free(front);
		return r;
	}
	front->changed.changed = device_has_changed;
	front->turns.part = serve_part;
	*ret = front;
	return 0;
}

void front_resume(struct front *front)
{
	resume_answer(front);
}

int front_serve(struct front *front)
{
	device_listen(front->device, &front->changed);
	resume_requests(front);
	for (unsigned i = 0; i < front->n_connections; i++) {
		int r = connection_listen(&front->connections[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

void front_free(struct front *front)
{
	if (!front)
		return;
	device_listen(front->device, NULL);
	loop_drop_work(front->loop);
	/* Unmount while the kernel's requests can still be answered. */
	mountpoint_free(front->mountpoint);
	for (unsigned i = 0; i < front->n_connections; i++)
		connection_stop(&front->connections[i]);
	for (unsigned i = 0; i < front->n_nodes; i++)
		free(front->nodes[i].path);
	tree_free(front->tree);
	stop_watch(front);
	alarm_done(&front->udev_timeout, front->loop);
	request_store_free(front->store);
	free(front);
}
