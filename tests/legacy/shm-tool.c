// SPDX-License-Identifier: MIT
// A program that knows only <cuio/ivshmem.h>: bytes of a shared memory node by position.
//   shm-tool NODE size | seek POSITION | read POSITION SIZE | write POSITION
#include <cuio/ivshmem.h>
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static char buffer[IVSHMEM_TRANSFER_MAX];

static unsigned long long number(const char *text)
{
	return strtoull(text ? text : "", NULL, 0);
}

/* Up to `size` bytes at `position`; how many there were. */
static size_t transfer(int fd, unsigned long command, unsigned long long position, size_t size)
{
	struct ivshmem_transfer argument = {
		.position = position,
		.buffer = (uintptr_t)buffer,
		.size = (uint32_t)size,
	};
	int r = ioctl(fd, command, &argument);

	if (r < 0)
		err(1, "transfer at %llu", position);
	return (size_t)r;
}

static void read_at(int fd, unsigned long long position, unsigned long long size)
{
	while (size) {
		size_t piece = size < sizeof(buffer) ? (size_t)size : sizeof(buffer);
		size_t n = transfer(fd, IVSHMEM_READ, position, piece);

		if (n == 0)
			return;
		if (fwrite(buffer, 1, n, stdout) != n)
			err(1, "write");
		position += n;
		size -= n;
	}
}

static void write_at(int fd, unsigned long long position)
{
	size_t size;

	while ((size = fread(buffer, 1, sizeof(buffer), stdin)) > 0) {
		size_t n = transfer(fd, IVSHMEM_WRITE, position, size);

		if (n < size)
			errx(1, "the memory ends");
		position += n;
	}
}

/* What follows the position, of all things that could be shown. */
static void seek(int fd, unsigned long long position)
{
	struct ivshmem_seek argument = { .offset = (int64_t)position, .whence = SEEK_SET };
	ssize_t n;

	if (ioctl(fd, IVSHMEM_SEEK, &argument) < 0)
		err(1, "seek");
	while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
		if (fwrite(buffer, 1, (size_t)n, stdout) != (size_t)n)
			err(1, "write");
	}
	if (n < 0)
		err(1, "read");
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[2] : "";
	__u64 size;
	int fd;

	if (argc < 3)
		errx(2, "usage: shm-tool NODE size | seek POSITION | read POSITION SIZE | "
			"write POSITION");
	fd = open(argv[1], !strcmp(verb, "write") ? O_WRONLY : O_RDONLY);
	if (fd < 0)
		err(1, "%s", argv[1]);
	if (!strcmp(verb, "size")) {
		if (ioctl(fd, IVSHMEM_SIZE, &size) < 0)
			err(1, "size");
		printf("%llu\n", (unsigned long long)size);
	} else if (!strcmp(verb, "seek")) {
		seek(fd, number(argv[3]));
	} else if (!strcmp(verb, "read")) {
		read_at(fd, number(argv[3]), number(argc > 4 ? argv[4] : ""));
	} else if (!strcmp(verb, "write")) {
		write_at(fd, number(argv[3]));
	} else {
		errx(2, "no verb %s", verb);
	}
	return fflush(stdout) ? 1 : 0;
}
