/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers as in QEMU's docs/specs/edu. */
#include "fake_edu.h"

static uint32_t compute(uint32_t n)
{
	uint32_t result = 1;

	for (; n > 0; n--)
		result *= n;
	return result;
}

void fake_edu_finish(struct fake_edu *edu)
{
	if (!edu->busy)
		return;
	edu->factorial = compute(edu->n);
	edu->busy = false;
}

void fake_edu_raise(struct fake_edu *edu)
{
	if (edu->irqfact)
		edu->irq_status |= 1;
}

static uint64_t edu_status(struct fake_edu *edu)
{
	if (edu->busy && edu->busy_reads && !--edu->busy_reads) {
		fake_edu_finish(edu);
		fake_edu_raise(edu);
	}
	return edu->busy | edu->irqfact;
}

static uint64_t edu_read(const struct window *window, uint64_t offset, unsigned width)
{
	struct fake_edu *edu = window->context;

	edu->accesses++;
	if (width != 4)
		return UINT64_MAX;
	switch (offset) {
	case 0x00:
		return 0x010000ed;
	case 0x04:
		return edu->liveness;
	case 0x08:
		return edu->factorial;
	case 0x20:
		return edu_status(edu);
	case 0x24:
		return edu->irq_status;
	default:
		return 0xffffffff;
	}
}

static void edu_write(const struct window *window, uint64_t offset, unsigned width, uint64_t value)
{
	struct fake_edu *edu = window->context;

	edu->accesses++;
	if (width != 4)
		return;
	switch (offset) {
	case 0x04:
		edu->liveness = ~(uint32_t)value;
		break;
	case 0x08:
		if (edu->busy)
			break;
		edu->busy = true;
		edu->n = (uint32_t)value;
		break;
	case 0x20:
		edu->irqfact = (uint32_t)value & 0x80;
		break;
	case 0x60:
		edu->irq_status |= (uint32_t)value;
		break;
	case 0x64:
		edu->irq_status &= ~(uint32_t)value;
		break;
	default:
		break;
	}
}

void fake_edu_init(struct fake_edu *edu)
{
	static const struct window_ops ops = { .read = edu_read, .write = edu_write };

	*edu = (struct fake_edu){
		.window = { .name = "bar0", .ops = &ops, .size = 0x100000, .context = edu },
	};
}
