/* SPDX-License-Identifier: MIT */
/*
 * The programming interface of an edu node (/dev/edu), for programs and for drivers.
 *
 * The card is QEMU's "edu" (PCI 1234:11e8, docs/specs/edu in QEMU): it inverts a number, computes
 * factorials and raises interrupts. This header can be included from the kernel and from programs.
 *
 * The card computes one factorial at a time, and all programs share the node's state:
 *
 *	idle		nothing begun: the next write() or EDU_IOCTL_FACTORIAL is taken
 *	computing	a write() was taken, its interrupt has not come yet
 *	ready		the result waits to be read
 *
 * write(fd, &n, 4)
 *	Starts computing n! (modulo 2^32) and returns 4 at once; n is a __u32 in the machine's
 *	byte order. Blocks while the node is not idle, that is until somebody has read the result
 *	of the previous write. EAGAIN instead with O_NONBLOCK, EINTR on a signal, EINVAL when the
 *	size is not exactly 4.
 * read(fd, &n, size)
 *	Returns the result, 4 bytes, and makes the node idle. Blocks until the interrupt reports
 *	the end of the computation; also when none was started. EAGAIN instead with O_NONBLOCK,
 *	EINTR on a signal, EINVAL when size is below 4. A read that fails keeps the result.
 * poll(), select(), epoll
 *	Readable when a result is ready, writable when the node is idle.
 *
 * The result of a write() belongs to the first reader, whichever program or file that is. It stays
 * until it is read, even when the file that started it is closed. A program that reads only after
 * its own write() gets its own result, because the next write() waits for that read. A program that
 * reads without having written may take another's result. EDU_IOCTL_FACTORIAL avoids this: only its
 * caller gets the result.
 *
 * Offsets are ignored: pread() and pwrite() do what read() and write() do, lseek() returns 0.
 * mmap() fails with ENODEV. An ioctl not listed here fails with ENOTTY. Every ioctl works in every
 * open mode and takes no notice of O_NONBLOCK. EFAULT means a bad argument pointer; the operation
 * may have been done all the same.
 */
#ifndef CUIO_EDU_H
#define CUIO_EDU_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * Argument: pointer to a __u32, set to the card's identification register (0x010000ed: version 1.0
 * of an edu). Does not block.
 */
#define EDU_IOCTL_IDENT _IOR('e', 1, __u32)

/*
 * Argument: pointer to a __u32, replaced by its bitwise inverse as the card computes it. Does not
 * block.
 */
#define EDU_IOCTL_LIVENESS _IOWR('e', 2, __u32)

/*
 * Argument: pointer to a __u32 n, replaced by n! modulo 2^32. Blocks until the node is idle (EINTR
 * on a signal), then until the card is done; all other calls on the node wait meanwhile. ETIMEDOUT
 * when the card needs more than EDU_FACTORIAL_TIMEOUT_MS; the result is dropped, and the node is
 * idle only when the card has finished.
 */
#define EDU_IOCTL_FACTORIAL _IOWR('e', 3, __u32)

/*
 * Argument: pointer to a __u32. Blocks until the next interrupt after this call (EINTR on a signal)
 * and gives its cause: the bits of the card's interrupt status register. EDU_IRQ_FACTORIAL ends
 * each computation, that of EDU_IOCTL_FACTORIAL too; the other bits come from EDU_IOCTL_RAISE_IRQ.
 * All waiting calls are woken. Interrupts that come close together may be reported as one, with the
 * bits of the last.
 */
#define EDU_IOCTL_WAIT_IRQ _IOR('e', 4, __u32)

/*
 * Argument: the number itself, not a pointer: bits to set in the card's interrupt status register,
 * which raises an interrupt unless they are 0. Does not block.
 */
#define EDU_IOCTL_RAISE_IRQ _IOC(_IOC_WRITE, 'e', 5, 0)

/*
 * Transfers by the card's DMA engine, EDU_DMA_BUF_SIZE bytes to and from its buffer. No driver in
 * this repository serves these ioctls: they fail with ENOTTY.
 */
#define EDU_IOCTL_DMA_TO_DEVICE	  _IOC(_IOC_WRITE, 'e', 6, 0)
#define EDU_IOCTL_DMA_FROM_DEVICE _IOC(_IOC_WRITE, 'e', 7, 0)
#define EDU_DMA_BUF_SIZE	  4096

/* The bit of an interrupt's cause that says a computation is done. */
#define EDU_IRQ_FACTORIAL 0x00000001

/* How long EDU_IOCTL_FACTORIAL waits for the card, in milliseconds. */
#define EDU_FACTORIAL_TIMEOUT_MS 1000

#endif
