// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl get: reads registers that are named one by one. */
#include "message.h"
#include "number.h"
#include "reading.h"
#include "verb.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct get_item {
	struct target target;
	uint64_t value; /* of the whole register */
};

static int check_readable(const struct target *target)
{
	char text[TARGET_TEXT_SIZE];

	if (!(target->reg->about.flags & CUIO_REGISTER_READ))
		return message_failed("%s cannot be read: it is write-only", target->reg->name);
	if (target->field && !(target->field->flags & CUIO_REGISTER_READ))
		return message_failed("%s cannot be read: it is write-only",
				      target_text(text, target));
	return 0;
}

static int read_item(struct node *node, struct get_item *item)
{
	int r = reading_take(node, &item->target, &item->value);
	char text[TARGET_TEXT_SIZE];

	if (r == -EACCES)
		return message_failed("%s cannot be read: the device's description excepts it",
				      target_text(text, &item->target));
	if (r < 0)
		return node_refused(node, target_text(text, &item->target), r);
	return 0;
}

static void print_values(const struct get_item *items, size_t n)
{
	char hex[NUMBER_TEXT_SIZE];

	for (size_t i = 0; i < n; i++)
		puts(number_hex(hex, reading_extract(&items[i].target, items[i].value),
				target_bits(&items[i].target)));
}

static int print_listing(const struct get_item *items, size_t n, bool json)
{
	struct listing listing;

	reading_start(&listing, json, true);
	for (size_t i = 0; i < n; i++)
		reading_add(&listing, &items[i].target, &items[i].value, NULL);
	return listing_print(&listing);
}

static int get_items(struct verb_call *call, const struct map *map, struct get_item *items)
{
	size_t n = call->n_arguments;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		r = target_find(call->node, map, call->arguments[i], strlen(call->arguments[i]),
				&items[i].target);
		if (r == 0)
			r = check_readable(&items[i].target);
	}
	for (size_t i = 0; r == 0 && i < n; i++)
		r = read_item(call->node, &items[i]);
	if (r != 0)
		return r;
	if (call->options & VERB_VALUE) {
		print_values(items, n);
		return 0;
	}
	return print_listing(items, n, call->json);
}

static int get_run(struct verb_call *call)
{
	struct get_item *items = calloc(call->n_arguments, sizeof(*items));
	struct map map = { 0 };
	int r = 0;

	if (!(~call->options & (VERB_VALUE | VERB_JSON)))
		r = message_usage("--value and --json are two forms of output: ask for one");
	if (r != 0 || !items) {
		free(items);
		return r ? r : message_memory();
	}
	r = map_load(call->node, &map);
	if (r == 0)
		r = get_items(call, &map, items);
	map_done(&map);
	free(items);
	return r;
}

const struct verb get_verb = {
	.name = "get",
	.arguments = "NODE REG[.FIELD]...",
	.summary = "read registers",
	.help = "REG is a register's name, REG[3] an element of an array of them. A register that "
		"is\n"
		"named here is read even when its read has side effects.\n"
		"\n"
		"  --value  print the values alone, in hex, one a line\n"
		"  --json   print {\"registers\": [...]}\n",
	.options = VERB_VALUE | VERB_JSON,
	.on_node = true,
	.least = 1,
	.most = VERB_MANY,
	.run = get_run,
};
