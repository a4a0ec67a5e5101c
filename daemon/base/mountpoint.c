// SPDX-License-Identifier: GPL-2.0-or-later
// A FUSE mount. Its source names the instance that it belongs to.
#define FUSE_USE_VERSION 314
#include "base/mountpoint.h"
#include "base/cleanup.h"
#include "base/mounts.h"
#include <dirent.h>
#include <errno.h>
#include <fuse_lowlevel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif

struct mountpoint {
	struct fuse_session *session; /* only mounts; serves no requests */
};

int mountpoint_detach(const char *path, const char *name)
{
	for (;;) {
		auto_free char *owner = NULL;
		int r = mounts_owner(path, &owner);

		if (r == -ENOENT || r == -EBUSY || (r >= 0 && strcmp(owner, name) != 0))
			return 0;
		if (r < 0)
			return r;
		if (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
			return -errno;
	}
}

/* --- creation --------------------------------------------------------------------------------- */

static bool is_empty(DIR *folder)
{
	const struct dirent *entry;

	while ((entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return false;
	return true;
}

static int check_folder(const char *path, struct report *report)
{
	DIR *folder = opendir(path);
	int error = errno;
	bool empty;

	if (!folder) {
		report_add(report, NULL, 0, "%s, where the files are to be: %s", path,
			   strerror(error));
		return -error;
	}
	empty = is_empty(folder);
	closedir(folder);
	if (empty)
		return 0;
	report_add(report, NULL, 0,
		   "%s is not empty: the mount would hide what is in it; choose another place",
		   path);
	return -ENOTEMPTY;
}

static int check_fuse(struct report *report)
{
	int error;

	if (access("/dev/fuse", R_OK | W_OK) == 0)
		return 0;
	error = errno;
	report_add(report, NULL, 0, "/dev/fuse: %s%s", strerror(error),
		   error == ENOENT ? ": load the module with \"modprobe fuse\"; a container must "
				     "be given it (--device /dev/fuse)"
				   : "");
	return -error;
}

static int report_mount(const char *path, struct report *report)
{
	report_add(report, NULL, 0,
		   geteuid() == 0 ? "cannot mount at %s: see the line above; a container needs "
				    "CAP_SYS_ADMIN for it"
				  : "cannot mount at %s: see the line above; who is not root needs "
				    "fusermount3 (Debian's package fuse3), and a folder of his own",
		   path);
	return -EIO;
}

/* libfuse knows the option by no name in every release. No request comes of this. Kernels
 * before 5.10 ignore the flag. */
static void forbid_symlinks(const char *path)
{
	if (geteuid() == 0)
		(void)mount(NULL, path, NULL,
			    MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC |
				    MS_NOSYMFOLLOW,
			    NULL);
}

int mountpoint_new(const char *path, const char *name, struct report *report,
		   struct mountpoint **ret)
{
	static const struct fuse_lowlevel_ops nothing = { 0 };
	auto_free struct mountpoint *mountpoint = calloc(1, sizeof(*mountpoint));
	auto_free char *options = NULL;
	int r = check_fuse(report);

	if (r >= 0)
		r = check_folder(path, report);
	if (r < 0)
		return r;
	/* allow_other needs root: without it the mount is accessible only to its user. */
	if (!mountpoint || asprintf(&options,
				    "-ofsname=" MOUNTS_SOURCE "%s,subtype=" MOUNTS_SUBTYPE
				    ",noexec,default_permissions%s",
				    name, geteuid() == 0 ? ",allow_other" : "") < 0)
		return -ENOMEM;

	char *arguments[] = { (char *)"cuio", options, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(2, arguments);

	mountpoint->session = fuse_session_new(&args, &nothing, sizeof(nothing), NULL);
	if (!mountpoint->session)
		return -ENOMEM;
	if (fuse_session_mount(mountpoint->session, path) != 0) {
		fuse_session_destroy(mountpoint->session);
		return report_mount(path, report);
	}
	forbid_symlinks(path);
	*ret = take_ptr(mountpoint);
	return 0;
}

int mountpoint_fd(const struct mountpoint *mountpoint)
{
	return fuse_session_fd(mountpoint->session);
}

void mountpoint_leave(struct mountpoint *mountpoint)
{
	if (!mountpoint)
		return;
	fuse_session_destroy(mountpoint->session);
	free(mountpoint);
}

void mountpoint_free(struct mountpoint *mountpoint)
{
	if (mountpoint)
		fuse_session_unmount(mountpoint->session);
	mountpoint_leave(mountpoint);
}
