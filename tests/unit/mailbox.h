/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A driver for tests of the core: write() puts a number in, read() waits for one and takes it. */
#ifndef TESTS_MAILBOX_H
#define TESTS_MAILBOX_H

#include <cuio/driver.h>
#include <cuio/ioctl.h>
#include <string.h>

struct mailbox {
	uint32_t full, value, calls;
};

#define MAILBOX_COUNT _IOR('m', 1, uint32_t) /* not restartable */

static inline ssize_t mailbox_write(struct cuio_file *file, struct cuio_request *request,
				    const void *data, size_t size)
{
	struct mailbox *box = cuio_device_state(cuio_file_device(file));

	(void)request;
	if (box->full)
		return cuio_not_yet;
	memcpy(&box->value, data, sizeof(uint32_t));
	box->full = 1;
	return (ssize_t)size;
}

static inline ssize_t mailbox_read(struct cuio_file *file, struct cuio_request *request, void *data,
				   size_t size)
{
	struct mailbox *box = cuio_device_state(cuio_file_device(file));

	(void)request, (void)size;
	if (!box->full)
		return cuio_not_yet;
	memcpy(data, &box->value, sizeof(uint32_t));
	box->full = 0;
	return sizeof(uint32_t);
}

static inline unsigned mailbox_poll(struct cuio_file *file)
{
	const struct mailbox *box = cuio_device_state(cuio_file_device(file));

	return box->full ? CUIO_READY_IN : CUIO_READY_OUT;
}

static inline int mailbox_count(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
				struct cuio_request *request, void *arg)
{
	struct mailbox *box = cuio_device_state(cuio_file_device(file));

	(void)entry, (void)request;
	box->calls++;
	memcpy(arg, &box->calls, sizeof(uint32_t));
	return 0;
}

static const struct cuio_driver_ioctl mailbox_ioctls[] = { {
	.name = "MAILBOX_COUNT",
	.number = MAILBOX_COUNT,
	.argument = CUIO_ARGUMENT_OUT,
	.size = 4,
	.call = mailbox_count,
} };

static const struct cuio_driver mailbox = {
	.contract = CUIO_CONTRACT,
	.name = "mailbox",
	.device_state = sizeof(struct mailbox),
	.restartable = CUIO_RESTART_OPEN | CUIO_RESTART_READ | CUIO_RESTART_WRITE,
	.ioctls = mailbox_ioctls,
	.n_ioctls = 1,
	.read = mailbox_read,
	.write = mailbox_write,
	.poll = mailbox_poll,
};

#endif
