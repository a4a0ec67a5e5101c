/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a description: [Device] and [Simulator] here, the other sections in their own files. */
#include "regmap/description.h"
#include "base/cleanup.h"
#include "base/names.h"
#include "hardware/sim.h"
#include "regmap/description_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Words with a meaning in steps and expressions. */
static const char *const reserved[] = {
	"arg",	 "arm",	   "below", "cause", "count", "data",	"dev",	 "else", "end",
	"every", "fail",   "file",  "for",   "if",    "let",	"max",	 "node", "offset",
	"read",	 "return", "sleep", "until", "wait",  "within", "write", NULL,
};

bool description_reserved(const char *name)
{
	for (size_t i = 0; reserved[i]; i++) {
		if (!strcmp(reserved[i], name))
			return true;
	}
	return false;
}

int description_check_name(const struct document *document, unsigned line, const char *what,
			   const char *name, struct report *report)
{
	if (!*name)
		return report_add(report, document->path, line, "%s without a name", what);
	if (!name_is_word(name))
		return report_add(report, document->path, line,
				  "bad %s name \"%s\", expected letters, digits and '_'", what,
				  name);
	return 0;
}

int description_check_word(const struct document *document, unsigned line, const char *what,
			   const char *name, struct report *report)
{
	if (description_reserved(name))
		return report_add(report, document->path, line,
				  "bad %s name %s: it is a word of the step language", what, name);
	return description_check_name(document, line, what, name, report);
}

char *description_text(const struct entry *entry)
{
	return strdup(entry ? entry->value : "");
}

static int is_hex4(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF") >= 4;
}

/* "pci:1234:11e8" */
static bool is_match(const char *text)
{
	return !strncmp(text, "pci:", 4) && is_hex4(text + 4) && text[8] == ':' &&
	       is_hex4(text + 9) && !text[13];
}

static int read_device(struct description *description, struct report *report)
{
	struct document *document = description->document;
	struct section *section = document_section(document, "Device", NULL);
	struct entry *entry;

	if (!section)
		return report_add(report, document->path, 0,
				  "no section [Device], so this is no description");
	description->title =
		description_text(section_entry(document, section, "Description", report));
	entry = section_entry(document, section, "Driver", report);
	description->driver = entry ? description_text(entry) : strdup("registers");
	description->driver_file = document->path;
	description->driver_line = entry ? entry->line : 0;
	if (!description->title || !description->driver)
		return -ENOMEM;
	description->restores_driver = true;
	entry = section_entry_renamed(document, section, "RestoreDriver", "GiveBack", report);
	if (entry && value_bool(document, entry, report, &description->restores_driver) < 0)
		return -EINVAL;
	entry = section_entry(document, section, "Match", report);
	if (!entry)
		return 0;
	if (!is_match(entry->value))
		return report_add(report, document->path, entry->line,
				  "Match=%s, expected pci:VVVV:DDDD with the card's vendor and "
				  "device in four hex digits",
				  entry->value);
	description->match = description_text(entry);
	return description->match ? 0 : -ENOMEM;
}

static int read_simulator(struct description *description, struct report *report)
{
	const char *models[SIM_MODELS_MAX + 1] = { NULL };
	struct document *document = description->document;
	struct section *section = document_section(document, "Simulator", NULL);
	struct entry *entry;
	unsigned model;

	if (!section)
		return 0;
	for (size_t i = 0; sim_models[i] && i < SIM_MODELS_MAX; i++)
		models[i] = sim_models[i]->name;
	entry = section_entry(document, section, "Model", report);
	if (entry) {
		if (value_word(document, entry, models, report, &model) < 0)
			return -EINVAL;
		description->model = description_text(entry);
		if (!description->model)
			return -ENOMEM;
	}
	return section_unused(document, section, "Model", report);
}

static int description_read(struct description *description, struct report *report)
{
	static int (*const parts[])(struct description *, struct report *) = {
		read_device,
		read_simulator,
		description_read_nodes,
		description_read_windows,
		description_read_registers,
		description_check_registers,
	};
	int result = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		int r = parts[i](description, report);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	description->interrupt = document_section(description->document, "Interrupt", NULL);
	return result;
}

/* Takes ownership of `document`, also on failure. */
static int description_make(struct document *document, struct report *report,
			    struct description **ret)
{
	struct description *description = calloc(1, sizeof(*description));
	unsigned before = report->count;
	int r = -ENOMEM;

	if (!description) {
		document_free(document);
		return -ENOMEM;
	}
	description->document = document;
	description->plugin_fd = -1;
	description->regmap.path = strdup(document->path);
	if (description->regmap.path)
		r = description_read(description, report);
	if (!r && report->count != before)
		r = -EINVAL;
	if (r < 0) {
		description_free(description);
		return r;
	}
	*ret = description;
	return 0;
}

int description_load(const char *path, struct report *report, struct description **ret)
{
	struct document *document;
	int r = document_load(path, report, &document);

	return r < 0 ? r : description_make(document, report, ret);
}

int description_parse(const char *path, const char *text, size_t size, struct report *report,
		      struct description **ret)
{
	struct document *document;
	int r = document_parse(path, text, size, report, &document);

	return r < 0 ? r : description_make(document, report, ret);
}

int description_check_rest(const struct description *description, struct report *report)
{
	const char *kinds = "Device, Window, Register, Node, Simulator, Interrupt, Driver";

	if (!strcmp(description->driver, "registers"))
		kinds = "Device, Window, Register, Node, Simulator, Const, Struct, State, Start, "
			"Resume, Stop, Open, Release, Read, Write, Ioctl, Poll, Interrupt, Timer, "
			"Watchdog, Driver";
	/* The layer above checks a driver's options. */
	document_leave(description->document, "Driver");
	return document_unused(description->document, kinds, report);
}

int description_set_plugin(struct description *description, const char *name, const char *path,
			   const char *file, unsigned line)
{
	free(description->driver);
	free(description->plugin);
	description->driver = strdup(name);
	description->plugin = strdup(path);
	description->driver_file = file;
	description->driver_line = line;
	return description->driver && description->plugin ? 0 : -ENOMEM;
}

static void reg_done(struct reg *reg)
{
	for (size_t i = 0; i < reg->n_fields; i++) {
		free(reg->fields[i].name);
		free(reg->fields[i].title);
	}
	free(reg->fields);
	free(reg->excepts);
	free(reg->name);
	free(reg->title);
	free(reg->window_name);
}

void description_free(struct description *description)
{
	if (!description)
		return;
	for (size_t i = 0; i < description->regmap.n_regs; i++)
		reg_done(&description->regmap.regs[i]);
	free(description->regmap.regs);
	name_index_done(&description->regmap.index);
	free(description->regmap.path);
	for (size_t i = 0; i < description->n_nodes; i++) {
		free(description->nodes[i].key);
		free(description->nodes[i].name);
	}
	free(description->nodes);
	free(description->windows);
	free(description->values);
	free(description->title);
	free(description->driver);
	free(description->plugin);
	free(description->match);
	free(description->model);
	document_free(description->document);
	free(description);
}
