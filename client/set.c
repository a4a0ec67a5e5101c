// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl set: checks all assignments, then writes the registers. */
#include "access.h"
#include "message.h"
#include "verb.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct set_item {
	struct target target;
	struct cuio_access access;
};

static int parse_item(const struct verb_call *call, const struct map *map, const char *text,
		      struct set_item *item)
{
	const char *equals = strchr(text, '=');
	int r;

	if (!equals)
		return message_usage("'%s' is not of the form REG=VALUE or REG.FIELD=VALUE", text);
	r = target_find(call->node, map, text, (size_t)(equals - text), &item->target);
	if (r == 0)
		r = access_check(&item->target, CUIO_REGISTER_WRITE);
	return r != 0 ? r : access_assign(&item->target, equals + 1, &item->access);
}

static int refused(const struct verb_call *call, const struct set_item *item, int error)
{
	return access_refused(call->node, &item->target, CUIO_REGISTER_WRITE, error);
}

/* Checks what only the daemon knows: the caller's rights, excluded elements, reads with side
 * effects. */
static int check_item(const struct verb_call *call, const struct set_item *item)
{
	struct cuio_access access = item->access;
	int r = node_call(call->node, CUIO_IOCTL_CHECK, &access);

	/* An older daemon does not have this ioctl. */
	if (r >= 0 || r == -ENOTTY)
		return 0;
	return refused(call, item, r);
}

static int write_item(const struct verb_call *call, const struct set_item *item, size_t done)
{
	struct cuio_access access = item->access;
	int r = node_call(call->node, CUIO_IOCTL_WRITE, &access);

	if (r >= 0)
		return 0;
	r = refused(call, item, r);
	if (done)
		message_note("the %zu assignments before it were carried out", done);
	return r;
}

static int set_items(const struct verb_call *call, const struct map *map, struct set_item *items)
{
	size_t n = call->n_arguments;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		r = parse_item(call, map, call->arguments[i], &items[i]);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = check_item(call, &items[i]);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = write_item(call, &items[i], i);
	return r;
}

static int set_run(struct verb_call *call)
{
	struct set_item *items = calloc(call->n_arguments, sizeof(*items));
	struct map map = { 0 };
	int r;

	if (!items)
		return message_memory();
	r = map_load(call->node, &map);
	if (r == 0)
		r = set_items(call, &map, items);
	map_done(&map);
	free(items);
	return r;
}

const struct verb set_verb = {
	.name = "set",
	.arguments = "NODE REG[.FIELD]=VALUE...",
	.summary = "write registers or fields of them",
	.help = "All assignments are checked before the first is carried out; they are carried out "
		"in\n"
		"the order given. A field leaves the other bits of its register as they are. VALUE "
		"is\n"
		"decimal, 0x hex, 0 octal or 0b binary.\n",
	.options = 0,
	.on_node = true,
	.min = 1,
	.max = VERB_MANY,
	.run = set_run,
};
