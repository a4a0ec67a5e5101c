// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * batch NODE NUMBER: edu's factorial of NUMBER in one ioctl, as a program in plain C does it with
 * <cuio/batch.h>. Prints the result; with a step that cannot come true, where it stopped.
 */
#define _DEFAULT_SOURCE
#include <cuio/batch.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUSY 1U

static __u32 find_register(int node, const char *name)
{
	struct cuio_register reg;

	memset(&reg, 0, sizeof(reg));
	while (ioctl(node, CUIO_IOCTL_REGISTER, &reg) == 0) {
		if (!strcmp(reg.name, name))
			return reg.index;
		reg.index++;
	}
	perror(name);
	exit(1);
}

static int say(const struct cuio_batch_buffer *batch, const char *what)
{
	printf("%s: %s at step %u\n", what, strerror(errno), batch->head.stopped);
	return 1;
}

int main(int argc, char **argv)
{
	struct cuio_batch_buffer batch;
	__u32 factorial, status;
	int node, result, busy;

	if (argc != 3 || (node = open(argv[1], O_ACCMODE)) < 0)
		return 2;
	factorial = find_register(node, "factorial");
	status = find_register(node, "status");
	cuio_batch_clear(&batch);
	cuio_batch_write(&batch, factorial, 0, strtoul(argv[2], NULL, 0), ~0ULL);
	cuio_batch_until(&batch, status, 0, 0, BUSY, CUIO_STEP_TIMEOUT_MAX);
	result = cuio_batch_read(&batch, factorial, 0);
	if (cuio_batch_run(node, &batch) < 0)
		return say(&batch, "factorial");
	printf("%llu\n", (unsigned long long)cuio_batch_value(&batch, result));

	cuio_batch_clear(&batch);
	cuio_batch_read(&batch, factorial, 0);
	busy = cuio_batch_until(&batch, status, 0, BUSY, BUSY, 1000);
	if (cuio_batch_run(node, &batch) == 0 || (int)batch.head.stopped != busy)
		return 1;
	say(&batch, "busy");
	return 0;
}
