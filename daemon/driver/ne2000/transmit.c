/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sending: one frame at a time lies in the card's memory. */
#include "driver/ne2000/card.h"

void ne2000_transmit_end(struct device *device)
{
	struct ne2000 *card = device_state(device);

	if (!(reg_get(device, TSR) & TSR_SENT))
		card->statistics.tx_errors++;
	reg_set(device, ISR, ISR_TRANSMITTER);
	card->transmitting = false;
	device_timer(device, TIMER_TRANSMIT, 0);
}

/* The interrupt is asked for only where there is something to wait for. */
void ne2000_transmit_await(struct device *device)
{
	struct ne2000 *card = device_state(device);

	card->transmitting = true;
	device_timer(device, TIMER_TRANSMIT, device_now(device) + TRANSMIT_TIME);
	ne2000_chip_interrupts(device);
}

void ne2000_transmit_begin(struct device *device, unsigned size)
{
	reg_set(device, TPSR, PAGE_TRANSMIT);
	reg_set(device, TBCR0, size & 0xff);
	reg_set(device, TBCR1, size >> 8);
	reg_set(device, CR, CR_DMA_NONE | CR_TRANSMIT | CR_START);
	if (reg_get(device, CR) & CR_TRANSMIT)
		ne2000_transmit_await(device);
	else
		ne2000_transmit_end(device);
}

void ne2000_transmit_late(struct device *device)
{
	struct ne2000 *card = device_state(device);

	if (!card->transmitting)
		return;
	if (reg_get(device, ISR) & ISR_TRANSMITTER) {
		ne2000_transmit_end(device);
		ne2000_chip_interrupts(device);
		return;
	}
	card->statistics.tx_errors++;
	ne2000_chip_reset(device);
	ne2000_chip_start(device);
}
