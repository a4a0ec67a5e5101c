/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NE2000 network cards on PCI: National Semiconductor's DP8390 (datasheet of 1995; AN-874 "Writing
 * Drivers for the DP8390") with 16 KiB of memory behind a data port. The kernel's driver is
 * drivers/net/ethernet/8390/. Shared by the files of this folder.
 */
#ifndef DRIVER_NE2000_CARD_H
#define DRIVER_NE2000_CARD_H

#include <cuio/driver.h>
#include <cuio/ne2000.h>

/* The card's memory, in pages of 256 bytes: room for one frame to send, then the ring. */
#define CARD_PAGE     256U
#define PAGE_TRANSMIT 0x40U
#define PAGE_START    0x46U
#define PAGE_STOP     0x80U
#define PROM_SIZE     32U  /* bytes at address 0: the MAC address, each byte twice */
#define FRAME_ON_WIRE 60U  /* bytes; shorter frames are padded */
#define FRAME_ROOM    1516 /* NE2000_FRAME_MAX, rounded up for the data port */
#define TRAILER	      4U   /* bytes of checksum, as many as in struct ring_header */

#define RESET_PATIENCE	 10000U		   /* reads until a reset has failed */
#define DMA_PATIENCE	 1000U		   /* reads until remote DMA has failed */
#define RECOVERY_TIME	 UINT64_C(2000000) /* ns; the datasheet requires 1.6 ms */
#define TRANSMIT_TIME	 UINT64_C(1000000000)
#define ALL_ONES	 0xffU /* the card is gone */
#define CR_STOP		 0x01U
#define CR_START	 0x02U
#define CR_TRANSMIT	 0x04U
#define CR_DMA_READ	 0x08U
#define CR_DMA_WRITE	 0x10U
#define CR_DMA_NONE	 0x20U
#define CR_PAGE_1	 0x40U
#define ISR_RECEIVED	 0x01U
#define ISR_SENT	 0x02U
#define ISR_RECEIVE_BAD	 0x04U
#define ISR_SEND_FAILED	 0x08U
#define ISR_OVERRUN	 0x10U
#define ISR_TALLIES	 0x20U
#define ISR_DMA_DONE	 0x40U
#define ISR_RESET	 0x80U
#define ISR_TRANSMITTER	 (ISR_SENT | ISR_SEND_FAILED)
#define ISR_RECEIVER	 (ISR_RECEIVED | ISR_RECEIVE_BAD | ISR_OVERRUN | ISR_TALLIES)
#define TSR_SENT	 0x01U
#define RCR_BROADCAST	 0x04U
#define RCR_MULTICAST	 0x08U
#define RCR_PROMISCUOUS	 0x10U
#define RCR_MONITOR	 0x20U
#define TCR_LOOPBACK	 0x02U
#define DCR_WORDS_NORMAL 0x49U /* 16 bits, no loopback, a FIFO threshold of 8 bytes */
#define RSR_GOOD	 0x01U

enum {
	CR,
	PSTART,
	PSTOP,
	BNRY,
	TSR,
	TPSR,
	TBCR0,
	TBCR1,
	ISR,
	RSAR0,
	RSAR1,
	RBCR0,
	RBCR1,
	RCR,
	TCR,
	DCR,
	IMR,
	CNTR0,
	CNTR1,
	CNTR2,
	CURR,
	DATAPORT,
	RESET,
	PAR,
	MAR,
	N_REGISTERS,
};

enum {
	TIMER_TRANSMIT, /* transmission takes too long */
	TIMER_RECOVERY, /* the chip is stopped after an overrun */
	N_TIMERS,
};

struct ne2000 {
	struct ne2000_statistics statistics;
	uint32_t received, taken; /* frame numbers: those in between are in the data area */
	uint32_t files;		  /* open files; the receiver runs while there are any */
	uint8_t page;		  /* of the ring: start of the next frame */
	/* Not bool, which must not have the other values of forged memory. */
	uint8_t transmitting;
	uint8_t recovering; /* from an overrun, with the chip stopped */
	uint8_t promiscuous;
	struct ne2000_address own; /* address in the card's PROM */
	struct ne2000_address address;
	struct ne2000_multicast multicast;
};

/* Received frames for readers: frame number n is in slot n % NE2000_FRAMES_MAX. */
struct slot {
	uint32_t size;
	uint8_t frame[FRAME_ROOM];
};

/* chip.c: the chip and its memory. Register page 0 is selected outside of these functions. */
extern const struct cuio_driver_register ne2000_registers[N_REGISTERS];
/* Sizes must be multiples of 4, the width of the data port. */
void ne2000_chip_read(struct cuio_device *device, unsigned address, void *to, unsigned size);
void ne2000_chip_write(struct cuio_device *device, unsigned address, const void *from,
		       unsigned size);
bool ne2000_chip_reset(struct cuio_device *device); /* false: the reset failed */
void ne2000_chip_start(struct cuio_device *device); /* full initialisation, with an empty ring */
void ne2000_chip_stop(struct cuio_device *device);
/* Sets the receive filter. `run`: CR_STOP or CR_START, the chip's current state. */
void ne2000_chip_filter(struct cuio_device *device, unsigned run);
/* Enables the interrupts that are needed. */
void ne2000_chip_interrupts(struct cuio_device *device);
void ne2000_chip_tallies(struct cuio_device *device); /* adds them to the statistics */

/* receive.c: from the card's ring to the slots. */
struct slot *ne2000_receive_slot(struct cuio_device *device, uint32_t number);
void ne2000_receive_frames(struct cuio_device *device);
void ne2000_receive_release(struct cuio_device *device); /* the chip may reuse read pages */
/* Stops the chip after an overrun and sets the timer for ne2000_receive_recover(). */
void ne2000_receive_overrun(struct cuio_device *device);
void ne2000_receive_recover(struct cuio_device *device);

/* transmit.c: sends the frame in the card's memory. */
void ne2000_transmit_begin(struct cuio_device *device, unsigned size);
void ne2000_transmit_await(struct cuio_device *device);
void ne2000_transmit_end(struct cuio_device *device);
void ne2000_transmit_late(struct cuio_device *device);

/* ioctl.c */
#define NE2000_IOCTLS 5U
extern const struct cuio_driver_ioctl ne2000_ioctls[NE2000_IOCTLS];

#endif
