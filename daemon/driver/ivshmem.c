// SPDX-License-Identifier: GPL-2.0-or-later
// QEMU's ivshmem-plain: a node whose bytes are memory shared with the host. QEMU's
// docs/specs/ivshmem-spec.rst specifies the card, <cuio/ivshmem.h> the node.
#include <cuio/driver.h>
#include <cuio/ivshmem.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	MEMORY
}; /* indices of ivshmem_windows */

struct ivshmem_file {
	uint64_t position;
};

static uint64_t ivshmem_size(const struct cuio_device *device, unsigned node)
{
	(void)node;
	return cuio_window_size(device, MEMORY);
}

/* --- bytes ----------------------------------------------------------------------------------- */

static ssize_t ivshmem_get(struct cuio_file *file, uint64_t position, void *data, size_t size)
{
	return (ssize_t)cuio_window_read(cuio_file_device(file), MEMORY, position, data, size);
}

static ssize_t ivshmem_put(struct cuio_file *file, uint64_t position, const void *data, size_t size)
{
	size_t stored = cuio_window_write(cuio_file_device(file), MEMORY, position, data, size);

	return size && !stored ? -ENOSPC : (ssize_t)stored;
}

/* The position of a read or write: the request's with Front=file, else that of the open file. */
static uint64_t ivshmem_begin(struct cuio_file *file, const struct cuio_request *request)
{
	const struct ivshmem_file *state = cuio_file_state(file);
	uint64_t position;

	return cuio_request_position(request, &position) ? position : state->position;
}

static ssize_t ivshmem_end(struct cuio_file *file, const struct cuio_request *request,
			   ssize_t moved)
{
	struct ivshmem_file *state = cuio_file_state(file);
	uint64_t position;

	if (moved > 0 && !cuio_request_position(request, &position))
		state->position += (uint64_t)moved;
	return moved;
}

static ssize_t ivshmem_read(struct cuio_file *file, struct cuio_request *request, void *data,
			    size_t size)
{
	uint64_t position = ivshmem_begin(file, request);

	return ivshmem_end(file, request, ivshmem_get(file, position, data, size));
}

static ssize_t ivshmem_write(struct cuio_file *file, struct cuio_request *request, const void *data,
			     size_t size)
{
	uint64_t position = ivshmem_begin(file, request);

	return ivshmem_end(file, request, ivshmem_put(file, position, data, size));
}

/* --- ioctls ---------------------------------------------------------------------------------- */

static int ivshmem_ioctl_size(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			      struct cuio_request *request, void *arg)
{
	uint64_t *size = arg;

	(void)entry, (void)request;
	*size = cuio_window_size(cuio_file_device(file), MEMORY);
	return 0;
}

static int ivshmem_ioctl_seek(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			      struct cuio_request *request, void *arg)
{
	struct ivshmem_file *state = cuio_file_state(file);
	struct ivshmem_seek *seek = arg;
	int64_t size = (int64_t)cuio_window_size(cuio_file_device(file), MEMORY);
	const int64_t from[] = {
		[SEEK_SET] = 0,
		[SEEK_CUR] = (int64_t)state->position,
		[SEEK_END] = size,
	};
	int64_t position;

	(void)entry, (void)request;
	if (seek->reserved || seek->whence >= sizeof(from) / sizeof(from[0]))
		return -EINVAL;
	if (__builtin_add_overflow(from[seek->whence], seek->offset, &position) || position < 0 ||
	    position > size)
		return -EINVAL;
	state->position = (uint64_t)position;
	seek->offset = position;
	return 0;
}

static int ivshmem_pieces(const struct cuio_driver_ioctl *entry, const void *arg,
			  struct cuio_driver_piece *ret_pieces)
{
	const struct ivshmem_transfer *transfer = arg;

	if (transfer->reserved)
		return -EINVAL;
	if (transfer->size > IVSHMEM_TRANSFER_MAX)
		return -EMSGSIZE;
	ret_pieces[0] = (struct cuio_driver_piece){
		.address = transfer->buffer,
		.size = transfer->size,
		.to_caller = entry->number == IVSHMEM_READ,
	};
	return 1;
}

/* IVSHMEM_READ and IVSHMEM_WRITE need the same open mode as read(2) and write(2). */
static bool ivshmem_is_open_for(const struct cuio_file *file, unsigned access)
{
	unsigned mode = cuio_file_flags(file) & O_ACCMODE;

	return mode == access || mode == O_RDWR;
}

static int ivshmem_ioctl_read(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			      struct cuio_request *request, void *arg)
{
	const struct ivshmem_transfer *transfer = arg;

	(void)entry;
	if (!ivshmem_is_open_for(file, O_RDONLY))
		return -EBADF;
	return (int)ivshmem_get(file, transfer->position, cuio_request_piece(request, 0),
				transfer->size);
}

static int ivshmem_ioctl_write(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			       struct cuio_request *request, void *arg)
{
	const struct ivshmem_transfer *transfer = arg;

	(void)entry;
	if (!ivshmem_is_open_for(file, O_WRONLY))
		return -EBADF;
	return (int)ivshmem_put(file, transfer->position, cuio_request_piece(request, 0),
				transfer->size);
}

/* All are restartable: a repeated call uses the same position and stores the same bytes. */
static const struct cuio_driver_ioctl ivshmem_ioctls[] = {
	{
		.name = "IVSHMEM_SIZE",
		.number = IVSHMEM_SIZE,
		.argument = CUIO_ARGUMENT_OUT,
		.size = sizeof(uint64_t),
		.restartable = true,
		.call = ivshmem_ioctl_size,
	},
	{
		.name = "IVSHMEM_SEEK",
		.number = IVSHMEM_SEEK,
		.argument = CUIO_ARGUMENT_INOUT,
		.size = sizeof(struct ivshmem_seek),
		.restartable = true,
		.call = ivshmem_ioctl_seek,
	},
	{
		.name = "IVSHMEM_READ",
		.number = IVSHMEM_READ,
		.argument = CUIO_ARGUMENT_IN,
		.size = sizeof(struct ivshmem_transfer),
		.restartable = true,
		.pieces = ivshmem_pieces,
		.call = ivshmem_ioctl_read,
	},
	{
		.name = "IVSHMEM_WRITE",
		.number = IVSHMEM_WRITE,
		.argument = CUIO_ARGUMENT_IN,
		.size = sizeof(struct ivshmem_transfer),
		.restartable = true,
		.pieces = ivshmem_pieces,
		.call = ivshmem_ioctl_write,
	},
};

static const char *const ivshmem_windows[] = { [MEMORY] = "memory" };

const struct cuio_driver ivshmem_driver = {
	.contract = CUIO_CONTRACT,
	.name = "ivshmem",
	.file_state = sizeof(struct ivshmem_file),
	.state_version = 1,
	.restartable = CUIO_RESTART_OPEN | CUIO_RESTART_READ | CUIO_RESTART_WRITE,
	.unrestricted = true, /* for IVSHMEM_READ and IVSHMEM_WRITE */
	.unrestricted_on_request = true,
	.seekable = true,
	.fills_reads = true,
	.ioctls = ivshmem_ioctls,
	.n_ioctls = sizeof(ivshmem_ioctls) / sizeof(ivshmem_ioctls[0]),
	.windows = ivshmem_windows,
	.n_windows = sizeof(ivshmem_windows) / sizeof(ivshmem_windows[0]),
	.read = ivshmem_read,
	.write = ivshmem_write,
	.node_size = ivshmem_size,
};
