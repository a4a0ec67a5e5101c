/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Receiving: from the ring in the card's memory to slots in saved memory. One commit stores a frame
 * in its slot and moves past its pages in the ring, so that a crash neither loses nor duplicates
 * it.
 */
#include "driver/ne2000/card.h"

/* Precedes each frame in the ring. */
struct ring_header {
	uint8_t status;
	uint8_t next; /* page of the next frame */
	uint8_t size[2];
};

struct slot *ne2000_receive_slot(struct cuio_device *device, uint32_t number)
{
	return (struct slot *)cuio_device_data(device) + number % NE2000_FRAMES_MAX;
}

static uint8_t receiver_page(struct cuio_device *device)
{
	uint64_t page;

	cuio_reg_write(device, CR, CR_DMA_NONE | CR_PAGE_1 | CR_START);
	page = cuio_reg_read(device, CURR);
	cuio_reg_write(device, CR, CR_DMA_NONE | CR_START);
	return (uint8_t)page;
}

static bool in_ring(unsigned page)
{
	return page >= PAGE_START && page < PAGE_STOP;
}

static unsigned pages_between(unsigned from, unsigned to)
{
	return (to + (PAGE_STOP - PAGE_START) - from) % (PAGE_STOP - PAGE_START);
}

/* Moves a good frame from the ring to a slot; counts it as dropped if no slot is free. */
static void keep_frame(struct cuio_device *device, const struct ring_header *header, unsigned size)
{
	struct ne2000 *card = cuio_device_state(device);
	struct slot *slot = ne2000_receive_slot(device, card->received);

	if (!(header->status & RSR_GOOD) || size < NE2000_FRAME_MIN || size > NE2000_FRAME_MAX) {
		card->statistics.rx_errors++;
		return;
	}
	card->statistics.rx_frames++;
	card->statistics.rx_bytes += size;
	if (card->received - card->taken == NE2000_FRAMES_MAX) {
		card->statistics.rx_dropped++;
		return;
	}
	ne2000_chip_read(device, card->page * CARD_PAGE + sizeof(*header), slot->frame,
			 (size + 3) & ~3U);
	slot->size = size;
	card->received++;
}

/* Receives the frame at card->page; the last one in the ring ends before the page `end`. */
static void receive_frame(struct cuio_device *device, unsigned end)
{
	struct ne2000 *card = cuio_device_state(device);
	struct ring_header header;
	unsigned size, pages;

	ne2000_chip_read(device, card->page * CARD_PAGE, &header, sizeof(header));
	size = header.size[0] | (unsigned)header.size[1] << 8;
	pages = pages_between(card->page, header.next);
	/* After a wrong header nothing in the ring can be trusted: continue at the chip's
	 * position. */
	if (!in_ring(header.next) || pages == 0 || pages > pages_between(card->page, end) ||
	    size < TRAILER || size + sizeof(header) > pages * CARD_PAGE) {
		card->statistics.rx_errors++;
		card->page = (uint8_t)end;
		return;
	}
	keep_frame(device, &header, size - TRAILER);
	card->page = header.next;
}

/* Lets the chip use the ring up to the last page that was read. */
void ne2000_receive_release(struct cuio_device *device)
{
	const struct ne2000 *card = cuio_device_state(device);

	cuio_reg_write(device, BNRY, (card->page == PAGE_START ? PAGE_STOP : card->page) - 1U);
}

/* Frames that arrive meanwhile interrupt again. */
void ne2000_receive_frames(struct cuio_device *device)
{
	const struct ne2000 *card = cuio_device_state(device);
	unsigned end = receiver_page(device);

	if (!in_ring(end))
		return;
	while (card->page != end) {
		receive_frame(device, end);
		cuio_device_checkpoint(device);
		ne2000_receive_release(device);
	}
}

/* A full ring stops the receiver. The datasheet describes how to restart it. */
void ne2000_receive_overrun(struct cuio_device *device)
{
	struct ne2000 *card = cuio_device_state(device);

	card->statistics.rx_overruns++;
	card->recovering = true;
	ne2000_chip_stop(device);
	cuio_device_set_timer(device, TIMER_RECOVERY, cuio_device_now(device) + RECOVERY_TIME);
}

void ne2000_receive_recover(struct cuio_device *device)
{
	struct ne2000 *card = cuio_device_state(device);

	cuio_reg_write(device, RBCR0, 0);
	cuio_reg_write(device, RBCR1, 0);
	cuio_reg_write(device, TCR, TCR_LOOPBACK);
	cuio_reg_write(device, CR, CR_DMA_NONE | CR_START);
	ne2000_receive_frames(device);
	ne2000_chip_tallies(device);
	cuio_reg_write(device, ISR, ISR_OVERRUN);
	cuio_reg_write(device, TCR, 0);
	/* A frame whose transmission was interrupted by the stop is sent again. */
	if (card->transmitting && !(cuio_reg_read(device, ISR) & ISR_TRANSMITTER))
		cuio_reg_write(device, CR, CR_DMA_NONE | CR_TRANSMIT | CR_START);
	card->recovering = false;
	ne2000_chip_interrupts(device);
}
