// SPDX-License-Identifier: GPL-2.0-or-later
// One node: from a channel to a file in /dev that is as configured, and the reading of its
// requests.
#include "base/cleanup.h"
#include "base/log.h"
#include "front/internal.h"
#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

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
	cuse_decode_init(node, init, size);
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

/* --- in /dev ------------------------------------------------------------------------------- */

/* The number that the kernel gave the node. sysfs has '!' where the name has '/'. */
static bool read_number(const struct node *node, dev_t *ret)
{
	char path[128], *name = path;
	auto_fclose FILE *file = NULL;
	unsigned major, minor;

	name += snprintf(path, sizeof(path), "/sys/class/cuse/");
	snprintf(name, sizeof(path) - (size_t)(name - path), "%s/dev", node->settings->name);
	for (char *slash = name; (slash = strchr(slash, '/')) && strcmp(slash, "/dev") != 0;)
		*slash = '!';
	file = fopen(path, "re");
	if (!file || fscanf(file, "%u:%u", &major, &minor) != 2)
		return false;
	*ret = makedev(major, minor);
	return true;
}

static bool group_of(const struct instance_node *settings, gid_t *ret)
{
	const struct group *group = settings->group ? getgrnam(settings->group) : NULL;

	if (group)
		*ret = group->gr_gid;
	return group != NULL;
}

/* By hand there may be no rule of udev's for this instance: then we do it ourselves. */
static void set_permissions(const struct instance_node *settings, const char *path)
{
	gid_t group;

	if (fds_supervised() || geteuid() != 0)
		return;
	if (group_of(settings, &group) && chown(path, (uid_t)-1, group) < 0)
		log_warning("%s: cannot give it to group %s: %m", path, settings->group);
	if (settings->mode && chmod(path, settings->mode) < 0)
		log_warning("%s: cannot set its mode to %04o: %m", path, settings->mode);
}

bool node_look(struct node *node)
{
	const struct instance_node *settings = node->settings;
	auto_free char *path = NULL;
	struct stat status;
	dev_t number;
	gid_t group;

	if (node->there)
		return true;
	if (asprintf(&path, "/dev/%s", settings->name) < 0)
		return false;
	if (!read_number(node, &number) || stat(path, &status) < 0 || !S_ISCHR(status.st_mode) ||
	    status.st_rdev != number)
		return false;
	set_permissions(settings, path);
	if (stat(path, &status) < 0 || (group_of(settings, &group) && status.st_gid != group) ||
	    (settings->mode && (status.st_mode & 07777) != settings->mode))
		return false;
	device_set_owner(node->front->device, node->index, status.st_uid);
	node->there = true;
	return true;
}

void node_refresh_owner(struct node *node)
{
	auto_free char *path = NULL;
	struct stat status;

	if (asprintf(&path, "/dev/%s", node->settings->name) >= 0 && stat(path, &status) == 0)
		device_set_owner(node->front->device, node->index, status.st_uid);
}

/* --- requests ------------------------------------------------------------------------------ */

static int channel_ready(struct loop_source *source, uint32_t events)
{
	struct node *node = container_of(source, struct node, channel.source);
	struct journal *journal = node->front->journal;

	(void)events;
	for (;;) {
		void *landing = journal_landing(journal, node->index);
		ssize_t n = channel_read(&node->channel, landing, JOURNAL_LANDING_SIZE);

		if (n == 0)
			return 0;
		if (n < 0) {
			log_error("/dev/%s: the kernel has given the node up: %s",
				  node->settings->name, strerror((int)-n));
			return -ECONNABORTED;
		}
		cuse_decode(node, node->index, landing, (uint32_t)n);
		/* What needs no answer, such as the notice of a signal, is done with now. */
		journal_clear(journal, node->index);
	}
}

int node_listen(struct node *node)
{
	node->channel.source.ready = channel_ready;
	return loop_add(node->front->loop, &node->channel.source, EPOLLIN);
}
