// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl dump: reads every register that can be read without changing anything. */
#include "message.h"
#include "reading.h"
#include "verb.h"
#include <errno.h>
#include <string.h>

#define DUMP_ELEMENTS 16U /* of an array, without --all */

/* Returns the reason why a dump must not read this register, or NULL. */
static const char *untouchable(const struct map_register *reg)
{
	if (!(reg->about.flags & CUIO_REGISTER_READ))
		return "write-only";
	if (reg->about.flags & CUIO_REGISTER_SIDE_EFFECT)
		return "reading it has side effects";
	return NULL;
}

/* Adds one element. An excluded one is no failure; other errors of an element are shown in its
 * row. */
static int dump_element(struct verb_call *call, struct listing *listing,
			const struct map_register *reg, uint32_t element)
{
	struct target target = { .reg = reg, .element = element };
	const char *why = untouchable(reg);
	uint64_t value = 0;
	int r;

	if (why) {
		reading_add(listing, &target, NULL, why);
		return 0;
	}
	r = reading_take(call->node, &target, &value);
	if (r == -EPERM || r == -ENOTCONN || r == -ECONNABORTED)
		return node_refused(call->node, reg->name, r);
	if (r == -EACCES)
		reading_add(listing, &target, NULL, "excepted");
	else if (r < 0)
		reading_add(listing, &target, NULL, strerror(-r));
	else
		reading_add(listing, &target, &value, NULL);
	return 0;
}

static int dump_array(struct verb_call *call, struct listing *listing,
		      const struct map_register *reg)
{
	const char *why = untouchable(reg);
	uint32_t count = reg->about.count, shown = count;
	char note[96];
	int r = 0;

	if (why)
		shown = 0;
	else if (!(call->options & VERB_ALL) && count > DUMP_ELEMENTS)
		shown = DUMP_ELEMENTS;
	if (why)
		snprintf(note, sizeof(note), "%u elements: %s", count, why);
	else if (shown < count)
		snprintf(note, sizeof(note), "%u elements, %u shown: see --all", count, shown);
	else
		snprintf(note, sizeof(note), "%u elements", count);
	reading_add_array(listing, reg, note);
	for (uint32_t i = 0; r == 0 && i < shown; i++)
		r = dump_element(call, listing, reg, i);
	return r;
}

static int dump_run(struct verb_call *call)
{
	struct listing listing;
	struct map map = { 0 };
	int r;

	r = map_load(call->node, &map);
	reading_start(&listing, call->json, true);
	for (size_t i = 0; r == 0 && i < map.n_registers; i++) {
		if (map.registers[i].about.count > 1)
			r = dump_array(call, &listing, &map.registers[i]);
		else
			r = dump_element(call, &listing, &map.registers[i], 0);
	}
	if (r == 0)
		r = listing_print(&listing);
	else
		listing_done(&listing);
	map_done(&map);
	return r;
}

const struct verb dump_verb = {
	.name = "dump",
	.arguments = "NODE",
	.summary = "read every register that can be read without side effects",
	.help = "Registers whose read changes the hardware and write-only ones are listed with "
		"'-'\n"
		"and the reason. Of an array the first 16 elements are read.\n"
		"\n"
		"  --all   read arrays to their end\n"
		"  --json  print {\"registers\": [...]}\n",
	.options = VERB_ALL | VERB_JSON,
	.on_node = true,
	.run = dump_run,
};
