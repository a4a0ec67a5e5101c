/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: hostile hardware. Each register of a card reads as the input says, then as
 * noise, and its interrupt comes when it likes, while programs use the card. The daemon may fail
 * the start and answer errors; it must not crash, hang, or leave a buffer.
 *
 * The input: the number of the card, how many reads give what was written last, to pass a driver's
 * probe, then what is read.
 */
#include "base/log.h"
#include "programs.h"
#include <syslog.h>

static struct fuzz_card cards[FUZZ_CARDS];
static const uint8_t *next, *end;
static uint64_t noise, written;
static unsigned honest; /* reads that are left */

static uint64_t hostile_value(unsigned width)
{
	uint64_t value = 0;

	if (next == end) {
		noise = noise * UINT64_C(6364136223846793005) + 1;
		return noise >> 33 & ((UINT64_C(1) << (width * 8 - 1)) | 0xff);
	}
	while (width-- && next < end)
		value = value << 8 | *next++;
	return value;
}

static uint64_t hostile_read(void *state, uint64_t now, uint64_t offset, unsigned width)
{
	(void)state, (void)now, (void)offset;
	if (!honest)
		return hostile_value(width);
	honest--;
	return width < 8 ? written & ((UINT64_C(1) << width * 8) - 1) : written;
}

static void hostile_write(void *state, uint64_t now, uint64_t offset, unsigned width,
			  uint64_t value)
{
	(void)state, (void)now, (void)offset, (void)width;
	written = value;
}

static bool hostile_interrupt(void *state, uint64_t now)
{
	(void)state, (void)now;
	return hostile_value(1) & 1;
}

static const struct sim_model hostile = {
	.name = "hostile",
	.read = hostile_read,
	.write = hostile_write,
	.asserted = hostile_interrupt,
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	log_set_level(LOG_EMERG);
	for (size_t i = 0; i < FUZZ_CARDS; i++) {
		fuzz_card_load(&cards[i], fuzz_devices[i]);
		cards[i].model = &hostile;
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct fuzz_daemon daemon = { 0 };

	if (size < 2)
		return 0;
	honest = bytes[1];
	next = bytes + 2;
	end = bytes + size;
	noise = size;
	if (fuzz_start(&daemon, &cards[bytes[0] % FUZZ_CARDS], -1) < 0)
		return 0;
	fuzz_live(&daemon);
	fuzz_go_on(&daemon);
	fuzz_end(&daemon);
	return 0;
}
