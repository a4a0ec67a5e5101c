// SPDX-License-Identifier: GPL-2.0-or-later
// Nodes in /dev: their device number, group and mode.
#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "front/internal.h"
#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

int dev_check(const struct instance *instance, struct report *report)
{
	unsigned before = report->count;

	for (size_t i = 0; i < instance->n_nodes; i++) {
		const struct instance_node *node = &instance->nodes[i];
		auto_free char *path = NULL;
		struct stat status;

		if (asprintf(&path, "/dev/%s", node->name) < 0)
			return -ENOMEM;
		if (lstat(path, &status) == 0)
			report_add(report, instance->document->path, node->line,
				   "node %s: there is a %s already; give Name= another value, or "
				   "stop what serves it",
				   node->name, path);
	}
	return report->count == before ? 0 : -EEXIST;
}

/* Reads the device number that the kernel assigned. sysfs has '!' instead of '/' in names. */
static bool read_number(const struct front_node *node, dev_t *ret)
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

bool dev_group(const struct instance_node *settings, gid_t *ret)
{
	const struct group *group = settings->group ? getgrnam(settings->group) : NULL;

	if (group)
		*ret = group->gr_gid;
	return group != NULL;
}

/* Without a service manager there may be no udev rule for this instance: the daemon sets group and
 * mode itself if it is root. */
static void set_permissions(const struct instance_node *settings, const char *path)
{
	gid_t group;

	if (fds_supervised() || geteuid() != 0)
		return;
	if (dev_group(settings, &group) && chown(path, (uid_t)-1, group) < 0)
		log_warning("%s: cannot give it to group %s: %m", path, settings->group);
	if (settings->mode && chmod(path, settings->mode) < 0)
		log_warning("%s: cannot set its mode to %04o: %m", path, settings->mode);
}

static bool is_for_whom_it_should(const struct instance_node *settings, const struct stat *status)
{
	gid_t group;

	if (dev_group(settings, &group) && status->st_gid != group)
		return false;
	return !settings->mode || (status->st_mode & 07777) == settings->mode;
}

/*
 * Wrong permissions are no reason to remove a node that programs hold: root or the instance file
 * may have changed them. Only udev may correct them.
 */
static bool go_on_with_other_rights(const struct front_node *node, const struct stat *status)
{
	const struct instance_node *settings = node->settings;

	if (!check16_value(node->front->saved->header->complete))
		return false;
	log_warning("/dev/%s has group %u and mode %04o, not group %s and mode %04o as configured; "
		    "to change that: udevadm trigger --action=change /dev/%s",
		    settings->name, (unsigned)status->st_gid, (unsigned)status->st_mode & 07777U,
		    settings->group ? settings->group : "(any)", settings->mode, settings->name);
	return true;
}

bool dev_look(struct front_node *node)
{
	const struct instance_node *settings = node->settings;
	struct stat status;
	dev_t number;

	if (node->there)
		return true;
	if (!read_number(node, &number) || stat(node->path, &status) < 0 ||
	    !S_ISCHR(status.st_mode) || status.st_rdev != number)
		return false;
	set_permissions(settings, node->path);
	if (stat(node->path, &status) < 0)
		return false;
	if (!is_for_whom_it_should(settings, &status) && !go_on_with_other_rights(node, &status))
		return false;
	device_set_owner(node->front->device, node->index, status.st_uid);
	node->there = true;
	return true;
}

void dev_refresh_owner(struct front_node *node)
{
	struct stat status;

	if (stat(node->path, &status) == 0)
		device_set_owner(node->front->device, node->index, status.st_uid);
}
