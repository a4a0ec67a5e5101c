// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl info: the daemon of a node and its statistics, the node's registers and ioctls. */
#include "ioctls.h"
#include "listing.h"
#include "message.h"
#include "reading.h"
#include "verb.h"
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

struct info_row {
	const char *key; /* of the JSON object */
	const char *label;
	enum listing_type type;
	char value[CUIO_TEXT_SIZE];
};

#define INFO_ROWS_MAX LISTING_COLUMNS_MAX

struct info_rows {
	struct info_row row[INFO_ROWS_MAX];
	size_t n;
};

static void add_text(struct info_rows *rows, const char *key, const char *label, const char *value)
{
	struct info_row *row = &rows->row[rows->n++];

	row->key = key;
	row->label = label;
	row->type = LISTING_STRING;
	snprintf(row->value, sizeof(row->value), "%s", value);
}

static void add_number(struct info_rows *rows, const char *key, const char *label, uint64_t value)
{
	struct info_row *row = &rows->row[rows->n++];

	row->key = key;
	row->label = label;
	row->type = LISTING_NUMBER;
	snprintf(row->value, sizeof(row->value), "%" PRIu64, value);
}

static void add_crash(struct info_rows *rows, const struct cuio_info *info, bool json)
{
	time_t when = (time_t)info->last_crash_time;
	char text[64] = "never";
	struct tm local;

	if (json) {
		add_number(rows, "last_crash_time", "", info->last_crash_time);
	} else {
		if (when && localtime_r(&when, &local))
			strftime(text, sizeof(text), "%F %T %z", &local);
		add_text(rows, "last_crash_time", "Last crash", text);
	}
	if (json || info->last_crash_cause[0])
		add_text(rows, "last_crash_cause", "Crash cause", info->last_crash_cause);
}

static void collect(struct info_rows *rows, const struct cuio_info *info, bool json)
{
	rows->n = 0;
	add_text(rows, "node", "Node", info->node_name);
	add_text(rows, "instance", "Instance", info->instance);
	add_text(rows, "title", "Device", info->title);
	add_text(rows, "description", "Description", info->description);
	add_text(rows, "driver", "Driver", info->driver);
	add_text(rows, "backend", "Backend", info->backend);
	if (json || info->card[0])
		add_text(rows, "card", "Card", info->card);
	add_number(rows, "node_index", "Node index", info->node);
	add_number(rows, "nodes", "Nodes of the card", info->n_nodes);
	add_number(rows, "registers", "Registers", info->n_registers);
	add_number(rows, "ioctls", "Ioctls", info->n_operations);
	add_text(rows, "daemon_version", "Daemon", info->daemon_version);
	add_number(rows, "abi_version", "ABI version", info->version);
	add_number(rows, "pid", "PID", info->pid);
	add_number(rows, "open_files", "Open files", info->open_files);
	add_number(rows, "parked", "Waiting requests", info->parked);
	add_number(rows, "requests", "Requests", info->requests);
	add_number(rows, "interrupts", "Interrupts", info->interrupts);
	if (json || info->storm_pause)
		add_number(rows, "storm_pause_ms", "Interrupt storm, tried each ms",
			   info->storm_pause);
	add_number(rows, "generation", "Generation", info->generation);
	add_number(rows, "replayed", "Requests replayed", info->replayed);
	add_number(rows, "crash_errors", "Requests lost (EIO)", info->crash_errors);
	add_crash(rows, info, json);
}

static int print_json(const struct info_rows *rows)
{
	struct listing_column columns[INFO_ROWS_MAX];
	struct listing listing;

	for (size_t i = 0; i < rows->n; i++)
		columns[i] = (struct listing_column){ rows->row[i].key, rows->row[i].type,
						      LISTING_JSON };
	listing_init(&listing, "info", true, columns, rows->n);
	listing_row(&listing);
	for (size_t i = 0; i < rows->n; i++)
		listing_set(&listing, i, "%s", rows->row[i].value);
	return listing_print(&listing);
}

static int print_text(const struct info_rows *rows)
{
	static const struct listing_column columns[] = {
		{ "KEY", LISTING_STRING, LISTING_TEXT },
		{ "VALUE", LISTING_STRING, LISTING_TEXT },
	};
	struct listing listing;

	listing_init(&listing, "info", false, columns, 2);
	listing_no_headings(&listing);
	for (size_t i = 0; i < rows->n; i++) {
		listing_row(&listing);
		listing_set(&listing, 0, "%s:", rows->row[i].label);
		listing_set(&listing, 1, "%s", rows->row[i].value[0] ? rows->row[i].value : "-");
	}
	return listing_print(&listing);
}

static int print_general(struct verb_call *call)
{
	struct info_rows rows;

	collect(&rows, &call->node->info, call->json);
	return call->json ? print_json(&rows) : print_text(&rows);
}

static int print_registers(struct verb_call *call)
{
	struct listing listing;
	struct map map;
	int r = map_load(call->node, &map);

	reading_start(&listing, call->json, false);
	for (size_t i = 0; r == 0 && i < map.n_registers; i++)
		reading_describe(&listing, &map.registers[i]);
	if (r == 0)
		r = listing_print(&listing);
	else
		listing_done(&listing);
	map_done(&map);
	return r;
}

static int info_run(struct verb_call *call)
{
	if (!(~call->options & (VERB_REGISTERS | VERB_IOCTLS)))
		return message_usage("--registers and --ioctls are two listings: ask for one");
	if (call->options & VERB_REGISTERS)
		return print_registers(call);
	if (call->options & VERB_IOCTLS)
		return ioctls_print(call->node, call->json);
	return print_general(call);
}

const struct verb info_verb = {
	.name = "info",
	.arguments = "NODE",
	.summary = "show what serves a node and how it has fared",
	.help = "Touches no register.\n"
		"\n"
		"  --registers  list the registers and their fields, without values\n"
		"  --ioctls     list the device's own ioctls and the members of their structs\n"
		"  --json       print {\"info\": [{...}]}, {\"registers\": [...]} or {\"ioctls\": "
		"[...]}\n",
	.options = VERB_REGISTERS | VERB_IOCTLS | VERB_JSON,
	.on_node = true,
	.run = info_run,
};
