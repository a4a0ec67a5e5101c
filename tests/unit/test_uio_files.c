/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a stored descriptor is still the card's file, where mounts differ: in namespaces of the
 * test's own. */
#include "hardware/uio_files.h"
#include "suite.h"
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Two files that are in every kernel's sysfs, and in every namespace. */
#define ONE   "kernel/uevent_seqnum"
#define OTHER "kernel/fscaps"

static char folder[32];

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return written;
}

static bool become_root(void)
{
	char users[32], groups[32];

	snprintf(users, sizeof(users), "0 %u 1", geteuid());
	snprintf(groups, sizeof(groups), "0 %u 1", getegid());
	return unshare(CLONE_NEWUSER) == 0 && write_file("/proc/self/setgroups", "deny") &&
	       write_file("/proc/self/uid_map", users) && write_file("/proc/self/gid_map", groups);
}

/* Another network namespace has a sysfs of its own. An ordinary user needs a user namespace first.
 */
static bool enter_namespaces(void)
{
	if (geteuid() != 0 && !become_root())
		return false;
	return unshare(CLONE_NEWNS | CLONE_NEWNET) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static bool mount_new(const char *type)
{
	return mount("none", folder, type, MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0;
}

/* In a child process, which takes its mounts with it. */
static bool can_mount(void)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(enter_namespaces() && mount_new("sysfs") ? 0 : 1);
	return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int open_file(const char *root, const char *name, struct stat *ret)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, ret), 0);
	return fd;
}

static const char *in_folder(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

START_TEST(a_file_of_sysfs_is_the_same_in_another_mount)
{
	struct stat ours, there;
	int fd = open_file("/sys", ONE, &ours);

	ck_assert(uio_files_same(fd, "/sys/" ONE));
	ck_assert(enter_namespaces() && mount_new("sysfs"));
	close(open_file(folder, ONE, &there));
	ck_assert(ours.st_dev != there.st_dev);
	ck_assert(uio_files_same(fd, in_folder(ONE)));
	ck_assert(!uio_files_same(fd, in_folder(OTHER)));
	ck_assert(!uio_files_same(fd, in_folder("kernel/no-such-file")));
}
END_TEST

static void make_file(const char *name)
{
	int fd = creat(in_folder(name), 0600);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

START_TEST(files_of_other_file_systems_that_share_a_number_are_not)
{
	struct stat ours, there;
	int fd;

	ck_assert(enter_namespaces() && mount_new("tmpfs"));
	make_file("file");
	fd = open_file(folder, "file", &ours);
	ck_assert(uio_files_same(fd, in_folder("file")));
	ck_assert(mount_new("tmpfs"));
	make_file("file");
	close(open_file(folder, "file", &there));
	ck_assert_uint_eq(ours.st_ino, there.st_ino);
	ck_assert(!uio_files_same(fd, in_folder("file")));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uio_files");
	TCase *cases = tcase_create("mounts");
	int status;

	strcpy(folder, "/tmp/cuio-mounts-XXXXXX");
	if (!mkdtemp(folder))
		return 1;
	if (can_mount()) {
		tcase_add_test(cases, a_file_of_sysfs_is_the_same_in_another_mount);
		tcase_add_test(cases, files_of_other_file_systems_that_share_a_number_are_not);
		suite_add_tcase(suite, cases);
		status = suite_run(suite);
	} else {
		puts("sysfs cannot be mounted in a namespace here: run it as root, outside of a "
		     "container");
		status = 77;
	}
	rmdir(folder);
	return status;
}
