/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A driver for tests of files: 64 bytes that have a place, the last of which is never ready; a
 * write is remembered by where it was. And the same as a stream. */
#ifndef TESTS_PLACE_H
#define TESTS_PLACE_H

#include <cuio/driver.h>
#include <string.h>
#include <sys/ioctl.h>

#define TERMINAL_GET 0x5401U /* as TCGETS: no size in it */

struct place {
	uint64_t position, offset;
	uint32_t has_position;
};

static inline ssize_t place_read(struct cuio_file *file, struct cuio_request *request, void *data,
				 size_t size)
{
	uint64_t position = 0;

	(void)file;
	if (!cuio_request_position(request, &position) || position >= 64)
		return 0;
	if (position == 63) /* a place that is not ready yet */
		return cuio_not_yet;
	size = size < 64 - position ? size : 64 - position;
	for (size_t i = 0; i < size; i++)
		((uint8_t *)data)[i] = (uint8_t)(position + i);
	return (ssize_t)size;
}

static inline ssize_t place_write(struct cuio_file *file, struct cuio_request *request,
				  const void *data, size_t size)
{
	struct place *place = cuio_device_state(cuio_file_device(file));

	(void)data;
	place->has_position = cuio_request_position(request, &place->position);
	place->offset = cuio_request_offset(request);
	return (ssize_t)size;
}

static inline int place_tell(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			     struct cuio_request *request, void *arg)
{
	(void)entry, (void)request;
	memcpy(arg, cuio_device_state(cuio_file_device(file)), sizeof(struct place));
	return 0;
}

static inline uint64_t place_size(const struct cuio_device *device, unsigned node)
{
	(void)device, (void)node;
	return 64;
}

#define PLACE_TELL _IOR('p', 1, struct place)

static const struct cuio_driver_ioctl place_ioctls[] = {
	{ .name = "TELL",
	  .number = PLACE_TELL,
	  .argument = CUIO_ARGUMENT_OUT,
	  .size = sizeof(struct place),
	  .call = place_tell },
	{ .name = "TERMINAL_GET",
	  .number = TERMINAL_GET,
	  .argument = CUIO_ARGUMENT_OUT,
	  .size = 8,
	  .call = place_tell },
};

static const struct cuio_driver seekable = {
	.contract = CUIO_CONTRACT,
	.name = "seekable",
	.device_state = sizeof(struct place),
	.restartable = CUIO_RESTART_READ | CUIO_RESTART_WRITE,
	.seekable = true,
	.ioctls = place_ioctls,
	.n_ioctls = 1,
	.read = place_read,
	.write = place_write,
	.node_size = place_size,
};

static const struct cuio_driver stream = {
	.contract = CUIO_CONTRACT,
	.name = "stream",
	.device_state = sizeof(struct place),
	.unrestricted = true,
	.ioctls = place_ioctls,
	.n_ioctls = 2,
	.read = place_read,
	.write = place_write,
};

#endif
