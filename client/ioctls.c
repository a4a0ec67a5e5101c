// SPDX-License-Identifier: GPL-2.0-or-later
/* The listing of a device's own ioctls, for cuioctl info. */
#include "ioctls.h"
#include "argument.h"
#include "listing.h"
#include "operation.h"

enum {
	NAME,
	MEMBER,
	NUMBER,
	HEX,
	SHOWN,
	ARGUMENT,
	TYPE,
	OFFSET,
	SIZE,
	COUNT,
	RESTARTABLE,
	N_COLUMNS,
};

static const struct listing_column columns[N_COLUMNS] = {
	[NAME] = { "NAME", LISTING_STRING, LISTING_BOTH },
	[MEMBER] = { "MEMBER", LISTING_STRING, LISTING_BOTH | LISTING_SPARE },
	[NUMBER] = { "NUMBER", LISTING_NUMBER, LISTING_JSON },
	[HEX] = { "HEX", LISTING_STRING, LISTING_JSON },
	[SHOWN] = { "NUMBER", LISTING_STRING, LISTING_TEXT },
	[ARGUMENT] = { "ARGUMENT", LISTING_STRING, LISTING_BOTH },
	[TYPE] = { "TYPE", LISTING_STRING, LISTING_BOTH },
	[OFFSET] = { "OFFSET", LISTING_NUMBER, LISTING_JSON },
	[SIZE] = { "SIZE", LISTING_NUMBER, LISTING_JSON },
	[COUNT] = { "COUNT", LISTING_NUMBER, LISTING_JSON },
	[RESTARTABLE] = { "RESTARTABLE", LISTING_BOOLEAN, LISTING_JSON },
};

static const char *argument_text(unsigned argument)
{
	static const char *const words[] = {
		[CUIO_ARGUMENT_NONE] = "none",	 [CUIO_ARGUMENT_VALUE] = "value",
		[CUIO_ARGUMENT_IN] = "in",	 [CUIO_ARGUMENT_OUT] = "out",
		[CUIO_ARGUMENT_INOUT] = "inout",
	};

	return argument < sizeof(words) / sizeof(*words) ? words[argument] : "?";
}

static void add_operation(struct listing *listing, const struct operation *operation)
{
	const struct cuio_operation *about = &operation->about;

	listing_row(listing);
	listing_set(listing, NAME, "%s", operation->name);
	listing_set(listing, NUMBER, "%u", about->number);
	listing_set(listing, HEX, "0x%08x", about->number);
	listing_set(listing, SHOWN, "0x%08x", about->number);
	listing_set(listing, ARGUMENT, "%s", argument_text(about->argument));
	if (about->argument != CUIO_ARGUMENT_NONE)
		listing_set(listing, SIZE, "%u", about->size);
	listing_set(listing, RESTARTABLE, "%d", about->restartable != 0);
	if (about->argument == CUIO_ARGUMENT_NONE)
		return;
	if (!operation->n_members && argument_is_number(about->size))
		listing_set(listing, TYPE, "u%u", about->size * 8);
	else
		listing_set(listing, TYPE, "%u bytes", about->size);
}

static void add_member(struct listing *listing, const struct operation *operation,
		       const struct cuio_member *member)
{
	char kind = member->is_signed ? 's' : 'u';

	listing_row(listing);
	listing_set(listing, NAME, "%s", operation->name);
	listing_set(listing, MEMBER, "%s", member->name);
	listing_set(listing, OFFSET, "%u", member->offset);
	listing_set(listing, SIZE, "%u", member->width);
	listing_set(listing, COUNT, "%u", member->count);
	if (member->count > 1)
		listing_set(listing, TYPE, "%c%u[%u]", kind, member->width * 8, member->count);
	else
		listing_set(listing, TYPE, "%c%u", kind, member->width * 8);
}

int ioctls_print(struct node *node, bool json)
{
	struct operations operations;
	struct listing listing;
	int r = operation_load(node, &operations);

	listing_init(&listing, "ioctls", json, columns, N_COLUMNS);
	for (size_t i = 0; r == 0 && i < operations.n; i++) {
		const struct operation *operation = &operations.list[i];

		add_operation(&listing, operation);
		for (size_t j = 0; j < operation->n_members; j++)
			add_member(&listing, operation, &operation->members[j]);
	}
	if (r == 0)
		r = listing_print(&listing);
	else
		listing_done(&listing);
	operation_done(&operations);
	return r;
}
