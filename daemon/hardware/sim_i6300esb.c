// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The watchdog timer of Intel's 6300ESB (datasheet 300641, chapter 16): two stages, registers that
 * are unlocked for one write, and registers in configuration space. A timeout that resets a real
 * machine sets a bit and stops the count, as in QEMU's hw/watchdog/wdt_i6300esb.c.
 *
 * This model is stricter than QEMU's: any write locks the registers again, also one that begins
 * another unlock sequence.
 */
#include "hardware/sim.h"

#define ESB_TIMER1	 0x00
#define ESB_TIMER2	 0x04
#define ESB_RELOAD	 0x0c
#define ESB_CONFIG	 0x60
#define ESB_LOCK	 0x68
#define CONFIG_FAST	 0x04 /* 1 MHz, else 1 kHz */
#define CONFIG_BITS	 0x27
#define CONFIG_NO_OUTPUT 0x20
#define LOCK_LOCK	 0x01
#define LOCK_ENABLE	 0x02
#define LOCK_BITS	 0x07
#define RELOAD_RELOAD	 0x100
#define RELOAD_TIMEOUT	 0x200
#define PRELOAD_BITS	 0xfffffU
#define TICK_SLOW	 983040U /* ns: 2^15 cycles of 33 MHz */
#define TICK_FAST	 960U	 /* 2^5 */

enum unlocking {
	LOCKED,
	HALF_UNLOCKED,
	UNLOCKED
};

struct esb {
	uint64_t deadline;    /* end of this stage; 0: not counting */
	uint32_t preloads[2]; /* ticks */
	uint32_t stage;	      /* 0 or 1 */
	uint32_t unlocking;
	uint32_t timed_out;
	uint16_t config;
	uint8_t lock;
};

static void enter_stage(struct esb *esb, uint32_t stage, uint64_t when)
{
	uint64_t tick = esb->config & CONFIG_FAST ? TICK_FAST : TICK_SLOW;

	esb->stage = stage;
	esb->deadline = when + esb->preloads[stage] * tick;
}

static void esb_advance(struct esb *esb, uint64_t now)
{
	if (esb->deadline && now >= esb->deadline && esb->stage == 0)
		enter_stage(esb, 1, esb->deadline);
	if (!esb->deadline || now < esb->deadline)
		return;
	if (!(esb->config & CONFIG_NO_OUTPUT))
		esb->timed_out = 1;
	esb->lock = 0;
	esb->deadline = 0;
}

static uint64_t esb_read(void *state, uint64_t now, uint64_t offset, unsigned width)
{
	struct esb *esb = state;

	esb_advance(esb, now);
	if (width == 4 && offset == ESB_TIMER1)
		return esb->preloads[0];
	if (width == 4 && offset == ESB_TIMER2)
		return esb->preloads[1];
	if (width == 2 && offset == ESB_RELOAD)
		return esb->timed_out ? RELOAD_TIMEOUT : 0;
	return 0;
}

static void write_reload(struct esb *esb, uint64_t now, uint64_t value)
{
	if (value & RELOAD_TIMEOUT)
		esb->timed_out = 0;
	if (value & RELOAD_RELOAD && esb->deadline)
		enter_stage(esb, 0, now);
}

static void write_unlocked(struct esb *esb, uint64_t now, uint64_t offset, unsigned width,
			   uint64_t value)
{
	if (width == 2 && offset == ESB_RELOAD)
		write_reload(esb, now, value);
	else if (width == 4 && offset == ESB_TIMER1)
		esb->preloads[0] = (uint32_t)value & PRELOAD_BITS;
	else if (width == 4 && offset == ESB_TIMER2)
		esb->preloads[1] = (uint32_t)value & PRELOAD_BITS;
}

static void esb_write(void *state, uint64_t now, uint64_t offset, unsigned width, uint64_t value)
{
	struct esb *esb = state;
	uint32_t was = esb->unlocking;

	esb_advance(esb, now);
	esb->unlocking = LOCKED;
	if (was == UNLOCKED)
		write_unlocked(esb, now, offset, width, value);
	else if (offset == ESB_RELOAD && value == 0x80)
		esb->unlocking = HALF_UNLOCKED;
	else if (offset == ESB_RELOAD && value == 0x86 && was == HALF_UNLOCKED)
		esb->unlocking = UNLOCKED;
}

static uint64_t esb_config_read(void *state, uint64_t now, uint64_t offset, unsigned width)
{
	struct esb *esb = state;

	esb_advance(esb, now);
	if (width == 2 && offset == ESB_CONFIG)
		return esb->config;
	if (width == 1 && offset == ESB_LOCK)
		return esb->lock;
	return 0;
}

static void write_lock(struct esb *esb, uint64_t now, uint8_t value)
{
	if (esb->lock & LOCK_LOCK)
		return;
	esb->lock = value & LOCK_BITS;
	if (!(value & LOCK_ENABLE))
		esb->deadline = 0;
	else if (!esb->deadline)
		enter_stage(esb, 0, now);
}

static void esb_config_write(void *state, uint64_t now, uint64_t offset, unsigned width,
			     uint64_t value)
{
	struct esb *esb = state;

	esb_advance(esb, now);
	if (width == 2 && offset == ESB_CONFIG)
		esb->config = (uint16_t)(value & CONFIG_BITS);
	else if (width == 1 && offset == ESB_LOCK)
		write_lock(esb, now, (uint8_t)value);
}

static void esb_reset(void *state)
{
	struct esb *esb = state;

	esb->preloads[0] = esb->preloads[1] = PRELOAD_BITS;
}

const struct sim_model sim_i6300esb = {
	.name = "i6300esb",
	.bar = 0,
	.state_size = sizeof(struct esb),
	.reset = esb_reset,
	.read = esb_read,
	.write = esb_write,
	.config_read = esb_config_read,
	.config_write = esb_config_write,
};
