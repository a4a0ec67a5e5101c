/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a card's files, or takes them from the store if they still belong to the card. */
#include "hardware/uio_files.h"
#include "base/cleanup.h"
#include "base/stored.h"
#include "hardware/card.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

const char *uio_files_bar_name(unsigned bar)
{
	return stored_name(STORED_BAR + bar);
}

int uio_files_explain(const struct uio_files *files, const char *what, int error,
		      struct report *report)
{
	const struct hardware_spec *spec = files->spec;

	if (error == -EPERM && card_locked_down())
		report_add(report, spec->file, spec->line,
			   "card pci:%s: cannot %s: " CARD_LOCKED_DOWN, files->card.slot, what);
	else if (error == -EPERM || error == -EACCES)
		report_add(report, spec->file, spec->line,
			   "card pci:%s: no permission to %s: run as root, or start "
			   "cuiod@%s.service, whose helper hands the files over or logs why not",
			   files->card.slot, what, spec->instance ? spec->instance : "NAME");
	else
		report_add(report, spec->file, spec->line, "card pci:%s: cannot %s: %s",
			   files->card.slot, what, strerror(-error));
	return error;
}

/* sysfs has another device number in each network namespace, such as that of a service with
 * PrivateNetwork=. The inode numbers are the same in all. */
static bool both_in_sysfs(int fd, const char *path)
{
	struct statfs ours, there;

	return fstatfs(fd, &ours) == 0 && statfs(path, &there) == 0 && ours.f_type == SYSFS_MAGIC &&
	       there.f_type == SYSFS_MAGIC;
}

/* Every file of sysfs and devtmpfs gets a new inode when the card comes back. */
bool uio_files_same(int fd, const char *path)
{
	struct stat ours, there;

	return fstat(fd, &ours) == 0 && stat(path, &there) == 0 && ours.st_ino == there.st_ino &&
	       (ours.st_dev == there.st_dev || both_in_sysfs(fd, path));
}

int uio_files_stale(const struct uio_files *files, struct fds *fds, struct report *report)
{
	report_add(report, files->spec->file, files->spec->line,
		   "card pci:%s went away and came back: its files are opened anew",
		   files->card.slot);
	fds_remove(fds, stored_name(STORED_UIO));
	fds_remove(fds, stored_name(STORED_CONFIG));
	for (unsigned i = 0; i < PCI_CARD_BARS; i++) {
		if (fds_stored(fds, uio_files_bar_name(i)))
			fds_remove(fds, uio_files_bar_name(i));
	}
	return -ESTALE;
}

static int take(const struct uio_files *files, struct fds *fds, const char *name, const char *path,
		struct report *report)
{
	int fd = fds ? fds_take(fds, name) : -1;

	if (fd < 0)
		return -ENOENT;
	if (uio_files_same(fd, path))
		return fd;
	close(fd);
	return uio_files_stale(files, fds, report);
}

static int take_or_open(const struct uio_files *files, struct fds *fds, const char *name,
			const char *path, int flags, struct report *report)
{
	char what[PATH_MAX + 16];
	int fd = take(files, fds, name, path, report);

	if (fd != -ENOENT)
		return fd;
	fd = open(path, flags | O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	fd = -errno;
	snprintf(what, sizeof(what), "open %s", path);
	return uio_files_explain(files, what, fd, report);
}

static int take_or_open_sysfs(const struct uio_files *files, struct fds *fds, const char *name,
			      const char *file, struct report *report)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/devices/%s/%s", pci_card_root(), files->card.slot, file);
	return take_or_open(files, fds, name, path, 0, report);
}

int uio_files_device(const struct uio_files *files, struct fds *fds, struct report *report)
{
	return take_or_open(files, fds, stored_name(STORED_UIO), files->device, O_NONBLOCK, report);
}

int uio_files_config(const struct uio_files *files, struct fds *fds, struct report *report)
{
	return take_or_open_sysfs(files, fds, stored_name(STORED_CONFIG), "config", report);
}

int uio_files_bar(const struct uio_files *files, const struct window_spec *window, struct fds *fds,
		  struct report *report)
{
	char file[24];

	snprintf(file, sizeof(file), "resource%u%s", window->bar,
		 window->write_combine ? "_wc" : "");
	return take_or_open_sysfs(files, fds, uio_files_bar_name(window->bar), file, report);
}
