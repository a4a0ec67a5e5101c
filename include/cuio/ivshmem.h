/* SPDX-License-Identifier: MIT */
/*
 * The programming interface of a shared memory node (/dev/shm0), for programs and for drivers.
 *
 * The card is QEMU's "ivshmem-plain" (PCI 1af4:1110, docs/specs/ivshmem-spec in QEMU): its BAR 2 is
 * memory that the host and other guests have, too. Bytes of the node are bytes of that memory, and
 * the node ends where the memory ends. This header can be included from the kernel and from
 * programs.
 *
 * Each open file has a position, which begins at 0. Descriptors that came of it by dup() or fork()
 * share it. All quantities are bytes; numbers in structs are in the machine's byte order, and
 * layouts are the same for 32-bit and 64-bit callers.
 *
 * read(fd, buffer, size)
 *	Takes bytes at the position and moves it behind them. Fewer than asked for only where the
 *	memory ends; 0 at its end. Never blocks.
 * write(fd, buffer, size)
 *	Stores bytes at the position and moves it behind them. When it returns, the host can read
 *	them. Fewer than asked for only where the memory ends; ENOSPC at its end. Never blocks.
 *	O_APPEND means nothing.
 * poll(), select(), epoll
 *	Always readable and writable.
 * lseek(), pread(), pwrite(), mmap()
 *	A character device made by CUSE has no offsets: the kernel lets lseek() succeed and do
 *	nothing, and drops the offset of pread() and pwrite(). Use the ioctls below. mmap() fails
 *	with ENODEV. Where the node is a file (Front=file, see cuio.conf(5)) reads and writes have
 *	the file's own position, and the one that IVSHMEM_SEEK knows is another; there
 *	IVSHMEM_READ and IVSHMEM_WRITE fail with EINVAL, pread() and pwrite() do the same.
 *
 * The kernel brings a read or write to the driver in pieces of at most 131072 bytes, or 32 pages of
 * the caller's buffer: one of up to IVSHMEM_TRANSFER_MAX bytes is one piece wherever its buffer
 * begins. Nobody else who uses the node comes between the bytes of one piece. The host and other
 * guests do: the memory has no order or lock but what programs agree upon.
 *
 * An ioctl not listed here fails with ENOTTY; a reserved member that is not 0 with EINVAL. None
 * blocks. EFAULT means a bad pointer: bytes that were to be stored are not, and of bytes that were
 * read the buffer may hold some.
 */
#ifndef CUIO_IVSHMEM_H
#define CUIO_IVSHMEM_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define IVSHMEM_TYPE 0xEE

/* Most bytes of one IVSHMEM_READ or IVSHMEM_WRITE, and of a read() or write() that is one piece. */
#define IVSHMEM_TRANSFER_MAX 126976

/*
 * Argument: pointer to a __u64, set to the bytes of the memory.
 */
#define IVSHMEM_SIZE _IOR(IVSHMEM_TYPE, 1, __u64)

struct ivshmem_seek {
	__s64 offset; /* to go by; then the new position, from the start */
	__u32 whence; /* SEEK_SET, SEEK_CUR or SEEK_END, as of lseek() */
	__u32 reserved;
};

/*
 * Argument: pointer to a struct ivshmem_seek. Moves the position, as lseek() does on a disk, and
 * gives the new one in `offset`; one of 0 from SEEK_CUR only asks. EINVAL when `whence` is none of
 * the three, or the position would lie before the start or behind the end (the end itself is
 * allowed); it is as before then.
 */
#define IVSHMEM_SEEK _IOWR(IVSHMEM_TYPE, 2, struct ivshmem_seek)

struct ivshmem_transfer {
	__u64 position; /* from the start of the memory */
	__u64 buffer;	/* address of the caller's bytes, also of a 32-bit caller */
	__u32 size;	/* bytes, 0..IVSHMEM_TRANSFER_MAX */
	__u32 reserved;
};

/*
 * Argument: pointer to a struct ivshmem_transfer, which is not changed. Reads or stores `size`
 * bytes at `position`, as pread() and pwrite() would: the open file's position is not asked and
 * does not move. Returns how many bytes those were: fewer than `size` only where the memory ends,
 * and at its end or behind it IVSHMEM_READ returns 0, IVSHMEM_WRITE fails with ENOSPC (if `size` is
 * not 0). In one piece, as said above. EMSGSIZE when `size` is above IVSHMEM_TRANSFER_MAX; EBADF
 * when the file was not opened for reading or for writing.
 *
 * IVSHMEM_READ may write to all of `size` bytes of the buffer: those behind what it returns are
 * zeroes then.
 */
#define IVSHMEM_READ  _IOW(IVSHMEM_TYPE, 3, struct ivshmem_transfer)
#define IVSHMEM_WRITE _IOW(IVSHMEM_TYPE, 4, struct ivshmem_transfer)

#endif
