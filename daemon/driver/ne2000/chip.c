/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The DP8390: registers, access to its memory by remote DMA, start and stop. */
#include "driver/ne2000/card.h"

const struct cuio_driver_register ne2000_registers[N_REGISTERS] = {
	[CR] = { "cr", 1, true, true },	       [PSTART] = { "pstart", 1, false, true },
	[PSTOP] = { "pstop", 1, false, true }, [BNRY] = { "bnry", 1, false, true },
	[TSR] = { "tsr", 1, true, false },     [TPSR] = { "tpsr", 1, false, true },
	[TBCR0] = { "tbcr0", 1, false, true }, [TBCR1] = { "tbcr1", 1, false, true },
	[ISR] = { "isr", 1, true, true },      [RSAR0] = { "rsar0", 1, false, true },
	[RSAR1] = { "rsar1", 1, false, true }, [RBCR0] = { "rbcr0", 1, false, true },
	[RBCR1] = { "rbcr1", 1, false, true }, [RCR] = { "rcr", 1, false, true },
	[TCR] = { "tcr", 1, false, true },     [DCR] = { "dcr", 1, false, true },
	[IMR] = { "imr", 1, false, true },     [CNTR0] = { "cntr0", 1, true, false },
	[CNTR1] = { "cntr1", 1, true, false }, [CNTR2] = { "cntr2", 1, true, false },
	[CURR] = { "curr", 1, true, true },    [DATAPORT] = { "dataport", 4, true, true },
	[RESET] = { "reset", 1, true, true },  [PAR] = { "par", 1, false, true },
	[MAR] = { "mar", 1, false, true },
};

static void dma_start(struct cuio_device *device, unsigned address, unsigned size,
		      unsigned direction)
{
	cuio_reg_write(device, CR, CR_DMA_NONE | CR_START);
	cuio_reg_write(device, RBCR0, size & 0xff);
	cuio_reg_write(device, RBCR1, size >> 8);
	cuio_reg_write(device, RSAR0, address & 0xff);
	cuio_reg_write(device, RSAR1, address >> 8);
	cuio_reg_write(device, CR, direction | CR_START);
}

/* At the end of the ring the chip continues at its start. */
void ne2000_chip_read(struct cuio_device *device, unsigned address, void *to, unsigned size)
{
	dma_start(device, address, size, CR_DMA_READ);
	cuio_reg_read_rep(device, DATAPORT, to, size / 4);
}

void ne2000_chip_write(struct cuio_device *device, unsigned address, const void *from,
		       unsigned size)
{
	unsigned patience = DMA_PATIENCE;

	dma_start(device, address, size, CR_DMA_WRITE);
	cuio_reg_write_rep(device, DATAPORT, from, size / 4);
	while (!(cuio_reg_read(device, ISR) & ISR_DMA_DONE) && --patience)
		;
}

void ne2000_chip_stop(struct cuio_device *device)
{
	cuio_reg_write(device, CR, CR_DMA_NONE | CR_STOP);
	cuio_reg_write(device, IMR, 0);
}

bool ne2000_chip_reset(struct cuio_device *device)
{
	unsigned patience = RESET_PATIENCE;

	cuio_reg_write(device, RESET, cuio_reg_read(device, RESET));
	while (!(cuio_reg_read(device, ISR) & ISR_RESET) && --patience)
		;
	ne2000_chip_stop(device);
	return patience > 0;
}

void ne2000_chip_interrupts(struct cuio_device *device)
{
	const struct ne2000 *card = cuio_device_state(device);

	cuio_reg_write(device, IMR, ISR_RECEIVER | (card->transmitting ? ISR_TRANSMITTER : 0));
}

void ne2000_chip_filter(struct cuio_device *device, unsigned run)
{
	const struct ne2000 *card = cuio_device_state(device);
	unsigned i;

	cuio_reg_write(device, CR, CR_DMA_NONE | CR_PAGE_1 | run);
	for (i = 0; i < sizeof(card->address.byte); i++)
		cuio_element_write(device, PAR, i, card->address.byte[i]);
	for (i = 0; i < sizeof(card->multicast.hash); i++)
		cuio_element_write(device, MAR, i,
				   card->promiscuous ? 0xff : card->multicast.hash[i]);
	cuio_reg_write(device, CR, CR_DMA_NONE | run);
	cuio_reg_write(device, RCR,
		       RCR_BROADCAST | RCR_MULTICAST | (card->promiscuous ? RCR_PROMISCUOUS : 0));
}

/* In the order of the datasheet ("initialization sequence"). */
void ne2000_chip_start(struct cuio_device *device)
{
	struct ne2000 *card = cuio_device_state(device);

	card->transmitting = card->recovering = false;
	card->page = PAGE_START;
	cuio_reg_write(device, CR, CR_DMA_NONE | CR_STOP);
	cuio_reg_write(device, DCR, DCR_WORDS_NORMAL);
	cuio_reg_write(device, RBCR0, 0);
	cuio_reg_write(device, RBCR1, 0);
	cuio_reg_write(device, RCR, RCR_MONITOR);
	cuio_reg_write(device, TCR, TCR_LOOPBACK);
	cuio_reg_write(device, PSTART, PAGE_START);
	cuio_reg_write(device, PSTOP, PAGE_STOP);
	cuio_reg_write(device, BNRY, PAGE_STOP - 1);
	cuio_reg_write(device, CR, CR_DMA_NONE | CR_PAGE_1 | CR_STOP);
	cuio_reg_write(device, CURR, PAGE_START);
	cuio_reg_write(device, CR, CR_DMA_NONE | CR_STOP);
	cuio_reg_write(device, ISR, ALL_ONES);
	ne2000_chip_filter(device, CR_STOP);
	cuio_reg_write(device, CR, CR_DMA_NONE | CR_START);
	cuio_reg_write(device, TCR, 0);
	ne2000_chip_interrupts(device);
}

/* Reading clears the counters. */
void ne2000_chip_tallies(struct cuio_device *device)
{
	struct ne2000_statistics *count = &((struct ne2000 *)cuio_device_state(device))->statistics;

	count->rx_alignment_errors += cuio_reg_read(device, CNTR0);
	count->rx_crc_errors += cuio_reg_read(device, CNTR1);
	count->rx_missed += cuio_reg_read(device, CNTR2);
}
