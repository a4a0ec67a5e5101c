// SPDX-License-Identifier: GPL-2.0-or-later
// A plug-in for QEMU's edu card that attacks: what somebody would try who runs code in a daemon.
// tests/vm/suite.d/plugin.sh has it make each attempt, which must fail.
#define _GNU_SOURCE
#include <cuio/driver.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

struct
try {
	uint32_t number;
	int32_t victim; /* another instance's process */
	int32_t result; /* 0: it succeeded; errno; -1: there is no such number */
	uint32_t unused;
	char name[32];
	char card[32]; /* slot of another card */
};

#define ATTACK_TRY _IOWR('a', 1, struct try)

static const char *card;
static int victim;

/* errno of a system call that returned `r`, 0 if it succeeded. */
static int outcome(long r)
{
	return r < 0 ? errno : 0;
}

static int try_open(int flags, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int try_open(int flags, const char *format, ...)
{
	va_list arguments;
	char path[256];
	int fd;

	va_start(arguments, format);
	vsnprintf(path, sizeof(path), format, arguments);
	va_end(arguments);
	fd = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* --- another instance ------------------------------------------------------------------------- */

static int read_memory(void)
{
	return try_open(O_RDONLY, "/proc/%d/mem", victim);
}

static int write_memory(void)
{
	return try_open(O_WRONLY, "/proc/%d/mem", victim);
}

static int open_its_files(void)
{
	int result = EBADF;

	for (int fd = 0; fd < 64; fd++) {
		result = try_open(O_RDWR, "/proc/%d/fd/%d", victim, fd);
		if (result == 0)
			return 0;
	}
	return result;
}

static int open_its_directory(void)
{
	return try_open(O_RDONLY | O_DIRECTORY, "/proc/%d/root/", victim);
}

static int copy_memory(long number)
{
	char byte = 0;
	struct iovec own = { &byte, 1 }, other = { &byte, 1 };

	/* A permission comes before the address: EFAULT means that it was given. */
	return outcome(syscall(number, victim, &own, 1UL, &other, 1UL, 0UL)) == EFAULT ? 0 : errno;
}

static int vm_read(void)
{
	return copy_memory(SYS_process_vm_readv);
}

static int vm_write(void)
{
	return copy_memory(SYS_process_vm_writev);
}

static int trace(void)
{
	return outcome(ptrace(PTRACE_SEIZE, victim, NULL, NULL));
}

static int take_descriptor(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, victim, 0);

	return outcome(pidfd < 0 ? pidfd : syscall(SYS_pidfd_getfd, pidfd, 3, 0));
}

static int compare(void)
{
	return outcome(syscall(SYS_kcmp, getpid(), victim, 0, 0, 0));
}

static int send_signal(void)
{
	return outcome(kill(victim, 0));
}

static int queue_signal(void)
{
	return outcome(sigqueue(victim, 0, (union sigval){ 0 }));
}

static int its_namespace(void)
{
	return try_open(O_RDONLY, "/proc/%d/ns/mnt", victim);
}

/* --- what is shared --------------------------------------------------------------------------- */

static int shared_memory(void)
{
	return outcome(shm_open("/attack", O_RDWR | O_CREAT, 0600));
}

static int lock_folder(void)
{
	return try_open(O_WRONLY | O_CREAT, "/run/lock/attack");
}

static int ipc(long number)
{
	return outcome(syscall(number, IPC_PRIVATE, number == SYS_semget ? 1L : 0600L,
			       IPC_CREAT | 0600, 0L));
}

static int message_queue(void)
{
	return ipc(SYS_msgget);
}

static int semaphore(void)
{
	return ipc(SYS_semget);
}

static int segment(void)
{
	return outcome(syscall(SYS_shmget, IPC_PRIVATE, 4096L, IPC_CREAT | 0600));
}

static int posix_queue(void)
{
	return outcome(syscall(SYS_mq_open, "attack", O_RDWR | O_CREAT, 0600, NULL));
}

static int add_key(void)
{
	return outcome(syscall(SYS_add_key, "user", "attack", "x", 1L, -2L));
}

static int request_key(void)
{
	return outcome(syscall(SYS_request_key, "user", "attack", NULL, -2L));
}

static int keyctl(void)
{
	return outcome(syscall(SYS_keyctl, 0L, -3L, 1L));
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), result;

	if (fd < 0)
		return errno;
	strcpy(address.sun_path, path);
	result = outcome(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	close(fd);
	return result;
}

static int bus(void)
{
	return connect_to("/run/dbus/system_bus_socket");
}

static int manager(void)
{
	return connect_to("/run/systemd/private");
}

/* --- the machine ------------------------------------------------------------------------------ */

static int internet(void)
{
	return outcome(socket(AF_INET, SOCK_STREAM, 0));
}

static int netlink(void)
{
	return outcome(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int new_namespace(void)
{
	return outcome(unshare(CLONE_NEWUSER));
}

static int clone_namespace(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return outcome(pid);
}

static int uring(void)
{
	char parameters[256] = { 0 };

	return outcome(syscall(SYS_io_uring_setup, 1, parameters));
}

static int bpf(void)
{
	char attributes[128] = { 0 };

	return outcome(syscall(SYS_bpf, 0, attributes, sizeof(attributes)));
}

static int perf(void)
{
	char attributes[128] = { 0 };

	return outcome(syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0UL));
}

static int fault(void)
{
	return outcome(syscall(SYS_userfaultfd, 1 /* UFFD_USER_MODE_ONLY */));
}

static int become_root(void)
{
	return outcome(setuid(0));
}

static int writable_code(void)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return code == MAP_FAILED ? errno : 0;
}

static int other_config(void)
{
	return try_open(O_WRONLY, "/sys/bus/pci/devices/%s/config", card);
}

static int other_window(void)
{
	return try_open(O_RDWR, "/sys/bus/pci/devices/%s/resource0", card);
}

static int own_config(void)
{
	return try_open(O_WRONLY, "/sys/bus/pci/devices/0000:00:04.0/config");
}

static int memory(void)
{
	return try_open(O_RDONLY, "/dev/mem");
}

static int kernel_log(void)
{
	return try_open(O_RDONLY, "/dev/kmsg");
}

static int port_file(void)
{
	return try_open(O_RDWR, "/dev/port");
}

static int set_kernel(void)
{
	return try_open(O_WRONLY, "/proc/sysrq-trigger");
}

static int etc(void)
{
	return try_open(O_WRONLY | O_CREAT, "/etc/cuio/attack.conf");
}

static int foreign_folder(void)
{
	return try_open(O_WRONLY | O_CREAT, "/run/cuio/edusim0/attack");
}

static int set_uid_file(void)
{
	int fd = open("/tmp/attack", O_WRONLY | O_CREAT | O_CLOEXEC, 0700), result;

	if (fd < 0)
		return errno;
	result = outcome(fchmod(fd, 04700));
	close(fd);
	return result;
}

/* --- what a serving process has given up ------------------------------------------------------ */

static int run_program(void)
{
	char *const none[] = { NULL };

	return outcome(execve("/bin/true", none, none));
}

static int run_descriptor(void)
{
	int fd = open("/bin/true", O_PATH | O_CLOEXEC);
	char *const none[] = { NULL };

	return outcome(syscall(SYS_execveat, fd, "", none, none, AT_EMPTY_PATH));
}

/* The descriptor of its own card's configuration space. */
static int config(void)
{
	for (int fd = 3; fd < 64; fd++) {
		char path[32], target[256];
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		n = readlink(path, target, sizeof(target) - 1);
		if (n > 7 && memcmp(target + n - 7, "/config", 7) == 0)
			return fd;
	}
	return -1;
}

/* A BAR's address: the same value, so that a success does no harm. */
static int move_window(void)
{
	uint32_t bar;

	if (pread(config(), &bar, 4, 0x10) != 4)
		return -1;
	return outcome(pwrite(config(), &bar, 4, 0x10));
}

static int move_window_by_alias(void)
{
	uint32_t bar;

	if (pread(config(), &bar, 4, 0x10) != 4)
		return -1;
	return outcome(
		syscall(SYS_pwrite64, (1UL << 32) + (unsigned long)config(), &bar, 4UL, 0x10UL));
}

static int write_on(void)
{
	uint16_t word;

	if (pread(config(), &word, 2, 0) != 2)
		return -1;
	return outcome(write(config(), &word, 2));
}

static int move_position(void)
{
	return outcome(lseek(config(), 0, SEEK_SET));
}

static int write_parts(void)
{
	uint16_t word;

	if (pread(config(), &word, 2, 0) != 2)
		return -1;
	return outcome(pwritev(config(), &(struct iovec){ &word, 2 }, 1, 0));
}

static int copy_descriptor(void)
{
	return outcome(dup(config()));
}

static int copy_descriptor_above(void)
{
	return outcome(fcntl(config(), F_DUPFD_CLOEXEC, 3));
}

static int open_descriptor_again(void)
{
	return try_open(O_RDWR, "/proc/self/fd/%d", config());
}

static int receive_descriptor(void)
{
	char byte = 0, control[CMSG_SPACE(sizeof(int))];
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int pair[2], fd = config(), result;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0)
		return errno;
	*header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(int)),
				    .cmsg_level = SOL_SOCKET,
				    .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	result = outcome(sendmsg(pair[0], &message, 0));
	if (result == 0)
		result = outcome(recvmsg(pair[1], &message, 0));
	close(pair[0]);
	close(pair[1]);
	return result;
}

static int add_filter(void)
{
	return outcome(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL)) == EFAULT ? 0 : errno;
}

static int asynchronous_write(void)
{
	unsigned long context = 0;

	return outcome(syscall(SYS_io_setup, 1, &context));
}

/* --- the table -------------------------------------------------------------------------------- */

#define ATTEMPT(function)                                                                          \
	{                                                                                          \
#function, function                                                                \
	}

static const struct {
	const char *name;
	int (*function)(void);
} attempts[] = {
	ATTEMPT(read_memory),
	ATTEMPT(write_memory),
	ATTEMPT(open_its_files),
	ATTEMPT(open_its_directory),
	ATTEMPT(vm_read),
	ATTEMPT(vm_write),
	ATTEMPT(trace),
	ATTEMPT(take_descriptor),
	ATTEMPT(compare),
	ATTEMPT(send_signal),
	ATTEMPT(queue_signal),
	ATTEMPT(its_namespace),
	ATTEMPT(shared_memory),
	ATTEMPT(lock_folder),
	ATTEMPT(message_queue),
	ATTEMPT(semaphore),
	ATTEMPT(segment),
	ATTEMPT(posix_queue),
	ATTEMPT(add_key),
	ATTEMPT(request_key),
	ATTEMPT(keyctl),
	ATTEMPT(bus),
	ATTEMPT(manager),
	ATTEMPT(internet),
	ATTEMPT(netlink),
	ATTEMPT(new_namespace),
	ATTEMPT(clone_namespace),
	ATTEMPT(uring),
	ATTEMPT(bpf),
	ATTEMPT(perf),
	ATTEMPT(fault),
	ATTEMPT(become_root),
	ATTEMPT(writable_code),
	ATTEMPT(other_config),
	ATTEMPT(other_window),
	ATTEMPT(own_config),
	ATTEMPT(memory),
	ATTEMPT(kernel_log),
	ATTEMPT(port_file),
	ATTEMPT(set_kernel),
	ATTEMPT(etc),
	ATTEMPT(foreign_folder),
	ATTEMPT(set_uid_file),
	ATTEMPT(run_program),
	ATTEMPT(run_descriptor),
	ATTEMPT(move_window),
	ATTEMPT(move_window_by_alias),
	ATTEMPT(move_position),
	ATTEMPT(write_on),
	ATTEMPT(write_parts),
	ATTEMPT(copy_descriptor),
	ATTEMPT(copy_descriptor_above),
	ATTEMPT(open_descriptor_again),
	ATTEMPT(receive_descriptor),
	ATTEMPT(add_filter),
	ATTEMPT(asynchronous_write),
};

static int attack(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		  struct cuio_request *request, void *arg)
{
	struct try *asked = arg;

	(void)entry, (void)file, (void)request;
	victim = asked->victim;
	asked->card[sizeof(asked->card) - 1] = '\0';
	card = asked->card;
	asked->result = -1;
	if (asked->number < sizeof(attempts) / sizeof(attempts[0])) {
		strncpy(asked->name, attempts[asked->number].name, sizeof(asked->name) - 1);
		errno = 0;
		asked->result = attempts[asked->number].function();
	}
	return 0;
}

static const struct cuio_driver_ioctl ioctls[] = {
	{ .name = "try",
	  .number = ATTACK_TRY,
	  .argument = CUIO_ARGUMENT_INOUT,
	  .size = sizeof(struct try),
	  .call = attack },
};

/* With an interrupt the daemon has the configuration space open. */
static void interrupt(struct cuio_device *device, unsigned vector, uint64_t cause)
{
	(void)device, (void)vector, (void)cause;
}

static const struct cuio_driver attack_driver = {
	.contract = CUIO_CONTRACT,
	.name = "attack",
	.ioctls = ioctls,
	.n_ioctls = sizeof(ioctls) / sizeof(ioctls[0]),
	.interrupt = interrupt,
};

CUIO_PLUGIN(attack_driver);
