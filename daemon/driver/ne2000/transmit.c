/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sending: the card's memory holds one frame at a time. */
#include "driver/ne2000/card.h"

void ne2000_transmit_end(struct cuio_device *device)
{
	struct ne2000 *card = cuio_device_state(device);

	if (!(cuio_reg_read(device, TSR) & TSR_SENT))
		card->statistics.tx_errors++;
	cuio_reg_write(device, ISR, ISR_TRANSMITTER);
	card->transmitting = false;
	cuio_device_set_timer(device, TIMER_TRANSMIT, 0);
}

/* The interrupt is enabled only while a frame is being sent. */
void ne2000_transmit_await(struct cuio_device *device)
{
	struct ne2000 *card = cuio_device_state(device);

	card->transmitting = true;
	cuio_device_set_timer(device, TIMER_TRANSMIT, cuio_device_now(device) + TRANSMIT_TIME);
	ne2000_chip_interrupts(device);
}

void ne2000_transmit_begin(struct cuio_device *device, unsigned size)
{
	cuio_reg_write(device, TPSR, PAGE_TRANSMIT);
	cuio_reg_write(device, TBCR0, size & 0xff);
	cuio_reg_write(device, TBCR1, size >> 8);
	cuio_reg_write(device, CR, CR_DMA_NONE | CR_TRANSMIT | CR_START);
	if (cuio_reg_read(device, CR) & CR_TRANSMIT)
		ne2000_transmit_await(device);
	else
		ne2000_transmit_end(device);
}

void ne2000_transmit_late(struct cuio_device *device)
{
	struct ne2000 *card = cuio_device_state(device);

	if (!card->transmitting)
		return;
	if (cuio_reg_read(device, ISR) & ISR_TRANSMITTER) {
		ne2000_transmit_end(device);
		ne2000_chip_interrupts(device);
		return;
	}
	card->statistics.tx_errors++;
	ne2000_chip_reset(device);
	ne2000_chip_start(device);
}
