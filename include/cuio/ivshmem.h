/* SPDX-License-Identifier: MIT */
/*
 * The programming interface of a shared memory node (/dev/shm0), for programs and for drivers.
 *
 * The card is QEMU's "ivshmem-plain" (PCI 1af4:1110, docs/specs/ivshmem-spec in QEMU): its BAR 2 is
 * memory shared with the host and other guests. Bytes of the node are bytes of that memory, and the
 * node ends where the memory ends. This header can be included from the kernel and from programs.
 *
 * Each open file has a position, which begins at 0. Descriptors made from it by dup() or fork()
 * share the position. All quantities are bytes; numbers in structs are in the machine's byte
 * order, and layouts are the same for 32-bit and 64-bit callers.
 *
 * read(fd, buffer, size)
 *	Reads bytes at the position and moves it behind them. Returns fewer than `size` only where
 *	the memory ends; 0 at its end. Never blocks.
 * write(fd, buffer, size)
 *	Stores bytes at the position and moves it behind them. When it returns, the host can read
 *	them. Returns fewer than `size` only where the memory ends; ENOSPC at its end. Never blocks.
 *	O_APPEND is ignored.
 * poll(), select(), epoll
 *	Always readable and writable.
 * lseek(), pread(), pwrite(), mmap()
 *	A character device made by CUSE has no offsets: the kernel lets lseek() succeed and do
 *	nothing, and drops the offset of pread() and pwrite(). Use the ioctls below. mmap() fails
 *	with ENODEV. Where the node is a file (Front=file, see cuio.conf(5)), reads and writes use
 *	the file's own position, which IVSHMEM_SEEK does not change. IVSHMEM_READ and IVSHMEM_WRITE
 *	fail with ENOTTY there; use pread() and pwrite().
 *
 * The kernel brings a read or write to the driver in pieces of at most 131072 bytes, or 32 pages of
 * the caller's buffer: one of up to IVSHMEM_TRANSFER_MAX bytes is one piece wherever its buffer
 * begins. One piece is atomic for all users of this node, but not for the host and other guests:
 * programs must agree with them on locks and order.
 *
 * An ioctl not listed here fails with ENOTTY; a reserved member that is not 0 with EINVAL. None
 * blocks. EFAULT means a bad pointer: nothing was stored; the buffer of a read may hold some bytes.
 */
#ifndef CUIO_IVSHMEM_H
#define CUIO_IVSHMEM_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define IVSHMEM_TYPE 0xEE

/* Most bytes of one IVSHMEM_READ or IVSHMEM_WRITE, and of a read() or write() that is one piece. */
#define IVSHMEM_TRANSFER_MAX 126976

/* Argument: pointer to a __u64, set to the size of the memory in bytes. */
#define IVSHMEM_SIZE _IOR(IVSHMEM_TYPE, 1, __u64)

struct ivshmem_seek {
	__s64 offset; /* in: relative to `whence`; out: the new position */
	__u32 whence; /* SEEK_SET, SEEK_CUR or SEEK_END, as of lseek() */
	__u32 reserved;
};

/*
 * Argument: pointer to a struct ivshmem_seek. Moves the position, as lseek() does on a disk, and
 * returns the new position in `offset`; an offset of 0 from SEEK_CUR only queries it. EINVAL when
 * `whence` is none of the three, or the position would lie before the start or behind the end (the
 * end itself is allowed); the position is unchanged then.
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
 * bytes at `position`, as pread() and pwrite() would: the open file's position is not used and does
 * not move. Returns the number of bytes: fewer than `size` only where the memory ends. At its end
 * or behind it IVSHMEM_READ returns 0, IVSHMEM_WRITE fails with ENOSPC (if `size` is not 0). A
 * transfer is one piece, see above. EMSGSIZE when `size` is above IVSHMEM_TRANSFER_MAX; EBADF when
 * the file was not opened for reading or for writing.
 *
 * Both fail with ENOTTY unless the node's instance file says Ioctl=unrestricted (cuio.conf(5)):
 * only then does the kernel move what `buffer` points to.
 *
 * IVSHMEM_READ may write to all `size` bytes of the buffer: it may zero bytes beyond its result.
 */
#define IVSHMEM_READ  _IOW(IVSHMEM_TYPE, 3, struct ivshmem_transfer)
#define IVSHMEM_WRITE _IOW(IVSHMEM_TYPE, 4, struct ivshmem_transfer)

#endif
