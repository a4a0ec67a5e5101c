/* SPDX-License-Identifier: MIT */
/*
 * The programming interface of an NE2000 network card's node (/dev/ne0), for programs and for the
 * driver. This header can be included from the kernel and from programs, of 32 and 64 bits alike.
 *
 * A frame is destination, source, type and payload, without preamble and checksum:
 * NE2000_FRAME_MIN to NE2000_FRAME_MAX bytes.
 *
 * read(fd, frame, size)
 *	Takes the oldest frame received and returns its length. A frame longer than `size` is cut
 *	and its rest is lost, as with a TAP device or a packet socket. Blocks while there is none;
 *	EAGAIN instead with O_NONBLOCK, EINTR on a signal.
 * write(fd, frame, size)
 *	Sends one frame and returns `size`; a frame below 60 bytes is padded with zeroes. A
 *	writev() sends one frame. Blocks while the transmitter is busy; EAGAIN instead with
 *	O_NONBLOCK, EINTR on a signal. EINVAL: less than NE2000_FRAME_MIN bytes. EMSGSIZE: more
 *	than NE2000_FRAME_MAX. The frame is sent when the call returns or soon after; only the
 *	statistics show collisions or a pulled cable.
 * poll(), select(), epoll
 *	Readable when a frame is there, writable when the transmitter is free.
 *
 * The card receives while a file is open for reading or writing. NE2000_FRAMES_MAX frames wait for
 * a reader; further frames are dropped and counted. Several files share the card: each frame goes
 * to the first reader. The last close drops the waiting frames, and resets address, promiscuous
 * mode and multicast filter to those of the start. The ioctls also work on a file opened with
 * access mode 3 (O_RDWR | O_WRONLY), which neither starts the card nor counts as open here.
 *
 * An ioctl not listed here fails with ENOTTY; EFAULT means a bad argument pointer. None blocks.
 */
#ifndef CUIO_NE2000_H
#define CUIO_NE2000_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define NE2000_FRAME_MIN  14   /* bytes: two addresses and the type */
#define NE2000_FRAME_MAX  1514 /* bytes */
#define NE2000_FRAMES_MAX 128  /* received and not read yet */

struct ne2000_address {
	__u8 byte[6]; /* in the order of the wire */
};

/* Which multicast addresses are received: the card's hash filter. One bit stands for many
 * addresses, so that frames to others are received, too. All bits set: every multicast frame. */
struct ne2000_multicast {
	__u8 hash[8];
};

/* Counted since the service was started; a crash or an upgrade does not reset the counters. */
struct ne2000_statistics {
	__u64 rx_frames;	   /* received, whether read or not */
	__u64 rx_bytes;		   /* of these frames */
	__u64 rx_dropped;	   /* because NE2000_FRAMES_MAX frames waited already */
	__u64 rx_truncated;	   /* cut by a read() with too small a buffer */
	__u64 rx_overruns;	   /* times the card's own memory was full */
	__u64 rx_missed;	   /* frames that the card lost in overruns */
	__u64 rx_crc_errors;	   /* frames with a wrong checksum */
	__u64 rx_alignment_errors; /* frames that did not end with a byte */
	__u64 rx_errors;	   /* frames or parts of the card's memory that made no sense */
	__u64 tx_frames;	   /* handed to the transmitter */
	__u64 tx_bytes;		   /* of these frames, padding included */
	__u64 tx_errors;	   /* not sent: collisions, underrun, no carrier, no end in time */
};

/* Argument: struct ne2000_address, set to the card's address. */
#define NE2000_GET_ADDRESS _IOR('N', 0x80, struct ne2000_address)

/* Argument: struct ne2000_address. The card receives frames to this address from now on. Sent
 * frames are not changed. EADDRNOTAVAIL: it is zero, or a multicast address. */
#define NE2000_SET_ADDRESS _IOW('N', 0x81, struct ne2000_address)

/* Argument: pointer to a __u32. 1: receive every frame; 0: those to the card's address, broadcasts,
 * and the multicast frames asked for. EINVAL: another number. */
#define NE2000_SET_PROMISCUOUS _IOW('N', 0x82, __u32)

/* Argument: struct ne2000_multicast, which replaces the previous filter. */
#define NE2000_SET_MULTICAST _IOW('N', 0x83, struct ne2000_multicast)

/* Argument: struct ne2000_statistics. */
#define NE2000_GET_STATISTICS _IOR('N', 0x84, struct ne2000_statistics)

/* Adds one multicast address: the upper six bits of the address's Ethernet checksum select the bit.
 * Start with a filter of zeroes. */
static inline void ne2000_multicast_add(struct ne2000_multicast *multicast, const __u8 *address)
{
	__u32 crc = 0xffffffff;
	unsigned int byte, bit;

	for (byte = 0; byte < 6; byte++) {
		for (bit = 0; bit < 8; bit++) {
			__u32 carry = (crc >> 31) ^ ((address[byte] >> bit) & 1U);

			crc = (crc << 1) ^ (carry ? 0x04c11db7 : 0);
		}
	}
	multicast->hash[crc >> 29] |= (__u8)(1U << ((crc >> 26) & 7));
}

#endif
