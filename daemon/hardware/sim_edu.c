/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's edu card as far as programs see it without DMA (QEMU's docs/specs/edu): identification,
 * liveness, factorial, interrupt. A factorial takes some time, so that "busy" is real.
 */
#include "hardware/sim.h"

#define EDU_IDENT	 0x00
#define EDU_LIVENESS	 0x04
#define EDU_FACTORIAL	 0x08
#define EDU_STATUS	 0x20
#define EDU_IRQ_STATUS	 0x24
#define EDU_IRQ_RAISE	 0x60
#define EDU_IRQ_ACK	 0x64
#define EDU_DMA		 0x80 /* and above: not simulated */
#define STATUS_COMPUTING 0x01
#define STATUS_IRQFACT	 0x80
#define IRQ_FACTORIAL	 0x01
#define EDU_VERSION	 0x010000edU
#define FACTORIAL_TIME	 200000U /* ns */

struct edu {
	uint64_t deadline; /* end of the computation; 0: none */
	uint32_t liveness;
	uint32_t factorial;
	uint32_t status;
	uint32_t irq_status;
};

static uint32_t factorial(uint32_t n)
{
	uint32_t product = 1;

	/* From 34! on, 2^32 divides it. */
	if (n >= 34)
		return 0;
	for (; n > 0; n--)
		product *= n;
	return product;
}

/* Ends a computation that is due. The deadline is cleared last: a crash in here repeats this. */
static void edu_advance(struct edu *edu, uint64_t now)
{
	if (edu->deadline == 0 || now < edu->deadline)
		return;
	if (edu->status & STATUS_COMPUTING)
		edu->factorial = factorial(edu->factorial);
	edu->status &= ~(uint32_t)STATUS_COMPUTING;
	if (edu->status & STATUS_IRQFACT)
		edu->irq_status |= IRQ_FACTORIAL;
	edu->deadline = 0;
}

static uint64_t edu_read(void *state, uint64_t now, uint64_t offset, unsigned width)
{
	struct edu *edu = state;

	edu_advance(edu, now);
	if (width < 4)
		return 0;
	if (offset < EDU_DMA && width != 4)
		return UINT64_MAX;
	switch (offset) {
	case EDU_IDENT:
		return EDU_VERSION;
	case EDU_LIVENESS:
		return edu->liveness;
	case EDU_FACTORIAL:
		return edu->factorial;
	case EDU_STATUS:
		return edu->status;
	case EDU_IRQ_STATUS:
		return edu->irq_status;
	default:
		return width == 8 ? UINT64_MAX : UINT32_MAX;
	}
}

static void start_factorial(struct edu *edu, uint64_t now, uint32_t value)
{
	if (edu->status & STATUS_COMPUTING)
		return;
	edu->factorial = value;
	edu->status |= STATUS_COMPUTING;
	edu->deadline = now + FACTORIAL_TIME;
}

static void edu_write(void *state, uint64_t now, uint64_t offset, unsigned width, uint64_t value)
{
	struct edu *edu = state;
	uint32_t word = (uint32_t)value;

	edu_advance(edu, now);
	if (width != 4)
		return;
	switch (offset) {
	case EDU_LIVENESS:
		edu->liveness = ~word;
		break;
	case EDU_FACTORIAL:
		start_factorial(edu, now, word);
		break;
	case EDU_STATUS:
		edu->status = (edu->status & ~(uint32_t)STATUS_IRQFACT) | (word & STATUS_IRQFACT);
		break;
	case EDU_IRQ_RAISE:
		edu->irq_status |= word;
		break;
	case EDU_IRQ_ACK:
		edu->irq_status &= ~word;
		break;
	default:
		break;
	}
}

static bool edu_asserted(void *state, uint64_t now)
{
	struct edu *edu = state;

	edu_advance(edu, now);
	return edu->irq_status != 0;
}

static uint64_t edu_deadline(const void *state)
{
	const struct edu *edu = state;

	return edu->deadline;
}

const struct sim_model sim_edu = {
	.name = "edu",
	.bar = 0,
	.state_size = sizeof(struct edu),
	.read = edu_read,
	.write = edu_write,
	.asserted = edu_asserted,
	.deadline = edu_deadline,
};
