// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl ioctl: calls one of the device's own ioctls and shows its struct's members. */
#include "argument.h"
#include "listing.h"
#include "message.h"
#include "number.h"
#include "suggest.h"
#include "verb.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAME,
	KIND,
	VALUE,
	HEX,
	SHOWN,
	DECIMAL,
	N_COLUMNS,
};

static const struct listing_column columns[N_COLUMNS] = {
	[NAME] = { "NAME", LISTING_STRING, LISTING_BOTH },
	[KIND] = { "KIND", LISTING_STRING, LISTING_BOTH },
	[VALUE] = { "VALUE", LISTING_NUMBER, LISTING_JSON },
	[HEX] = { "HEX", LISTING_STRING, LISTING_JSON },
	[SHOWN] = { "VALUE", LISTING_STRING, LISTING_TEXT },
	[DECIMAL] = { "DECIMAL", LISTING_STRING, LISTING_TEXT | LISTING_RIGHT | LISTING_SPARE },
};

static int find_operation(const struct verb_call *call, const struct operations *operations,
			  struct operation *guessed, const struct operation **ret)
{
	const char *name = call->arguments[0];
	char text[SUGGEST_SIZE];
	uint64_t number;
	int r;

	*ret = operation_by_name(operations, name);
	if (*ret)
		return 0;
	r = number_parse(name, 32, NUMBER_UNSIGNED, &number);
	if (r == -ERANGE)
		return number_wrong("ioctl number", name, 32, NUMBER_UNSIGNED, r);
	if (r < 0)
		return message_usage("%s has no ioctl '%s'; ioctls: %s", call->node->name, name,
				     suggest(text, name, (const char *)operations->list,
					     sizeof(*operations->list), operations->n));
	*ret = operation_by_number(operations, (uint32_t)number);
	if (!*ret) {
		operation_guess((uint32_t)number, guessed);
		*ret = guessed;
	}
	return 0;
}

static void add_number(struct listing *listing, uint64_t value, unsigned bits, int is_signed)
{
	char text[NUMBER_TEXT_SIZE];

	listing_set(listing, VALUE, "%s", number_decimal(text, value, bits, is_signed));
	listing_set(listing, DECIMAL, "%s", text);
	number_hex(text, value & number_mask(bits), bits);
	listing_set(listing, HEX, "%s", text);
	listing_set(listing, SHOWN, "%s", text);
}

static void add_bytes(struct listing *listing, const unsigned char *bytes, size_t size)
{
	char *text = malloc(2 * size + 1);

	if (!text) {
		listing->failed = true;
		return;
	}
	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	text[2 * size] = 0;
	listing_set(listing, HEX, "hex:%s", text);
	listing_set(listing, SHOWN, "hex:%s", text);
	free(text);
}

static void add_member(struct listing *listing, const struct cuio_member *member,
		       const unsigned char *bytes)
{
	const unsigned char *at = bytes + member->offset;
	unsigned width = member->width;

	if (!argument_is_number(width) || (width == 1 && member->count > 1)) {
		listing_row(listing);
		listing_set(listing, NAME, "%s", member->name);
		listing_set(listing, KIND, "bytes");
		add_bytes(listing, at, (size_t)width * member->count);
		return;
	}
	for (unsigned i = 0; i < member->count; i++) {
		listing_row(listing);
		if (member->count > 1)
			listing_set(listing, NAME, "%s[%u]", member->name, i);
		else
			listing_set(listing, NAME, "%s", member->name);
		listing_set(listing, KIND, "member");
		add_number(listing, argument_load(at + (size_t)width * i, width), width * 8,
			   (int)member->is_signed);
	}
}

static void add_argument(struct listing *listing, const struct operation *operation,
			 const struct argument *argument)
{
	for (size_t i = 0; i < operation->n_members; i++)
		add_member(listing, &operation->members[i], argument->bytes);
	if (operation->n_members)
		return;
	listing_row(listing);
	listing_set(listing, NAME, "argument");
	if (argument_is_number(argument->size)) {
		listing_set(listing, KIND, "argument");
		add_number(listing, argument_load(argument->bytes, (unsigned)argument->size),
			   (unsigned)argument->size * 8, 0);
	} else {
		listing_set(listing, KIND, "bytes");
		add_bytes(listing, argument->bytes, argument->size);
	}
}

static int make_call(struct verb_call *call, const struct operation *operation,
		     const struct argument *argument)
{
	struct listing listing;
	int r = node_call(call->node, operation->about.number, argument_pointer(argument));

	if (r < 0)
		return message_failed("%s: %s (%s)", operation->name, strerror(-r),
				      strerrorname_np(-r));
	listing_init(&listing, "ioctl", call->json, columns, N_COLUMNS);
	listing_row(&listing);
	listing_set(&listing, NAME, "%s", operation->name);
	listing_set(&listing, KIND, "result");
	add_number(&listing, (uint64_t)r, 32, 1);
	if (argument_returns(operation))
		add_argument(&listing, operation, argument);
	return listing_print(&listing);
}

static int ioctl_run(struct verb_call *call)
{
	const struct operation *operation = NULL;
	struct operations operations;
	struct operation guessed;
	struct argument argument = { 0 };
	int r;

	r = operation_load(call->node, &operations);
	if (r == 0)
		r = find_operation(call, &operations, &guessed, &operation);
	if (r == 0)
		r = argument_parse(operation, call->arguments + 1, call->n_arguments - 1,
				   &argument);
	if (r == 0)
		r = make_call(call, operation, &argument);
	argument_done(&argument);
	operation_done(&operations);
	return r;
}

const struct verb ioctl_verb = {
	.name = "ioctl",
	.arguments = "NODE NAME|NUMBER [VALUE | MEMBER=VALUE...]",
	.summary = "call one of the device's own ioctls",
	.help = "cuioctl info --ioctls NODE lists them with their members. Members not given are "
		"0.\n"
		"A NUMBER that the device does not describe is called as its bits say: VALUE is "
		"the\n"
		"argument itself where no size is encoded, else a buffer of that size. Bytes are\n"
		"given as hex:00ff... in the order they lie in memory.\n"
		"\n"
		"  --json  print {\"ioctl\": [...]}\n",
	.options = VERB_JSON,
	.on_node = true,
	.min = 1,
	.max = VERB_MANY,
	.run = ioctl_run,
};
