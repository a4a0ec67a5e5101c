// SPDX-License-Identifier: GPL-2.0-or-later
// Others who wait while something is measured.
#include "waiters.h"
#include <cuio/ioctl.h>
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void *wait_in_read(void *fd)
{
	uint32_t value;

	if (read(*(int *)fd, &value, sizeof(value)) >= 0)
		errx(1, "a read that should wait has ended");
	err(1, "a read that should wait");
}

void waiters_start(const char *path, int fd, unsigned n)
{
	static int waited_for;
	int control = open(path, O_ACCMODE | O_CLOEXEC);
	struct cuio_info info = { 0 };
	pthread_attr_t small;
	pthread_t thread;

	if (control < 0)
		err(1, "%s", path);
	waited_for = fd;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 1 << 16);
	for (unsigned i = 0; i < n; i++)
		if (pthread_create(&thread, &small, wait_in_read, &waited_for) != 0)
			errx(1, "no thread");
	while (info.parked < n) {
		usleep(1000);
		if (ioctl(control, CUIO_IOCTL_INFO, &info) < 0)
			err(1, "info");
	}
	close(control);
}
