/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An NE2000 card: a DP8390 (National Semiconductor's datasheet) with 16 KiB of memory. It is alone
 * on its wire and receives its own frames. A frame takes its time on the wire. Two destination
 * addresses inject faults: frames to COLLIDES collide until the chip gives up, and frames to
 * ENDLESS never end.
 */
#include "hardware/sim.h"
#include <string.h>

#define MEMORY_START 0x4000U
#define MEMORY_SIZE  0x4000U
#define PAGE	     256U
#define WIRE_SIZE    2048U
#define HEADER	     4U /* in front of a frame in the ring; its size counts the checksum */
#define CHECKSUM     4U
#define BYTE_TIME    800U /* ns, at 10 Mbit/s */
#define TALLY_HALF   0x80U

#define CR_STOP	    0x01U
#define CR_START    0x02U
#define CR_TRANSMIT 0x04U
#define CR_READ	    0x08U
#define CR_WRITE    0x10U
#define CR_NO_DMA   0x20U
#define ISR_PRX	    0x01U
#define ISR_PTX	    0x02U
#define ISR_TXE	    0x08U
#define ISR_OVW	    0x10U
#define ISR_CNT	    0x20U
#define ISR_RDC	    0x40U
#define ISR_RST	    0x80U
#define RCR_AB	    0x04U
#define RCR_AM	    0x08U
#define RCR_PRO	    0x10U
#define RCR_MON	    0x20U
#define TCR_LOOP    0x06U
#define TSR_PTX	    0x01U
#define TSR_ABT	    0x08U
#define RSR_PRX	    0x01U
#define RSR_PHY	    0x20U

enum {
	CNTR_MISSED = 2,
};

static const uint8_t COLLIDES[6] = { 0 }, ENDLESS[6] = { 0, 0, 0, 0, 0, 1 };
static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t own_address[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

struct ne2000 {
	uint64_t sent_at; /* when the frame that is being sent ends; 0: none */
	uint8_t cr, isr, imr, rcr, tcr, dcr, tsr, rsr;
	uint8_t pstart, pstop, bnry, curr, tpsr;
	uint8_t par[6], mar[8], tally[3];
	uint8_t overrun; /* the receiver is stuck until the chip is stopped */
	uint16_t tbcr, rsar, rbcr;
	uint8_t wire[WIRE_SIZE]; /* the frame that is being sent */
	uint8_t prom[32];
	uint8_t memory[MEMORY_SIZE];
};

_Static_assert(sizeof(struct ne2000) <= SIM_STATE_SIZE, "the simulator has room for it");

static void ne2000_reset(void *state)
{
	struct ne2000 *card = state;

	for (unsigned i = 0; i < sizeof(card->prom); i++)
		card->prom[i] = i < 12 ? own_address[i / 2] : 0x57;
	card->cr = CR_STOP | CR_NO_DMA;
	card->isr = ISR_RST;
}

/* --- memory -----------------------------------------------------------------------------------*/

static uint8_t *memory_at(struct ne2000 *card, unsigned address)
{
	static uint8_t nothing;

	if (address < sizeof(card->prom))
		return &card->prom[address];
	if (address >= MEMORY_START && address < MEMORY_START + MEMORY_SIZE)
		return &card->memory[address - MEMORY_START];
	nothing = 0xff;
	return &nothing;
}

static void dma_step(struct ne2000 *card)
{
	card->rsar++;
	if (card->rsar == card->pstop * PAGE)
		card->rsar = (uint16_t)(card->pstart * PAGE);
	if (--card->rbcr == 0)
		card->isr |= ISR_RDC;
}

static uint64_t dma_read(struct ne2000 *card, unsigned width)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < width; i++) {
		bool moves = card->cr & CR_READ && card->rbcr;

		value |= (uint64_t)(moves ? *memory_at(card, card->rsar) : 0xff) << (8 * i);
		if (moves)
			dma_step(card);
	}
	return value;
}

static void dma_write(struct ne2000 *card, unsigned width, uint64_t value)
{
	for (unsigned i = 0; i < width; i++) {
		if (!(card->cr & CR_WRITE) || !card->rbcr)
			return;
		if (card->rsar >= MEMORY_START)
			*memory_at(card, card->rsar) = (uint8_t)(value >> (8 * i));
		dma_step(card);
	}
}

/* --- the wire ---------------------------------------------------------------------------------*/

static void count(struct ne2000 *card, unsigned tally)
{
	if (card->tally[tally] < 0xff)
		card->tally[tally]++;
	if (card->tally[tally] >= TALLY_HALF)
		card->isr |= ISR_CNT;
}

/* The upper bits of Ethernet's checksum, least significant bit first: <cuio/ne2000.h> computes it
 * the other way, so that a mistake in one shows. */
static unsigned hash_of(const uint8_t *address)
{
	uint32_t crc = 0xffffffff;
	unsigned hash = 0;

	for (unsigned i = 0; i < 48; i++) {
		uint32_t carry = (crc ^ (unsigned)(address[i / 8] >> i % 8)) & 1;

		crc = crc >> 1 ^ (carry ? 0xedb88320 : 0);
	}
	for (unsigned i = 0; i < 6; i++)
		hash |= (crc >> i & 1) << (5 - i);
	return hash;
}

static bool wanted(const struct ne2000 *card, const uint8_t *to)
{
	unsigned hash = hash_of(to);

	if (memcmp(to, broadcast, sizeof(broadcast)) == 0)
		return card->rcr & RCR_AB;
	if (to[0] & 1)
		return card->rcr & RCR_AM && card->mar[hash / 8] >> hash % 8 & 1;
	return card->rcr & RCR_PRO || memcmp(to, card->par, sizeof(card->par)) == 0;
}

static void store(struct ne2000 *card, const uint8_t *frame, unsigned size, unsigned pages)
{
	unsigned ring = card->pstop - card->pstart, next = card->curr + pages;
	unsigned at = card->curr * PAGE, total = size + CHECKSUM;
	uint8_t header[HEADER];

	if (next >= card->pstop)
		next -= ring;
	card->rsr = RSR_PRX | (frame[0] & 1 ? RSR_PHY : 0);
	memcpy(header,
	       (uint8_t[]){ card->rsr, (uint8_t)next, (uint8_t)total, (uint8_t)(total >> 8) },
	       HEADER);
	for (unsigned i = 0; i < HEADER + size; i++) {
		*memory_at(card, at) = i < HEADER ? header[i] : frame[i - HEADER];
		if (++at == card->pstop * PAGE)
			at = card->pstart * PAGE;
	}
	card->curr = (uint8_t)next;
	card->isr |= ISR_PRX;
}

static void hear(struct ne2000 *card, const uint8_t *frame, unsigned size)
{
	unsigned ring = card->pstop - card->pstart, room;
	unsigned pages = (HEADER + size + CHECKSUM + PAGE - 1) / PAGE;

	if (card->cr & CR_STOP || card->rcr & RCR_MON || card->tcr & TCR_LOOP ||
	    card->pstop <= card->pstart || !wanted(card, frame))
		return;
	room = (card->bnry + ring - card->curr) % ring;
	if (!card->overrun && pages <= room) {
		store(card, frame, size, pages);
		return;
	}
	card->overrun = 1;
	card->isr |= ISR_OVW;
	count(card, CNTR_MISSED);
}

static void send_end(struct ne2000 *card)
{
	if (memcmp(card->wire, COLLIDES, sizeof(COLLIDES)) == 0) {
		card->tsr = TSR_ABT;
		card->isr |= ISR_TXE;
	} else {
		card->tsr = TSR_PTX;
		card->isr |= ISR_PTX;
		hear(card, card->wire, card->tbcr < WIRE_SIZE ? card->tbcr : WIRE_SIZE);
	}
	card->cr &= (uint8_t)~CR_TRANSMIT;
}

/* `sent_at` is cleared last: a crash in here sends the frame again. */
static void advance(struct ne2000 *card, uint64_t now)
{
	if (card->sent_at == 0 || now < card->sent_at)
		return;
	send_end(card);
	card->sent_at = 0;
}

static void send_begin(struct ne2000 *card, uint64_t now)
{
	for (unsigned i = 0; i < WIRE_SIZE && i < card->tbcr; i++)
		card->wire[i] = *memory_at(card, card->tpsr * PAGE + i);
	card->tsr = 0;
	card->sent_at = memcmp(card->wire, ENDLESS, sizeof(ENDLESS)) == 0
				? UINT64_MAX
				: now + (uint64_t)card->tbcr * BYTE_TIME;
}

/* --- registers --------------------------------------------------------------------------------*/

static void command(struct ne2000 *card, uint64_t now, uint8_t value)
{
	bool sends = value & CR_TRANSMIT && value & CR_START && card->sent_at == 0;

	card->cr = (uint8_t)(value | (card->cr & CR_TRANSMIT));
	if (value & CR_STOP) {
		card->isr |= ISR_RST;
		card->overrun = 0;
		card->sent_at = 0;
		card->cr &= (uint8_t)~CR_TRANSMIT;
	} else {
		card->isr &= (uint8_t)~ISR_RST;
	}
	if (sends && !(value & CR_STOP))
		send_begin(card, now);
}

static uint8_t tally_take(struct ne2000 *card, unsigned tally)
{
	uint8_t value = card->tally[tally];

	card->tally[tally] = 0;
	return value;
}

static uint8_t read_page0(struct ne2000 *card, unsigned offset)
{
	switch (offset) {
	case 0x3:
		return card->bnry;
	case 0x4:
		return card->tsr;
	case 0x7:
		return card->isr;
	case 0x8:
		return (uint8_t)card->rsar;
	case 0x9:
		return (uint8_t)(card->rsar >> 8);
	case 0xa:
		return 0x50;
	case 0xb:
		return 0x43;
	case 0xc:
		return card->rsr;
	case 0xd:
	case 0xe:
	case 0xf:
		return tally_take(card, offset - 0xd);
	default:
		return 0;
	}
}

static uint8_t *place_page1(struct ne2000 *card, unsigned offset)
{
	if (offset < 7)
		return &card->par[offset - 1];
	return offset == 7 ? &card->curr : &card->mar[offset - 8];
}

static void set_half(uint16_t *word, bool high, uint8_t value)
{
	*word = (uint16_t)(high ? (*word & 0x00ff) | value << 8 : (*word & 0xff00) | value);
}

static void write_page0(struct ne2000 *card, unsigned offset, uint8_t value)
{
	uint8_t *const plain[16] = {
		[0x1] = &card->pstart, [0x2] = &card->pstop, [0x3] = &card->bnry,
		[0x4] = &card->tpsr,   [0xc] = &card->rcr,   [0xd] = &card->tcr,
		[0xe] = &card->dcr,    [0xf] = &card->imr
	};

	if (plain[offset])
		*plain[offset] = value;
	else if (offset == 0x7)
		card->isr &= (uint8_t) ~(value & ~ISR_RST);
	else if (offset < 0x7)
		set_half(&card->tbcr, offset == 0x6, value);
	else if (offset < 0xa)
		set_half(&card->rsar, offset == 0x9, value);
	else
		set_half(&card->rbcr, offset == 0xb, value);
}

static uint64_t ne2000_read(void *state, uint64_t now, uint64_t offset, unsigned width)
{
	struct ne2000 *card = state;

	advance(card, now);
	if (offset == 0x10)
		return dma_read(card, width);
	if (offset == 0x1f)
		command(card, now, CR_STOP | CR_NO_DMA);
	if (width != 1 || offset >= 0x10)
		return UINT64_MAX;
	if (offset == 0)
		return card->cr;
	switch (card->cr >> 6) {
	case 0:
		return read_page0(card, (unsigned)offset);
	case 1:
		return *place_page1(card, (unsigned)offset);
	default:
		return 0;
	}
}

static void ne2000_write(void *state, uint64_t now, uint64_t offset, unsigned width, uint64_t value)
{
	struct ne2000 *card = state;

	advance(card, now);
	if (offset == 0x10)
		dma_write(card, width, value);
	if (width != 1 || offset >= 0x10)
		return;
	if (offset == 0)
		command(card, now, (uint8_t)value);
	else if (card->cr >> 6 == 0)
		write_page0(card, (unsigned)offset, (uint8_t)value);
	else if (card->cr >> 6 == 1)
		*place_page1(card, (unsigned)offset) = (uint8_t)value;
}

static bool ne2000_asserted(void *state, uint64_t now)
{
	struct ne2000 *card = state;

	advance(card, now);
	return card->isr & card->imr & ~ISR_RST;
}

static uint64_t ne2000_deadline(const void *state)
{
	const struct ne2000 *card = state;

	return card->sent_at == UINT64_MAX ? 0 : card->sent_at;
}

const struct sim_model sim_ne2000 = {
	.name = "ne2000",
	.bar = 0,
	.state_size = sizeof(struct ne2000),
	.reset = ne2000_reset,
	.read = ne2000_read,
	.write = ne2000_write,
	.asserted = ne2000_asserted,
	.deadline = ne2000_deadline,
};
