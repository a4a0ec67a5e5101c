// SPDX-License-Identifier: MIT
/* Facts about calls that do not wait: open, ioctl, sizes, pointers, and what a node does not do. */
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cuio/edu.h>

#include "legacy.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct open_flag {
	int flags;
	const char *name;
};

static const struct open_flag open_flags[] = {
	{ O_RDONLY, "O_RDONLY" },
	{ O_WRONLY, "O_WRONLY" },
	{ O_RDWR, "O_RDWR" },
	{ O_RDWR | O_NONBLOCK, "O_NONBLOCK" },
	{ O_RDWR | O_APPEND, "O_APPEND" },
	{ O_RDWR | O_SYNC, "O_SYNC" },
	{ O_RDWR | O_TRUNC, "O_TRUNC" },
	{ O_RDWR | O_EXCL, "O_EXCL" },
	{ O_RDWR | O_CREAT, "O_CREAT" },
	{ O_RDWR | O_CREAT | O_EXCL, "O_CREAT|O_EXCL" },
	{ O_RDWR | O_NOCTTY, "O_NOCTTY" },
	{ O_RDWR | O_CLOEXEC, "O_CLOEXEC" },
	{ O_RDWR | O_DIRECT, "O_DIRECT" },
	{ O_RDWR | O_DIRECTORY, "O_DIRECTORY" },
	{ O_PATH, "O_PATH" },
};

void part_open(void)
{
	struct stat st = { 0 };
	uint32_t value = 0;
	size_t i;
	int fd;

	for (i = 0; i < COUNT(open_flags); i++) {
		fd = open(legacy_node, open_flags[i].flags, 0600);
		fact(result(fd < 0 ? fd : 0), "open %s", open_flags[i].name);
		if (fd >= 0)
			close(fd);
	}

	fd = node_open(O_WRONLY);
	fact(result(node_read(fd, &value)), "read on a write-only file");
	fact(result_value(ioctl(fd, EDU_IOCTL_IDENT, &value), &value),
	     "ident on a write-only file");
	close(fd);
	fd = node_open(O_RDONLY);
	fact(result(node_write(fd, 3)), "write on a read-only file");
	value = 5;
	fact(result_value(ioctl(fd, EDU_IOCTL_FACTORIAL, &value), &value),
	     "factorial on a read-only file");
	fact(result(ioctl(fd, EDU_IOCTL_RAISE_IRQ, 0UL)), "raise 0 on a read-only file");

	fact(result(fstat(fd, &st)), "fstat");
	fact(yes_no(S_ISCHR(st.st_mode)), "a character device");
	fact(result(st.st_size), "size");
	fact(result(isatty(fd) ? 1 : -1), "isatty");
	close(fd);
	fact(result(node_read(fd, &value)), "read on a closed file");
}

static void ioctl_values(int fd)
{
	static const uint32_t values[] = { 0, 1, 0x12345678, 0x7fffffff, 0x80000000, 0xffffffff };
	uint32_t value = 0;
	uint32_t n;
	size_t i;

	fact(result_value(ioctl(fd, EDU_IOCTL_IDENT, &value), &value), "ident");
	for (i = 0; i < COUNT(values); i++) {
		value = values[i];
		fact(result_value(ioctl(fd, EDU_IOCTL_LIVENESS, &value), &value), "liveness %#x",
		     values[i]);
	}
	for (n = 0; n <= 20; n++) {
		value = n;
		fact(result_value(ioctl(fd, EDU_IOCTL_FACTORIAL, &value), &value), "factorial %u",
		     n);
	}
	fact(result(ioctl(fd, EDU_IOCTL_RAISE_IRQ, 0UL)), "raise 0");
}

static const struct unknown_ioctl {
	unsigned int number;
	const char *name;
} unknown_ioctls[] = {
	{ _IOR('e', 0, __u32), "number 0" },
	{ _IOR('e', 8, __u32), "number 8" },
	{ _IO('e', 1), "ident without a size" },
	{ _IOR('e', 1, __u16), "ident of 2 bytes" },
	{ _IOR('e', 1, __u64), "ident of 8 bytes" },
	{ _IOW('e', 1, __u32), "ident as a write" },
	{ _IOR('e', 2, __u32), "liveness as a read" },
	{ _IOW('e', 3, __u32), "factorial as a write" },
	{ _IO('e', 5), "raise without a direction" },
	{ _IOR('f', 1, __u32), "ident of another type" },
	{ _IOWR('e', 9, char[4096]), "4096 bytes in and out" },
	{ EDU_IOCTL_DMA_TO_DEVICE, "EDU_IOCTL_DMA_TO_DEVICE" },
	{ EDU_IOCTL_DMA_FROM_DEVICE, "EDU_IOCTL_DMA_FROM_DEVICE" },
	{ 0, "0" },
	{ 0xffffffff, "0xffffffff" },
	{ FIONREAD, "FIONREAD" },
	{ TCGETS, "TCGETS" },
	{ TIOCGWINSZ, "TIOCGWINSZ" },
	{ FIOASYNC, "FIOASYNC" },
	{ FIOQSIZE, "FIOQSIZE" },
	{ FIGETBSZ, "FIGETBSZ" },
	{ FS_IOC_GETFLAGS, "FS_IOC_GETFLAGS" },
	{ BLKGETSIZE64, "BLKGETSIZE64" },
};

void part_ioctl(void)
{
	/* As large as any size in a number, so that the buffer is never what is wrong. */
	static unsigned char buffer[1 << _IOC_SIZEBITS];
	int fd = node_open(O_RDWR);
	size_t i;
	int r;

	ioctl_values(fd);
	for (i = 0; i < COUNT(unknown_ioctls); i++) {
		memset(buffer, 1, sizeof(buffer));
		r = ioctl(fd, unknown_ioctls[i].number, buffer);
		fact(result(r), "ioctl %s", unknown_ioctls[i].name);
	}
	close(fd);
}

static void sizes_of_write(int fd, const unsigned char *buffer)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 5, 8, 4096, 131072, 1 << 20 };
	struct iovec halves[2] = { { .iov_len = 2 }, { .iov_len = 2 } };
	uint32_t n = 6, value = 0;
	size_t i;

	for (i = 0; i < COUNT(sizes); i++)
		fact(result(write(fd, buffer, sizes[i])), "write of %zu bytes", sizes[i]);
	fact(result(node_write(fd, 4)), "write of 4 bytes");
	fact(result_value(node_read(fd, &value), &value), "read after it");

	halves[0].iov_base = &n;
	halves[1].iov_base = (unsigned char *)&n + 2;
	fact(result(writev(fd, halves, 2)), "writev of 2 and 2 bytes");
	fact(result_value(node_read(fd, &value), &value), "read after writev");
}

/* The bytes after the fourth must be as they were. */
static bool sizes_untouched(const unsigned char *buffer, size_t size)
{
	size_t i;

	for (i = sizeof(uint32_t); i < size; i++) {
		if (buffer[i] != 0xa5)
			return false;
	}
	return true;
}

static void sizes_of_read(int fd, unsigned char *buffer)
{
	static const size_t sizes[] = { 0, 1, 3, 4, 5, 8, 4096, 131072, 1 << 20 };
	uint32_t value = 0;
	struct iovec parts[2] = { { &value, 2 }, { (unsigned char *)&value + 2, 2 } };
	uint32_t n = 3;
	ssize_t r;
	size_t i;

	for (i = 0; i < COUNT(sizes); i++)
		fact(result(read(fd, buffer, sizes[i])), "read of %zu bytes, nothing begun",
		     sizes[i]);
	for (i = 0; i < COUNT(sizes); i++) {
		node_settle();
		node_make_ready(fd, ++n);
		memset(buffer, 0xa5, sizes[i]);
		r = read(fd, buffer, sizes[i]);
		memcpy(&value, buffer, sizeof(value));
		fact(r > 0 ? result_value(r, &value) : result(r), "read of %zu bytes", sizes[i]);
		if (r > 0)
			fact(yes_no(sizes_untouched(buffer, sizes[i])),
			     "read of %zu bytes keeps the rest", sizes[i]);
	}
	node_make_ready(fd, 12);
	fact(result_value(readv(fd, parts, 2), &value), "readv of 2 and 2 bytes");
}

static void sizes_offsets(int fd)
{
	static const off_t offsets[] = { 0, 4, 4096, -1 };
	static const int whences[] = { SEEK_SET, SEEK_CUR, SEEK_END };
	uint32_t n, value = 0;
	size_t i, j;

	for (i = 0; i < COUNT(offsets); i++) {
		n = 5 + (uint32_t)i;
		fact(result(pwrite(fd, &n, sizeof(n), offsets[i])), "pwrite at %ld",
		     (long)offsets[i]);
		if (offsets[i] < 0)
			node_make_ready(fd, n);
		else
			node_poll(fd, POLLIN, -1, &value);
		fact(result_value(pread(fd, &value, sizeof(value), offsets[i]), &value),
		     "pread at %ld", (long)offsets[i]);
		node_settle();
	}
	for (i = 0; i < COUNT(whences); i++) {
		for (j = 0; j < COUNT(offsets); j++)
			fact(result(lseek(fd, offsets[j], whences[i])), "lseek to %ld from %d",
			     (long)offsets[j], whences[i]);
	}
	fact(result(lseek(fd, 0, 77)), "lseek from 77");
}

void part_sizes(void)
{
	unsigned char *buffer = calloc(1, 1 << 20);
	int fd = node_open(O_RDWR | O_NONBLOCK);
	int blocking = node_open(O_RDWR);

	if (!buffer)
		abort();
	sizes_of_write(blocking, buffer);
	sizes_of_read(fd, buffer);
	sizes_offsets(fd);
	close(blocking);
	close(fd);
	free(buffer);
}

static void pointers_of_ioctl(int fd, void *read_only)
{
	uint32_t before = 0;

	fact(result(ioctl(fd, EDU_IOCTL_IDENT, NULL)), "ident into NULL");
	fact(result(ioctl(fd, EDU_IOCTL_LIVENESS, NULL)), "liveness of NULL");
	fact(result(ioctl(fd, EDU_IOCTL_FACTORIAL, NULL)), "factorial of NULL");
	fact(result(ioctl(fd, EDU_IOCTL_IDENT, read_only)), "ident into read-only memory");
	fact(result(ioctl(fd, EDU_IOCTL_LIVENESS, read_only)), "liveness of read-only memory");
	fact(result(ioctl(fd, EDU_IOCTL_FACTORIAL, read_only)), "factorial of read-only memory");
	memcpy(&before, read_only, sizeof(before));
	fact(yes_no(before == 0), "read-only memory is unchanged");
	fact(result(ioctl(fd, _IOR('e', 8, __u32), NULL)), "unknown ioctl that reads, of NULL");
	fact(result(ioctl(fd, _IOW('e', 8, __u32), NULL)), "unknown ioctl that writes, of NULL");
}

void part_pointers(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = node_open(O_RDWR | O_NONBLOCK);
	unsigned char *memory;
	uint32_t value = 0;
	/* Volatile: compilers know that a null pointer is wrong here. */
	void *volatile nowhere = NULL;
	void *read_only;

	/* Two pages, of which the second may not be touched, and one that may only be read. */
	memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	read_only = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED || read_only == MAP_FAILED || mprotect(memory + page, page, 0))
		abort();

	pointers_of_ioctl(fd, read_only);

	fact(result(write(fd, nowhere, 4)), "write from NULL");
	fact(result(write(fd, nowhere, 3)), "write of 3 bytes from NULL");
	fact(result(write(fd, memory + page, 4)), "write from forbidden memory");
	fact(result(write(fd, memory + page - 2, 4)), "write from half forbidden memory");
	fact(result(node_read(fd, &value)), "read after failed writes");
	fact(result(read(fd, nowhere, 4)), "read into NULL, nothing begun");

	node_make_ready(fd, 7);
	fact(result(read(fd, nowhere, 4)), "read into NULL");
	fact(result(read(fd, read_only, 4)), "read into read-only memory");
	fact(result(read(fd, memory + page - 2, 4)), "read into half forbidden memory");
	fact(result_value(node_read(fd, &value), &value), "read after failed reads");
	node_make_ready(fd, 8);
	fact(result(read(fd, memory + page - 4, 8)), "read of 8 bytes, 4 forbidden");
	memcpy(&value, memory + page - 4, sizeof(value));
	fact(result(value), "what it read");

	munmap(memory, 2 * page);
	munmap(read_only, page);
	close(fd);
}

static void other_mmap(int fd)
{
	void *map;

	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	fact(result(map == MAP_FAILED ? -1 : 0), "mmap shared");
	map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	fact(result(map == MAP_FAILED ? -1 : 0), "mmap private");
}

static void other_copies(int fd)
{
	uint32_t value = 0;
	FILE *file = tmpfile();
	int pipes[2];

	if (!file || pipe(pipes) < 0 || write(fileno(file), "\3\0\0", 4) != 4)
		abort();
	rewind(file);
	fact(result(sendfile(fd, fileno(file), NULL, 4)), "sendfile to the node");
	node_settle();
	if (write(pipes[1], "\4\0\0", 4) != 4)
		abort();
	fact(result(splice(pipes[0], NULL, fd, NULL, 4, 0)), "splice to the node");
	node_settle();
	node_make_ready(fd, 5);
	fact(result(sendfile(pipes[1], fd, NULL, 4)), "sendfile from the node");
	fact(result(splice(fd, NULL, pipes[1], NULL, 4, 0)), "splice from the node");
	fact(result(copy_file_range(fd, NULL, fileno(file), NULL, 4, 0)), "copy_file_range");
	fact(result_value(node_read(fd, &value), &value), "read after all this");
	close(pipes[0]);
	close(pipes[1]);
	fclose(file);
}

static void other_locks(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int other = node_open(O_RDWR);
	int status = 0;
	pid_t pid;

	fact(result(flock(fd, LOCK_EX)), "flock");
	fact(result(flock(other, LOCK_EX | LOCK_NB)), "flock by another file");
	fact(result(flock(fd, LOCK_UN)), "flock, unlock");
	fact(result(flock(other, LOCK_EX | LOCK_NB)), "flock by another file, unlocked");
	fact(result(fcntl(fd, F_SETLK, &lock)), "F_SETLK");
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(fcntl(other, F_SETLK, &lock) < 0 ? errno : 0);
	waitpid(pid, &status, 0);
	errno = WEXITSTATUS(status);
	fact(result(errno ? -1 : 0), "F_SETLK by another process");
	close(other);
}

void part_other_calls(void)
{
	int fd = node_open(O_RDWR);
	int r;

	other_mmap(fd);
	fact(result(fsync(fd)), "fsync");
	fact(result(fdatasync(fd)), "fdatasync");
	fact(result(ftruncate(fd, 0)), "ftruncate");
	fact(result(fallocate(fd, 0, 0, 4096)), "fallocate");
	fact(result(posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM) ? -1 : 0), "posix_fadvise");
	other_copies(fd);
	other_locks(fd);

	fact(result(fcntl(fd, F_SETOWN, getpid())), "F_SETOWN");
	r = fcntl(fd, F_GETFL);
	fact(result(fcntl(fd, F_SETFL, r | O_ASYNC)), "F_SETFL O_ASYNC");
	fact(yes_no(fcntl(fd, F_GETFL) & O_ASYNC), "F_GETFL shows O_ASYNC");
	close(fd);
}
