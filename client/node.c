// SPDX-License-Identifier: GPL-2.0-or-later
/* A node of cuiod, opened only for ioctls. */
#include "node.h"
#include "base/cleanup.h"
#include "base/mounts.h"
#include "base/unrestricted_nodes.h"
#include "message.h"
#include "suggest.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define NODE_LIST_MAX	  256U
#define NODE_IOCTL_ACCESS 3 /* neither read nor write: open(2) of a device only for ioctls */

static int kernel_call(struct node *node, unsigned long number, void *argument)
{
	int r = ioctl(node->fd, number, argument);

	return r < 0 ? -errno : r;
}

int node_call(struct node *node, unsigned long number, void *argument)
{
	return node->call(node, number, argument);
}

int node_ask(struct node *node)
{
	int r = node_call(node, CUIO_IOCTL_INFO, &node->info);
	struct cuio_info *info = &node->info;

	if (r < 0)
		return r;
	info->instance[sizeof(info->instance) - 1] = 0;
	info->node_name[sizeof(info->node_name) - 1] = 0;
	info->driver[sizeof(info->driver) - 1] = 0;
	info->description[sizeof(info->description) - 1] = 0;
	info->title[sizeof(info->title) - 1] = 0;
	info->backend[sizeof(info->backend) - 1] = 0;
	info->card[sizeof(info->card) - 1] = 0;
	info->last_crash_cause[sizeof(info->last_crash_cause) - 1] = 0;
	info->daemon_version[sizeof(info->daemon_version) - 1] = 0;
	return 0;
}

static bool class_device(const char *entry, dev_t *ret)
{
	char path[sizeof(NODE_CLASS) + NODE_NAME_SIZE + 8];
	auto_fclose FILE *file = NULL;
	unsigned major_number, minor_number;

	snprintf(path, sizeof(path), "%s/%s/dev", NODE_CLASS, entry);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%u:%u", &major_number, &minor_number) != 2)
		return false;
	*ret = makedev(major_number, minor_number);
	return true;
}

bool node_exists(const char *name)
{
	char entry[NODE_NAME_SIZE];
	dev_t number;

	snprintf(entry, sizeof(entry), "%s", name);
	for (char *at = entry; *at; at++)
		if (*at == '/')
			*at = '!';
	return class_device(entry, &number);
}

static void as_path(char *name)
{
	for (char *at = name; *at; at++)
		if (*at == '!')
			*at = '/';
}

/* Lists the names of CUSE devices below /dev: all (`number` 0), or that of this number. */
static size_t class_list(char names[][NODE_NAME_SIZE], size_t max, dev_t number)
{
	DIR *directory = opendir(NODE_CLASS);
	struct dirent *entry;
	size_t n = 0;

	if (!directory)
		return 0;
	while (n < max && (entry = readdir(directory))) {
		dev_t device;

		if (entry->d_name[0] == '.' || !class_device(entry->d_name, &device) ||
		    (number && number != device))
			continue;
		snprintf(names[n], NODE_NAME_SIZE, "%s", entry->d_name);
		as_path(names[n++]);
	}
	closedir(directory);
	return n;
}

static int not_a_node(const char *name, const char *why)
{
	char(*names)[NODE_NAME_SIZE] = calloc(NODE_LIST_MAX, NODE_NAME_SIZE);
	char text[SUGGEST_SIZE];
	const char *wrong = strncmp(name, "/dev/", 5) ? name : name + 5;
	size_t n;

	if (!names)
		return message_memory();
	n = class_list(names, NODE_LIST_MAX, 0);
	message_failed("%s %s; nodes on this machine: %s", name, why,
		       suggest(text, wrong, names[0], NODE_NAME_SIZE, n));
	free(names);
	return MESSAGE_FAILED;
}

/* The kernel copies for such an ioctl what the daemon names, of this process. */
static void warn_if_unrestricted(const char *name, const char *node)
{
	if (geteuid() == 0 && unrestricted_nodes_have(UNRESTRICTED_FOLDER, node))
		message_note("%s: its ioctls are unrestricted: its daemon can read and change the "
			     "memory of this process, which is root's; use it as another user, or "
			     "set Ioctl=restricted, see cuio.conf(5)",
			     name);
}

static int open_failed(const char *name, const struct stat *status, int error)
{
	const struct passwd *user = getpwuid(status->st_uid);
	const struct group *group = getgrgid(status->st_gid);

	if (error != EACCES && error != EPERM)
		return message_failed("%s: %s", name, strerror(error));
	return message_failed("%s: %s: cuioctl needs read and write permission, the node is %s:%s "
			      "%04o",
			      name, strerror(error), user ? user->pw_name : "?",
			      group ? group->gr_name : "?", status->st_mode & 07777);
}

/* The node may be replaced between stat and open: compares both files. */
static int open_checked(const char *name, const char *path, const struct stat *before)
{
	auto_close int fd = open(path, NODE_IOCTL_ACCESS | O_CLOEXEC | O_NOCTTY);
	struct stat after;

	if (fd < 0) {
		open_failed(name, before, errno);
		return -1;
	}
	if (fstat(fd, &after) < 0 || ((after.st_mode ^ before->st_mode) & S_IFMT) ||
	    after.st_rdev != before->st_rdev || after.st_dev != before->st_dev ||
	    after.st_ino != before->st_ino) {
		message_failed("%s: it was replaced while it was being opened; try again", name);
		return -1;
	}
	return take_fd(&fd);
}

int node_open(const char *name, struct node *ret)
{
	struct node node = { .fd = -1, .name = name, .call = kernel_call };
	char of_class[1][NODE_NAME_SIZE] = { "" };
	auto_free char *path = NULL;
	struct stat status;

	if (asprintf(&path, "%s%s", *name == '/' ? "" : "/dev/", name) < 0) {
		path = NULL;
		return message_memory();
	}
	if (stat(path, &status) < 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			return not_a_node(name, "does not exist");
		return message_failed("%s: %s", name, strerror(errno));
	}
	if (!(S_ISCHR(status.st_mode) && class_list(of_class, 1, status.st_rdev)) &&
	    !(S_ISREG(status.st_mode) && mounts_have(status.st_dev)))
		return not_a_node(name, "is not a cuio node");
	node.fd = open_checked(name, path, &status);
	if (node.fd < 0)
		return MESSAGE_FAILED;
	warn_if_unrestricted(name, of_class[0]);
	if (node_ask(&node) < 0) {
		node_close(&node);
		return not_a_node(name, "is not a cuio node (another program's CUSE device)");
	}
	*ret = node;
	return 0;
}

void node_close(struct node *node)
{
	if (node->fd >= 0)
		close(node->fd);
	node->fd = -1;
}

int node_refused(const struct node *node, const char *what, int error)
{
	if (error == -EPERM)
		return message_failed("%s: registers and interrupts are for root and the node's "
				      "owner%s: %s",
				      node->name,
				      geteuid() == 0 ? "; root needs CAP_SYS_RAWIO, outside of any "
						       "user namespace"
						     : "",
				      strerror(EPERM));
	if (error == -ENOTCONN || error == -ECONNABORTED)
		return message_failed("%s: its daemon has stopped: %s", node->name,
				      strerror(-error));
	return message_failed("%s: %s", what, strerror(-error));
}
