// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl list: the configured instances and their state. It opens no node. */
#include "list.h"
#include "base/cleanup.h"
#include "base/mounts.h"
#include "listing.h"
#include "message.h"
#include "node.h"
#include "unit.h"
#include "verb.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAME,
	NODE,
	PRESENT,
	STATE,
	UNIT,
	DESCRIPTION,
	CARD,
	BACKEND,
	TITLE,
	NOTE,
	N_COLUMNS,
};

static const struct listing_column columns[N_COLUMNS] = {
	[NAME] = { "NAME", LISTING_STRING, LISTING_BOTH },
	[NODE] = { "NODE", LISTING_STRING, LISTING_BOTH },
	[PRESENT] = { "PRESENT", LISTING_BOOLEAN, LISTING_JSON },
	[STATE] = { "STATE", LISTING_STRING, LISTING_BOTH },
	[UNIT] = { "UNIT", LISTING_STRING, LISTING_JSON },
	[DESCRIPTION] = { "DESCRIPTION", LISTING_STRING, LISTING_BOTH },
	[CARD] = { "CARD", LISTING_STRING, LISTING_BOTH },
	[BACKEND] = { "BACKEND", LISTING_STRING, LISTING_JSON },
	[TITLE] = { "TITLE", LISTING_STRING, LISTING_BOTH | LISTING_SPARE },
	[NOTE] = { "NOTE", LISTING_STRING, LISTING_BOTH | LISTING_SPARE },
};

static bool is_instance(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return entry->d_name[0] != '.' && n > 5 && n - 5 < OUTLINE_NAME_SIZE &&
	       !strcmp(entry->d_name + n - 5, ".conf");
}

static int select_instance(const struct dirent *entry)
{
	return is_instance(entry);
}

const char *list_state(const char *unit, bool node, char text[64])
{
	bool active = !strcmp(unit, "active");

	if (!*unit)
		snprintf(text, 64, "%s", node ? "node there" : "no node");
	else if (active == node)
		snprintf(text, 64, "%.40s", unit);
	else
		snprintf(text, 64, "%.40s, %s", unit, node ? "node there" : "no node");
	return text;
}

/* Whether an instance's files are mounted at this path. */
static bool is_mounted(const char *mount)
{
	auto_free char *path = NULL, *owner = NULL;

	return mounts_resolve(mount, &path) >= 0 && mounts_owner(path, &owner) >= 0;
}

static void add_row(struct listing *listing, const struct config *config, const char *unit,
		    const struct outline_node *node)
{
	const struct outline *outline = &config->outline;
	bool present =
		node && (outline->mount[0] ? is_mounted(outline->mount) : node_exists(node->name));
	char state[64];

	listing_row(listing);
	listing_set(listing, NAME, "%s", config->instance);
	if (node)
		listing_set(listing, NODE, "/dev/%s", node->name);
	listing_set(listing, PRESENT, "%d", present);
	if (config->problem[0] && !present)
		listing_set(listing, STATE, "broken");
	else
		listing_set(listing, STATE, "%s", list_state(unit, present, state));
	listing_set(listing, UNIT, "%s", unit);
	listing_set(listing, DESCRIPTION, "%s", outline->description);
	if (outline->card[0])
		listing_set(listing, CARD, "%s", outline->card);
	else if (!listing->json && !strcmp(outline->backend, "sim"))
		listing_set(listing, CARD, "simulator");
	listing_set(listing, BACKEND, "%s", outline->backend);
	listing_set(listing, TITLE, "%s", outline->title);
	listing_set(listing, NOTE, "%s", config->problem);
}

static void add_instance(struct listing *listing, struct unit_bus *bus,
			 const struct config_folders *folders, const char *file)
{
	char name[OUTLINE_NAME_SIZE], unit[UNIT_STATE_SIZE];
	struct config config;

	snprintf(name, sizeof(name), "%.*s", (int)strlen(file) - 5, file);
	config_load(folders, name, &config);
	unit_state(bus, name, unit);
	if (!config.outline.n_nodes)
		add_row(listing, &config, unit, NULL);
	for (size_t i = 0; i < config.outline.n_nodes; i++)
		add_row(listing, &config, unit, &config.outline.nodes[i]);
}

int list_instances(const struct config_folders *folders, bool json)
{
	struct dirent **entries = NULL;
	struct listing listing;
	struct unit_bus *bus;
	int n = scandir(folders->instances, &entries, select_instance, alphasort);

	if (n < 0 && errno != ENOENT)
		return message_failed("%s: %s", folders->instances, strerror(errno));
	listing_init(&listing, "instances", json, columns, N_COLUMNS);
	bus = n > 0 ? unit_connect() : NULL;
	for (int i = 0; i < n; i++) {
		add_instance(&listing, bus, folders, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	unit_disconnect(bus);
	if (n <= 0)
		message_note("no instances: there is no NAME.conf in %s", folders->instances);
	return listing_print(&listing);
}

static int list_run(struct verb_call *call)
{
	return list_instances(&config_folders, call->json);
}

const struct verb list_verb = {
	.name = "list",
	.arguments = "",
	.summary = "list the configured instances and how they are",
	.help = "Reads " CUIO_SYSCONFDIR
		"/cuio/*.conf, systemd's state of cuiod@NAME and the kernel's "
		"list of\nnodes; opens no node.\n"
		"\n"
		"  --json  print {\"instances\": [...]}\n",
	.options = VERB_JSON,
	.run = list_run,
};
