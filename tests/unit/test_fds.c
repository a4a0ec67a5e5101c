/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors by name, and what is sent to a service manager's socket. */
#include "base/fds.h"
#include "base/stored.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct fds *fds;
static char folder[] = "/tmp/cuio-test-XXXXXX";

static void setup(void)
{
	unsetenv("NOTIFY_SOCKET");
	unsetenv("RUNTIME_DIRECTORY");
	ck_assert_int_eq(fds_new(&fds), 0);
}

static void teardown(void)
{
	fds_free(fds);
}

static int make_fd(void)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

START_TEST(each_name_is_taken_once)
{
	int fd = make_fd();

	ck_assert_int_eq(fds_take(fds, "uio"), -1);
	ck_assert_int_eq(fds_add(fds, "uio", fd), 0);
	ck_assert(fds_has(fds, "uio") && fds_stored(fds, "uio"));
	ck_assert_uint_eq(fds_count(fds), 1);
	ck_assert_int_eq(fds_take(fds, "uio"), fd);
	ck_assert_int_eq(fds_take(fds, "uio"), -1);
	ck_assert(!fds_has(fds, "uio") && fds_stored(fds, "uio"));
	close(fd);
}
END_TEST

START_TEST(of_two_with_one_name_the_later_is_right)
{
	int first = make_fd(), second = make_fd();

	fds_add(fds, "config", first);
	fds_add(fds, "config", second);
	ck_assert_int_lt(fcntl(first, F_GETFD), 0);
	ck_assert_int_eq(fds_take(fds, "config"), second);
	close(second);
}
END_TEST

START_TEST(what_nobody_took_is_closed)
{
	int fd = make_fd();

	fds_add(fds, "bar0", fd);
	fds_free(fds);
	ck_assert_int_lt(fcntl(fd, F_GETFD), 0);
	ck_assert_int_eq(fds_new(&fds), 0);
}
END_TEST

START_TEST(without_a_service_manager_nothing_is_stored)
{
	int fd = make_fd();

	ck_assert(!fds_supervised());
	ck_assert_int_eq(fds_store(fds, "uio", fd), 0);
	ck_assert(!fds_stored(fds, "uio"));
	ck_assert_int_eq(fds_remove(fds, "uio"), 0);
	close(fd);
}
END_TEST

START_TEST(names_that_systemd_refuses_are_refused)
{
	ck_assert_int_eq(fds_store(fds, "", 0), -EINVAL);
	ck_assert_int_eq(fds_store(fds, "a:b", 0), -EINVAL);
	ck_assert_int_eq(fds_store(fds, "a b", 0), -EINVAL);
	ck_assert_int_eq(fds_store(fds, "channel16", 0), -EINVAL); /* not in base/stored.h */
	ck_assert_int_eq(fds_remove(fds, "a\nFDSTORE=1"), -EINVAL);
}
END_TEST

/* --- a service manager that answers barriers and prints what it is told --- */

static void manager_answer(int socket, FILE *log)
{
	char text[512], control[CMSG_SPACE(sizeof(int) * 4)];
	struct iovec data = { text, sizeof(text) - 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (n <= 0)
		_exit(0);
	text[n] = '\0';
	if (!strstr(text, "BARRIER=1")) {
		for (char *c = text; *c; c++)
			*c = *c == '\n' ? ' ' : *c;
		fprintf(log, "%s%s\n", text, header ? " +fd" : "");
		fflush(log);
	}
	if (header && header->cmsg_type == SCM_RIGHTS)
		close(*(int *)(void *)CMSG_DATA(header));
}

static pid_t manager_start(const char *log)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int socket_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", folder);
	ck_assert_int_eq(bind(socket_fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	pid = fork();
	if (pid == 0) {
		FILE *file = fopen(log, "w");

		for (;;)
			manager_answer(socket_fd, file);
	}
	close(socket_fd);
	return pid;
}

/* Ends the manager; `expected` is what it was told. */
static void manager_was_told(pid_t pid, const char *log, const char *expected)
{
	char text[4096] = "";
	FILE *file;

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	file = fopen(log, "r");
	ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, file), 0);
	fclose(file);
	ck_assert_str_eq(text, expected);
	unlink(log);
	unlink(getenv("NOTIFY_SOCKET"));
	rmdir(folder);
}

START_TEST(storing_is_told_with_fdpoll_off_and_once)
{
	int fd = make_fd(), other = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	char log[64];
	pid_t pid;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(log, sizeof(log), "%s/log", folder);
	pid = manager_start(log);
	ck_assert(fds_supervised());
	ck_assert_int_eq(fds_store(fds, "uio", fd), 0);
	ck_assert(fds_stored(fds, "uio") && !fds_has(fds, "uio"));
	ck_assert_int_eq(fds_store(fds, "uio", fd), 0); /* is there already */
	ck_assert_int_eq(fds_store(fds, "uio", other), 0);
	ck_assert_int_eq(fds_remove(fds, "uio"), 0);
	ck_assert(!fds_stored(fds, "uio"));
	manager_was_told(pid, log,
			 "FDSTORE=1 FDNAME=uio FDPOLL=0 +fd\n"
			 "FDSTOREREMOVE=1 FDNAME=uio\n"
			 "FDSTORE=1 FDNAME=uio FDPOLL=0 +fd\n"
			 "FDSTOREREMOVE=1 FDNAME=uio\n");
	close(fd);
	close(other);
}
END_TEST

START_TEST(what_may_be_stored_is_removed_by_its_name)
{
	char log[64], *expected = NULL;
	size_t size;
	FILE *text = open_memstream(&expected, &size);
	pid_t pid;

	ck_assert_int_eq(fds_forget_all(), 0); /* there is nobody to tell */
	strcpy(strrchr(folder, '-') + 1, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(log, sizeof(log), "%s/log", folder);
	pid = manager_start(log);
	ck_assert_int_eq(fds_forget_all(), 0);
	for (unsigned i = 0; i < N_STORED; i++)
		fprintf(text, "FDSTOREREMOVE=1 FDNAME=%s\n", stored_name(i));
	fclose(text);
	manager_was_told(pid, log, expected);
	free(expected);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fds");
	TCase *cases = tcase_create("store");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, each_name_is_taken_once);
	tcase_add_test(cases, of_two_with_one_name_the_later_is_right);
	tcase_add_test(cases, what_nobody_took_is_closed);
	tcase_add_test(cases, without_a_service_manager_nothing_is_stored);
	tcase_add_test(cases, names_that_systemd_refuses_are_refused);
	tcase_add_test(cases, storing_is_told_with_fdpoll_off_and_once);
	tcase_add_test(cases, what_may_be_stored_is_removed_by_its_name);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
