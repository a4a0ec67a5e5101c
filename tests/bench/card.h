/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's edu card through uio_pci_generic, and the memory of an ivshmem card, as the benchmark's
 * daemons reach them: with the same mappings and the same system calls as cuiod, and no more.
 */
#ifndef BENCH_CARD_H
#define BENCH_CARD_H

#include <stddef.h>
#include <stdint.h>

enum card_register {
	CARD_IDENT = 0x00,
	CARD_LIVENESS = 0x04,
	CARD_IRQ_STATUS = 0x24,
	CARD_IRQ_RAISE = 0x60,
	CARD_IRQ_ACK = 0x64,
};

struct card {
	volatile uint32_t *registers;
	int uio;    /* its interrupts are read here */
	int config; /* and unmasked here */
	void *memory;
	size_t memory_size;
};

/* Of these, `slot` is "0000:00:04.0". They end the program, with a message, when they fail. */
void card_open(struct card *card, const char *slot);
void card_open_memory(struct card *card, const char *slot);
/* The registers alone, of a card that somebody else serves. */
void card_open_registers(struct card *card, const char *slot);

static inline uint32_t card_get(const struct card *card, enum card_register offset)
{
	return card->registers[offset / sizeof(uint32_t)];
}

static inline void card_set(const struct card *card, enum card_register offset, uint32_t value)
{
	card->registers[offset / sizeof(uint32_t)] = value;
}

/* Blocks until there was an interrupt, and acknowledges it: its cause, 0 when it was another's. */
uint32_t card_take_interrupt(struct card *card);
void card_unmask(struct card *card);

#endif
