// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The watchdog timer of Intel's 6300ESB I/O controller hub (datasheet 300641, chapter 16). It
 * counts down two stages, each half of the timeout, then it resets the machine.
 *
 * There is no pretimeout: the end of stage one raises input 10 of the I/O APIC or a system
 * management interrupt, not the card's own interrupt.
 */
#include "driver/class/watchdog.h"
#include "driver/table.h"

#define STAGE_SHIFT    9U /* a second has 512 ticks of 2^15 PCI clocks of 30 ns */
#define SECOND_ON_CHIP (UINT64_C(2) * (1U << STAGE_SHIFT) * 32768U * 30U) /* ns */

/* No interrupt after stage one, the slow clock, a reset after stage two. */
#define CONFIG_USUAL   0x0003U
#define LOCK_LOCK      0x01U /* locks this register until a reset */
#define LOCK_ENABLE    0x02U
#define RELOAD_RELOAD  0x0100U /* restarts stage one */
#define RELOAD_TIMEOUT 0x0200U /* stage two has expired; write 1 to clear */
#define UNLOCK_FIRST   0x80U
#define UNLOCK_SECOND  0x86U

enum {
	TIMER1,
	TIMER2,
	RELOAD,
	CONFIG,
	LOCK
};
static const struct cuio_driver_register registers[] = {
	[TIMER1] = { .name = "timer1", .width = 4, .write = true },
	[TIMER2] = { .name = "timer2", .width = 4, .write = true },
	[RELOAD] = { .name = "reload", .width = 2, .read = true, .write = true },
	[CONFIG] = { .name = "config", .width = 2, .read = true, .write = true },
	[LOCK] = { .name = "lock", .width = 1, .read = true, .write = true },
};

static const struct cuio_driver_option options[] = {
	WATCHDOG_OPTIONS(1, 2046, 30) /* s; a stage has 20 bits */
};

/* Two writes unlock one further write. After a crash the sequence is repeated from its start. */
static void write_unlocked(struct cuio_device *device, unsigned index, uint64_t value)
{
	cuio_reg_write(device, RELOAD, UNLOCK_FIRST);
	cuio_reg_write(device, RELOAD, UNLOCK_SECOND);
	cuio_reg_write(device, index, value);
}

static int esb_probe(struct cuio_device *device, enum cuio_start how)
{
	struct watchdog *watchdog = watchdog_state(device);
	uint64_t lock = cuio_reg_read(device, LOCK);

	/* A crash may have left the registers unlocked: the next sequence's first write would be
	 * taken as data. This sequence changes nothing, and locks them in any case. */
	write_unlocked(device, RELOAD, 0);
	if (how == CUIO_START_WARM)
		return 0;
	if (lock == UINT8_MAX) {
		cuio_device_set_error(device, "no answer: the lock register reads 0xff");
		return -ENODEV;
	}
	if (how == CUIO_START_COLD)
		watchdog->running = (lock & LOCK_ENABLE) != 0;
	cuio_reg_write(device, CONFIG, CONFIG_USUAL);
	cuio_reg_write(device, LOCK, lock & LOCK_ENABLE); /* a watchdog, not a free-running timer */
	if (how == CUIO_START_COLD && (cuio_reg_read(device, RELOAD) & RELOAD_TIMEOUT))
		watchdog->boot_status = WDIOF_CARDRESET;
	write_unlocked(device, RELOAD, RELOAD_TIMEOUT | RELOAD_RELOAD);
	return 0;
}

static int esb_start(struct cuio_device *device, bool no_way_out)
{
	cuio_reg_write(device, CONFIG, CONFIG_USUAL); /* an expiry without a reset clears it */
	cuio_reg_write(device, LOCK, no_way_out ? LOCK_ENABLE | LOCK_LOCK : LOCK_ENABLE);
	/* Firmware may have locked the disabled timer. */
	return cuio_reg_read(device, LOCK) & LOCK_ENABLE ? 0 : -EIO;
}

static int esb_stop(struct cuio_device *device)
{
	cuio_reg_write(device, LOCK, 0);
	return cuio_reg_read(device, LOCK) & LOCK_ENABLE ? -EBUSY : 0;
}

static int esb_ping(struct cuio_device *device)
{
	write_unlocked(device, RELOAD, RELOAD_RELOAD);
	return 0;
}

static int esb_set_timeout(struct cuio_device *device, uint32_t timeout)
{
	write_unlocked(device, TIMER1, timeout << STAGE_SHIFT);
	write_unlocked(device, TIMER2, timeout << STAGE_SHIFT);
	esb_ping(device);
	return (int)timeout;
}

static const struct watchdog_chip esb = {
	.identity = "i6300ESB timer",
	.timeout = &options[WATCHDOG_TIMEOUT],
	.second = SECOND_ON_CHIP,
	.probe = esb_probe,
	.start = esb_start,
	.stop = esb_stop,
	.ping = esb_ping,
	.set_timeout = esb_set_timeout,
};

const struct cuio_driver i6300esb_driver = {
	.name = "i6300esb",
	WATCHDOG_DRIVER(esb),
	.registers = registers,
	.n_registers = sizeof(registers) / sizeof(registers[0]),
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
};
