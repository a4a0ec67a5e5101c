/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds a plug-in's file, and checks that only root could have put it there. */
#include "base/cleanup.h"
#include "driver/contract.h"
#include "driver/plugin/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *trusted_root = ""; /* tests set one */

void plugin_set_root(const char *root)
{
	trusted_root = root ? root : "";
}

/* The owner of trusted files. */
static uid_t trusted_owner(void)
{
	struct stat status;

	return *trusted_root && stat(trusted_root, &status) == 0 ? status.st_uid : 0;
}

static int tell(const struct description *description, const char *path, struct report *report,
		const char *format, ...) __attribute__((format(printf, 4, 5)));
static int tell(const struct description *description, const char *path, struct report *report,
		const char *format, ...)
{
	char text[PATH_MAX + 256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return plugin_tell(description, path, text, report);
}

static int check_owner(const struct description *description, const char *path, const char *what,
		       const struct stat *status, struct report *report)
{
	if (status->st_uid == trusted_owner() && !(status->st_mode & 022))
		return 0;
	return tell(
		description, path, report,
		"others than root may change %s%s(owner %u, mode %04o): a driver must be root's "
		"alone; chown root and chmod go-w",
		what, *what ? " " : "it ", (unsigned)status->st_uid,
		(unsigned)status->st_mode & 07777U);
}

/* A user who may write to a folder could replace the file. */
static int check_folders(const struct description *description, const char *path, const char *file,
			 struct report *report)
{
	auto_free char *folder = strdup(file);
	struct stat status;
	char *slash;

	while (folder && (slash = strrchr(folder, '/'))) {
		const char *name;

		*slash = '\0';
		if (*trusted_root && strcmp(folder, trusted_root) == 0)
			return 0;
		name = *folder ? folder : "/";
		if (stat(name, &status) < 0)
			return tell(description, path, report, "%s: %s", name, strerror(errno));
		if (check_owner(description, path, name, &status, report) < 0)
			return -EINVAL;
	}
	return folder ? 0 : -ENOMEM;
}

static int check_file(const struct description *description, const char *path, int fd,
		      struct report *report)
{
	char link[64], real[PATH_MAX];
	struct stat status;
	ssize_t n;
	int r;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return tell(description, path, report,
			    "it is no regular file, expected a shared object");
	r = check_owner(description, path, "", &status, report);
	if (r >= 0)
		r = check_folders(description, path, path, report);
	if (r < 0)
		return r;
	/* Its path without symlinks. */
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, real, sizeof(real) - 1);
	if (n < 0)
		return tell(description, path, report, "%s: %s", link, strerror(errno));
	real[n] = '\0';
	return strcmp(real, path) == 0 ? 0 : check_folders(description, path, real, report);
}

static int open_file(const struct description *description, char *path, struct report *report,
		     char **ret_path, int *ret_fd)
{
	auto_free char *owned = path;
	auto_close int fd = -1;
	int r;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return -ENOENT;
	if (fd < 0)
		return tell(description, path, report, "%s", strerror(errno));
	r = check_file(description, path, fd, report);
	if (r < 0)
		return r;
	*ret_path = take_ptr(owned);
	*ret_fd = take_fd(&fd);
	return 0;
}

int plugin_find(const struct description *description, struct report *report, char **ret_path,
		int *ret_fd)
{
	static const char *const folders[] = { PLUGIN_LOCAL_FOLDER, PLUGIN_FOLDER };
	int r = -ENOENT;

	if (description->plugin_fd >= 0) {
		*ret_path = strdup(description->plugin ? description->plugin : description->driver);
		*ret_fd = fcntl(description->plugin_fd, F_DUPFD_CLOEXEC, 0);
		return !*ret_path ? -ENOMEM : *ret_fd < 0 ? -errno : 0;
	}
	if (description->plugin) {
		r = open_file(description, strdup(description->plugin), report, ret_path, ret_fd);
		return r == -ENOENT ? tell(description, description->plugin, report,
					   "there is no such file")
				    : r;
	}
	if (!contract_name_is_good(description->driver))
		return -ENOENT;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && r == -ENOENT; i++) {
		char *path;

		if (asprintf(&path, "%s%s/%s.so", trusted_root, folders[i], description->driver) <
		    0)
			return -ENOMEM;
		r = open_file(description, path, report, ret_path, ret_fd);
	}
	return r;
}
