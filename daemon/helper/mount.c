/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes and removes the mount of an instance. */
#include "helper/mount.h"
#include "base/cleanup.h"
#include "base/config_path.h"
#include "base/log.h"
#include "base/mountpoint.h"
#include "base/mounts.h"
#include "base/safe_folder.h"
#include "base/stored.h"
#include "helper/helper.h"
#include "helper/original_binding.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#define OWN_FOLDERS CONFIG_MOUNTS "/"

/*
 * systemd runs a service's commands in a mount namespace of their own, even with "+". A mount made
 * there would disappear with it. Process 1 has the namespace that all programs see.
 */
static int enter_initial_namespace(void)
{
	auto_close int namespace = open("/proc/1/ns/mnt", O_RDONLY | O_CLOEXEC);

	if (namespace < 0 || setns(namespace, CLONE_NEWNS) < 0) {
		int error = errno;

		log_error("cannot enter the mount namespace of process 1 (/proc/1/ns/mnt): %s",
			  strerror(error));
		return -error;
	}
	return 0;
}

/* --- the note: the mount's path, resolved and as configured; then the symlinks ---------------- */

static void note_path(char path[static PATH_MAX], const char *name, const char *suffix)
{
	snprintf(path, PATH_MAX, BINDING_FOLDER "/%s/mount%s", name, suffix);
}

static int note_save(const struct instance *instance, const char *place)
{
	auto_fclose FILE *file = NULL;
	char path[PATH_MAX], fresh[PATH_MAX];
	int r = original_binding_make_folder(instance->name);

	if (r < 0)
		return r;
	note_path(path, instance->name, "");
	note_path(fresh, instance->name, ".new");
	file = fopen(fresh, "we");
	if (!file)
		return -errno;
	fprintf(file, "%s\n%s\n", place, instance->mount);
	for (size_t i = 0; i < instance->n_nodes; i++)
		fprintf(file, "/dev/%s\n", instance->nodes[i].name);
	return fflush(file) != 0 || rename(fresh, path) < 0 ? -errno : 0;
}

static void note_forget(const char *name)
{
	char path[PATH_MAX];

	note_path(path, name, "");
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path); /* fails while the card's record is there */
}

/* --- symlinks --------------------------------------------------------------------------------- */

static bool read_link(const char *path, char target[static PATH_MAX])
{
	ssize_t n = readlink(path, target, PATH_MAX - 1);

	if (n < 0)
		return false;
	target[n] = '\0';
	return true;
}

static int make_link(const struct instance *instance, const struct instance_node *node,
		     struct report *report)
{
	auto_free char *path = NULL, *folder = NULL, *target = instance_node_path(instance, node);
	char old[PATH_MAX];
	int r;

	if (!target || asprintf(&path, "/dev/%s", node->name) < 0)
		return -ENOMEM;
	folder = strdup(path);
	if (!folder)
		return -ENOMEM;
	*strrchr(folder, '/') = '\0';
	r = safe_folder_make(folder, instance->document->path, report);
	if (r < 0)
		return r;
	/* Left over from a previous process. */
	if (read_link(path, old) && strcmp(old, target) == 0)
		return 0;
	return symlink(target, path) < 0 ? -errno : 0;
}

static int make_links(const struct instance *instance, struct report *report)
{
	for (size_t i = 0; i < instance->n_nodes; i++) {
		int r = make_link(instance, &instance->nodes[i], report);

		if (r < 0) {
			report_add(report, NULL, 0, "cannot make the symlink /dev/%s: %s",
				   instance->nodes[i].name, strerror(-r));
			return r;
		}
	}
	return 0;
}

/* Removes the symlink, and its parent folders below /dev as far as they are empty. */
static void remove_link(const char *path, const char *mount)
{
	char target[PATH_MAX], folder[PATH_MAX];
	size_t length = strlen(mount);

	if (!read_link(path, target) || strncmp(target, mount, length) != 0 ||
	    strcmp(target + length, path + strlen("/dev")) != 0)
		return; /* replaced by somebody else */
	unlink(path);
	snprintf(folder, sizeof(folder), "%s", path);
	for (char *slash; (slash = strrchr(folder, '/')) && slash != folder + strlen("/dev");) {
		*slash = '\0';
		if (rmdir(folder) < 0)
			return;
	}
}

/* --- the mount -------------------------------------------------------------------------------- */

static int report_path(const struct instance *instance, int error, struct report *report)
{
	report_add(report, instance->document->path, 0, "%s, where the files are to be: %s",
		   instance->mount, strerror(-error));
	return error;
}

int mount_check(const struct instance *instance, struct report *report)
{
	auto_free char *place = NULL, *owner = NULL;
	int r = safe_folder_check(instance->mount, instance->document->path, report);

	if (r < 0)
		return r;
	r = mounts_resolve(instance->mount, &place);
	if (r == -ENOENT)
		return 0; /* mount_open() makes it */
	if (r < 0)
		return report_path(instance, r, report);
	r = mounts_owner(place, &owner);
	if (r == -EBUSY)
		report_add(report, instance->document->path, 0,
			   "%s: something else is mounted there; choose another Mount=", place);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (strcmp(owner, instance->name) == 0)
		return 0; /* left over, or to be replaced */
	report_add(report, instance->document->path, 0,
		   "%s: the files of instance %s are there; choose another Mount=", place, owner);
	return -EBUSY;
}

static int hand_over(const char *place, const char *name, struct fds *fds, struct report *report)
{
	struct mountpoint *mountpoint;
	int fd, r = mountpoint_new(place, name, report, &mountpoint);

	if (r < 0)
		return r;
	fd = mountpoint_fd(mountpoint);
	r = fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ? -errno
					       : fds_store(fds, stored_name(STORED_CHANNEL), fd);
	mountpoint_leave(mountpoint);
	return r;
}

int mount_open(const struct instance *instance, struct fds *fds, struct report *report)
{
	auto_free char *place = NULL;
	int r = enter_initial_namespace();

	if (r < 0)
		return r;
	r = safe_folder_make(instance->mount, instance->document->path, report);
	if (r < 0)
		return r;
	r = mounts_resolve(instance->mount, &place);
	if (r < 0)
		return report_path(instance, r, report);
	r = mount_check(instance, report);
	if (r < 0)
		return r;
	r = mountpoint_detach(place, instance->name);
	if (r >= 0)
		r = note_save(instance, place);
	if (r < 0)
		return report_path(instance, r, report);
	r = hand_over(place, instance->name, fds, report);
	if (r >= 0)
		r = make_links(instance, report);
	return r;
}

static bool read_line(FILE *file, char line[static PATH_MAX])
{
	if (!fgets(line, PATH_MAX, file))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return true;
}

int mount_undo(const char *name)
{
	auto_fclose FILE *file = NULL;
	char path[PATH_MAX], place[PATH_MAX], asked[PATH_MAX], line[PATH_MAX];
	int r = 0;

	note_path(path, name, "");
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? 0 : -errno;
	r = enter_initial_namespace();
	if (r < 0)
		return r;
	if (read_line(file, place) && read_line(file, asked)) {
		while (read_line(file, line))
			remove_link(line, asked);
		r = mountpoint_detach(place, name);
		if (strncmp(place, OWN_FOLDERS, strlen(OWN_FOLDERS)) == 0)
			rmdir(place);
	}
	if (r >= 0)
		note_forget(name);
	return r;
}

int verb_unmount(char **arguments)
{
	const char *name = arguments[0];
	int r;

	if (binding_is_kept(name))
		return 0;
	r = instance_check_name(name) < 0 ? -EINVAL : mount_undo(name);
	if (r < 0)
		log_error("cannot remove the mount of %s: %s", name, strerror(-r));
	return r;
}
