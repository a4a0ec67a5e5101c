/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stand-in for the kernel's end of a CUSE channel, for unit tests of the front: requests go over
 * a socketpair to a child process that is the daemon. It can be killed and followed by another,
 * with the same saved memory and the same channel, as systemd would have it.
 */
#ifndef TESTS_KERNEL_H
#define TESTS_KERNEL_H

#include "kernel_daemon.h"
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

static inline void kernel_start_daemon(struct kernel *kernel, bool fresh)
{
	fflush(NULL);
	kernel->daemon = fork();
	ck_assert_int_ge(kernel->daemon, 0);
	if (kernel->daemon == 0)
		daemon_run(kernel, fresh);
}

static inline void kernel_await_death(struct kernel *kernel)
{
	int status;

	ck_assert_int_eq(waitpid(kernel->daemon, &status, 0), kernel->daemon);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
		      "the daemon ended with status %#x instead of a kill", (unsigned)status);
}

/* Waits until the daemon has ended, with its status, or sends something (-1). */
static inline int kernel_await_end_or_word(struct kernel *kernel)
{
	int fd = (int)syscall(SYS_pidfd_open, kernel->daemon, 0), status;
	struct pollfd fds[] = { { .fd = fd, .events = POLLIN },
				{ .fd = kernel->channel, .events = POLLIN } };

	ck_assert_int_ge(fd, 0);
	ck_assert_msg(poll(fds, 2, KERNEL_PATIENCE) > 0, "the daemon hangs");
	close(fd);
	if (!(fds[0].revents & POLLIN))
		return -1;
	ck_assert_int_eq(waitpid(kernel->daemon, &status, 0), kernel->daemon);
	kernel->daemon = 0;
	return status;
}

/* Whether the daemon that was started refuses the saved memory and ends, as it should. */
static inline bool kernel_is_refused(struct kernel *kernel)
{
	int status = kernel_await_end_or_word(kernel);

	ck_assert_msg(status == -1 || (WIFEXITED(status) && WEXITSTATUS(status) == KERNEL_REFUSED),
		      "the daemon ended with status %#x", (unsigned)status);
	return status != -1;
}

static inline void kernel_kill_daemon(struct kernel *kernel)
{
	kill(kernel->daemon, SIGKILL);
	kernel_await_death(kernel);
	kernel->daemon = 0;
}

/* Whether the process has done all there is to do. */
static inline bool kernel_sleeps(pid_t pid)
{
	char path[64], state = '?';
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	status = fopen(path, "re");
	if (status) {
		if (fscanf(status, "%*d (%*[^)]) %c", &state) != 1)
			state = '?';
		fclose(status);
	}
	return state == 'S';
}

static inline void kernel_await_sleep(pid_t pid)
{
	while (!kernel_sleeps(pid))
		usleep(100);
}

/* The kill was the driver's: it happens inside a call. */
static inline void kernel_next_daemon(struct kernel *kernel)
{
	kernel_await_death(kernel);
	kernel_start_daemon(kernel, false);
}

/* --- requests and answers ----------------------------------------------------------------------
 */

static inline uint64_t kernel_send(struct kernel *kernel, uint32_t opcode, const void *body,
				   size_t body_size, const void *data, size_t data_size)
{
	static uint8_t message[CUIO_TRANSFER_MAX + 256];
	struct fuse_in_header header = {
		.len = (uint32_t)(sizeof(header) + body_size + data_size),
		.opcode = opcode,
		.unique = kernel->unique += 2,
		.nodeid = kernel->inode,
		.uid = kernel->uid,
		.pid = kernel->thread ? kernel->thread : KERNEL_ROOT,
	};

	kernel->answered[header.unique / 2 % 4096] = false;
	memcpy(message, &header, sizeof(header));
	memcpy(message + sizeof(header), body, body_size);
	if (data_size)
		memcpy(message + sizeof(header) + body_size, data, data_size);
	ck_assert_int_eq(send(kernel->channel, message, header.len, 0), header.len);
	return header.unique;
}

static inline bool kernel_has_answer(const struct kernel *kernel, int timeout)
{
	struct pollfd poll_fd = { .fd = kernel->channel, .events = POLLIN };

	return poll(&poll_fd, 1, timeout) > 0;
}

/* The real kernel knows what it has asked: an answer to anything else, or a second one, gets its
 * sender an error and does no harm. */
static inline bool kernel_takes(const struct kernel *kernel)
{
	uint64_t unique = kernel->header.unique;

	if (unique == 0)
		return kernel->header.error > 0; /* a notification */
	return unique <= kernel->unique && !(unique & 1) && !kernel->answered[unique / 2 % 4096];
}

static inline void kernel_receive(struct kernel *kernel)
{
	struct iovec parts[] = { { &kernel->header, sizeof(kernel->header) },
				 { kernel->payload, sizeof(kernel->payload) } };
	bool again;

	do {
		ssize_t n;

		ck_assert_msg(kernel_has_answer(kernel, KERNEL_PATIENCE),
			      "no answer: the daemon hangs");
		n = readv(kernel->channel, parts, 2);
		ck_assert_int_ge(n, (ssize_t)sizeof(kernel->header));
		kernel->payload_size = (size_t)n - sizeof(kernel->header);
		ck_assert_uint_eq(kernel->header.len, (uint32_t)n);
		again = !kernel_takes(kernel);
	} while (again);
	if (kernel->header.unique)
		kernel->answered[kernel->header.unique / 2 % 4096] = true;
}

/* The answer to this request; returns its error (0 or negative). */
static inline int kernel_answer(struct kernel *kernel, uint64_t unique)
{
	kernel_receive(kernel);
	ck_assert_uint_eq(kernel->header.unique, unique);
	return kernel->header.error;
}

static inline uint64_t kernel_send_open(struct kernel *kernel, uint32_t flags)
{
	struct fuse_open_in open = { .flags = flags };

	return kernel_send(kernel, FUSE_OPEN, &open, sizeof(open), NULL, 0);
}

static inline uint64_t kernel_open(struct kernel *kernel, uint32_t flags)
{
	uint64_t unique = kernel_send_open(kernel, flags);
	struct fuse_open_out *out = (void *)kernel->payload;

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	return out->fh;
}

static inline uint64_t kernel_send_read(struct kernel *kernel, uint64_t file, uint32_t size,
					uint32_t flags)
{
	struct fuse_read_in read = { .fh = file, .size = size, .flags = flags };

	return kernel_send(kernel, FUSE_READ, &read, sizeof(read), NULL, 0);
}

static inline uint64_t kernel_send_write(struct kernel *kernel, uint64_t file, const void *data,
					 uint32_t size, uint32_t flags)
{
	struct fuse_write_in write = { .fh = file, .size = size, .flags = flags };

	return kernel_send(kernel, FUSE_WRITE, &write, sizeof(write), data, size);
}

static inline uint64_t kernel_send_release(struct kernel *kernel, uint64_t file)
{
	struct fuse_release_in release = { .fh = file };

	return kernel_send(kernel, FUSE_RELEASE, &release, sizeof(release), NULL, 0);
}

static inline uint64_t kernel_send_ioctl(struct kernel *kernel, uint64_t file, uint32_t command,
					 const void *data, uint32_t in_size, uint32_t out_size)
{
	struct fuse_ioctl_in ioctl = {
		.fh = file, .cmd = command, .in_size = in_size, .out_size = out_size
	};

	return kernel_send(kernel, FUSE_IOCTL, &ioctl, sizeof(ioctl), data, in_size);
}

/* The ioctl's result, or its error; its data follow in *ret_data. */
static inline int kernel_ioctl_answer(struct kernel *kernel, uint64_t unique, uint8_t **ret_data)
{
	int error = kernel_answer(kernel, unique);

	*ret_data = kernel->payload + sizeof(struct fuse_ioctl_out);
	if (error)
		return error;
	return ((struct fuse_ioctl_out *)(void *)kernel->payload)->result;
}

static inline uint64_t kernel_send_poll(struct kernel *kernel, uint64_t file, uint64_t handle,
					uint32_t events)
{
	struct fuse_poll_in poll = {
		.fh = file, .kh = handle, .flags = FUSE_POLL_SCHEDULE_NOTIFY, .events = events
	};

	return kernel_send(kernel, FUSE_POLL, &poll, sizeof(poll), NULL, 0);
}

static inline uint32_t kernel_poll(struct kernel *kernel, uint64_t file, uint64_t handle,
				   uint32_t events)
{
	uint64_t unique = kernel_send_poll(kernel, file, handle, events);

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	return ((struct fuse_poll_out *)(void *)kernel->payload)->revents;
}

static inline void kernel_send_interrupt(struct kernel *kernel, uint64_t unique)
{
	struct fuse_interrupt_in interrupt = { .unique = unique };
	struct {
		struct fuse_in_header header;
		struct fuse_interrupt_in body;
	} message = { .header = { .len = sizeof(message),
				  .opcode = FUSE_INTERRUPT,
				  .unique = unique | 1 },
		      .body = interrupt };

	ck_assert_int_eq(send(kernel->channel, &message, sizeof(message), 0), sizeof(message));
}

/* --- life --------------------------------------------------------------------------------------
 */

/* `inode` as in struct kernel; 0: a CUSE channel. */
static inline struct kernel *kernel_new_as(const struct cuio_driver *driver, const char *device,
					   const char *conf, uint64_t inode)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));
	struct cuse_init_in cuse = { .major = FUSE_KERNEL_VERSION, .minor = 36 };
	struct fuse_init_in fuse = { .major = FUSE_KERNEL_VERSION,
				     .minor = 36,
				     .max_readahead = 1 << 17,
				     .flags = INT32_MAX };
	int sockets[2], size = 1 << 20;
	struct saved_plan plan;
	struct saved *saved;
	uint64_t unique;

	kernel->driver = driver;
	strcpy(kernel->folder, "/tmp/cuio-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(kernel->folder));
	kernel_write_file(kernel, "t.device", device);
	kernel_write_file(kernel, "t.conf", conf);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
	kernel->channel = sockets[0];
	kernel->daemon_channel = sockets[1];
	fcntl(sockets[1], F_SETFL, O_NONBLOCK);
	setsockopt(sockets[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(sockets[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	kernel_plan(driver, &plan);
	ck_assert_int_eq(saved_create(&plan, "unit\n", &saved), 0);
	kernel->saved = dup(saved->fd);
	saved_free(saved);
	if (inode)
		unique = kernel_send(kernel, FUSE_INIT, &fuse, sizeof(fuse), NULL, 0);
	else
		unique = kernel_send(kernel, CUSE_INIT, &cuse, sizeof(cuse), NULL, 0);
	kernel->inode = inode;
	kernel_start_daemon(kernel, true);
	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	return kernel;
}

/* `description`: the text of a description, whose Driver= does not count. */
static inline struct kernel *kernel_new_described(const struct cuio_driver *driver,
						  const char *description)
{
	return kernel_new_as(driver, description, kernel_conf, 0);
}

static inline struct kernel *kernel_new(const struct cuio_driver *driver)
{
	return kernel_new_as(driver, kernel_device, kernel_conf, 0);
}

#define KERNEL_FILE 2U /* the inode of the first node's file */

static inline struct kernel *kernel_new_file(const struct cuio_driver *driver)
{
	return kernel_new_as(driver, kernel_device, kernel_file_conf, KERNEL_FILE);
}

static inline void kernel_free(struct kernel *kernel)
{
	char command[128];

	if (kernel->daemon)
		kernel_kill_daemon(kernel);
	snprintf(command, sizeof(command), "rm -r %s", kernel->folder);
	ck_assert_int_eq(system(command), 0);
	close(kernel->channel);
	close(kernel->daemon_channel);
	close(kernel->saved);
	free(kernel);
}

#endif
