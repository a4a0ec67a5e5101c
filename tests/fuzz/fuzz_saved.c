/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: saved memory that a taken-over daemon has forged. The memory of a daemon that
 * has served a simulated card is changed at the places that the input names, all sums are made
 * right again, and the successor starts with it and serves some requests. It may refuse the memory;
 * it must not crash, hang, or leave a buffer.
 *
 * The input: the number of the card, then changes of CHANGE_SIZE bytes each.
 */
#include "base/checksum.h"
#include "base/log.h"
#include "programs.h"
#include <syslog.h>

#define CHANGE_SIZE 12U
#define CHANGES_MAX 8U

/* A card, and what its first daemon has left. */
struct card {
	struct fuzz_card base;
	uint8_t *image;
	size_t size;
	uint64_t unique;
};

static struct card cards[FUZZ_CARDS];

/* --- the forger ------------------------------------------------------------------------------- */

struct change {
	uint8_t area, how;
	uint16_t record, offset;
	uint8_t value[6];
};

static uint64_t changed(uint64_t before, const struct change *change)
{
	uint64_t value = 0;

	memcpy(&value, change->value, sizeof(change->value));
	switch (change->how >> 2 & 3) {
	case 0:
		return value;
	case 1:
		return before + value;
	case 2:
		return before ^ value;
	default:
		return UINT64_MAX - value;
	}
}

/* Low bits of `how`: the width. Its highest bit: any record, not only the first ones, which are in
 * use. The area after the last is the transaction's phase. */
static void apply(struct saved *saved, const struct change *change)
{
	const struct saved_header *header = saved->header;
	unsigned n = change->area % (unsigned)(header->n_areas + 1);
	const struct saved_area *area = &header->areas[n];
	size_t size, width = (size_t)1 << (change->how & 3), record, offset;
	uint64_t value = 0;
	char *place;

	if (n == header->n_areas) {
		uint32_t *phase = saved_area(saved, "transaction");

		*phase = check16(change->value[0] % 4U);
		return;
	}
	size = (size_t)area->head + area->state;
	if (!area->count || size < width)
		return;
	record = change->record % (change->how & 0x80 || area->count < 24 ? area->count : 24);
	offset = change->offset % (size - width + 1) & ~(width - 1);
	place = (char *)saved->header + area->offset + record * size + offset;
	memcpy(&value, place, width);
	value = changed(value, change);
	memcpy(place, &value, width);
}

static void forge(const struct fuzz_card *card, struct saved *saved, const uint8_t *bytes,
		  size_t size)
{
	for (unsigned i = 0; i < CHANGES_MAX && size >= CHANGE_SIZE; i++, size -= CHANGE_SIZE) {
		struct change change;

		memcpy(&change, bytes + i * CHANGE_SIZE, sizeof(change));
		apply(saved, &change);
	}
	fuzz_make_sums(card, saved);
}

/* A change as a forger would make it: of a record that is in use, to a number that is too large. */
static struct change likely_change(unsigned *seed)
{
	static const uint8_t values[][6] = {
		{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
		{ 0, 0, 2 },
		{ 0xff, 0xff },
		{ 0, 0, 0, 0x80 },
		{ 17 },
		{ 4 },
		{ 1 },
		{ 0 },
	};
	struct change change = {
		.area = (uint8_t)(rand_r(seed) % 16),
		.how = (uint8_t)(rand_r(seed) % 8),
		.record = (uint16_t)(rand_r(seed) % 24),
		.offset = (uint16_t)(rand_r(seed) % 256),
	};

	if (rand_r(seed) % 8 == 0)
		change.offset = (uint16_t)rand_r(seed);
	if (rand_r(seed) % 4)
		memcpy(change.value, values[rand_r(seed) % 8], sizeof(change.value));
	else
		change.value[0] = (uint8_t)rand_r(seed);
	return change;
}

/* --- libFuzzer -------------------------------------------------------------------------------- */

static void prepare(struct card *card, const char *device)
{
	struct fuzz_daemon daemon = { 0 };

	fuzz_card_load(&card->base, device);
	fuzz_must(fuzz_start(&daemon, &card->base, -1), "a fresh start");
	fuzz_live(&daemon);
	card->size = daemon.saved->size;
	card->image = malloc(card->size);
	memcpy(card->image, daemon.saved->header, card->size);
	card->unique = daemon.unique;
	fuzz_end(&daemon);
	/* Else nothing would be tried. */
	fuzz_must(fuzz_start(&daemon, &card->base, fuzz_memory(card->image, card->size)),
		  "a start with memory that nobody has changed");
	fuzz_end(&daemon);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	log_set_level(LOG_EMERG);
	for (size_t i = 0; i < FUZZ_CARDS; i++)
		prepare(&cards[i], fuzz_devices[i]);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct card *card = &cards[size ? bytes[0] % FUZZ_CARDS : 0];
	int fd = fuzz_memory(card->image, card->size);
	struct fuzz_daemon daemon = { .unique = card->unique };
	struct saved *saved;

	saved = fuzz_adopt(&card->base, dup(fd));
	if (size)
		forge(&card->base, saved, bytes + 1, size - 1);
	saved_free(saved);
	if (fuzz_start(&daemon, &card->base, fd) >= 0) {
		fuzz_go_on(&daemon);
		fuzz_end(&daemon);
	}
	return 0;
}

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed)
{
	size_t n = size ? (size - 1) / CHANGE_SIZE : 0;
	struct change change;

	if (rand_r(&seed) % 3 == 0)
		return LLVMFuzzerMutate(bytes, size, room);
	if (!size || rand_r(&seed) % 4 == 0)
		bytes[0] = (uint8_t)(rand_r(&seed) % (int)FUZZ_CARDS);
	if (n && (rand_r(&seed) % 2 || 1 + (n + 1) * CHANGE_SIZE > room))
		n = (size_t)rand_r(&seed) % n;
	change = likely_change(&seed);
	memcpy(bytes + 1 + n * CHANGE_SIZE, &change, sizeof(change));
	return size < 1 + (n + 1) * CHANGE_SIZE ? 1 + (n + 1) * CHANGE_SIZE : size;
}
