// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl get: reads the registers that the command line names. */
#include "access.h"
#include "message.h"
#include "reading.h"
#include "verb.h"
#include <stdlib.h>
#include <string.h>

static int read_item(struct node *node, struct reading *item)
{
	int r = reading_take(node, &item->target, &item->value);

	if (r < 0)
		return access_refused(node, &item->target, CUIO_REGISTER_READ, r);
	return 0;
}

static int get_items(struct verb_call *call, const struct map *map, struct reading *items)
{
	size_t n = call->n_arguments;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		r = target_find(call->node, map, call->arguments[i], strlen(call->arguments[i]),
				&items[i].target);
		if (r == 0)
			r = access_check(&items[i].target, CUIO_REGISTER_READ);
	}
	for (size_t i = 0; r == 0 && i < n; i++)
		r = read_item(call->node, &items[i]);
	if (r != 0)
		return r;
	return reading_print(items, n, call->options & VERB_VALUE, call->json);
}

static int get_run(struct verb_call *call)
{
	struct reading *items = calloc(call->n_arguments, sizeof(*items));
	struct map map = { 0 };
	int r = reading_check_form(call->options & VERB_VALUE, call->json);

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
	.min = 1,
	.max = VERB_MANY,
	.run = get_run,
};
