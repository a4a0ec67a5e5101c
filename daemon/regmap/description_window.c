/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [Window NAME] of a description: a range of registers behind one PCI base address register, or in
 * configuration space. */
#include "base/names.h"
#include "regmap/description_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A card has one configuration space, which has no BAR. */
static int window_without_bar(const struct description *description, const struct entry *entry,
			      const struct window_spec *window, struct report *report)
{
	const char *path = description->document->path;

	if (entry)
		return report_add(report, path, entry->line,
				  "Bar= does not go with Type=config, which is behind no BAR");
	for (size_t i = 0; i < description->n_windows; i++) {
		if (description->windows[i].type == WINDOW_CONFIG)
			return report_add(report, path, window->line,
					  "[Window %s] is configuration space, as window %s on "
					  "line %u is already",
					  window->name, description->windows[i].name,
					  description->windows[i].line);
	}
	return 0;
}

static int window_read_bar(struct description *description, struct section *section,
			   struct window_spec *window, struct report *report)
{
	const struct document *document = description->document;
	struct entry *entry = section_entry(document, section, "Bar", report);
	unsigned long long bar;

	if (window->type == WINDOW_CONFIG)
		return window_without_bar(description, entry, window, report);
	if (!entry)
		return report_add(report, document->path, section->line,
				  "[Window %s] lacks Bar=, expected 0..%u", section->name,
				  HARDWARE_WINDOWS_MAX - 1);
	if (value_number(document, entry, 0, HARDWARE_WINDOWS_MAX - 1, report, &bar) < 0)
		return -EINVAL;
	window->bar = (unsigned)bar;
	for (size_t i = 0; i < description->n_windows; i++) {
		const struct window_spec *other = &description->windows[i];

		if (other->bar == window->bar && other->type != WINDOW_CONFIG)
			return report_add(report, document->path, entry->line,
					  "Bar=%u is that of window %s on line %u already",
					  window->bar, other->name, other->line);
	}
	return 0;
}

static int window_read_section(struct description *description, struct section *section,
			       struct window_spec *window, struct report *report)
{
	static const char *const types[] = { "memory", "ports", "config", NULL };
	const struct document *document = description->document;
	unsigned long long size = 0;
	unsigned type = WINDOW_MEMORY;
	struct entry *entry;
	int r = 0;

	if (description_check_name(document, section->line, "window", section->name, report) < 0)
		r = -EINVAL;
	entry = section_entry(document, section, "Type", report);
	if (entry && value_word(document, entry, types, report, &type) < 0)
		r = -EINVAL;
	window->type = (enum window_type)type;
	if (window_read_bar(description, section, window, report) < 0)
		r = -EINVAL;
	entry = section_entry(document, section, "WriteCombine", report);
	if (entry && value_bool(document, entry, report, &window->write_combine) < 0)
		r = -EINVAL;
	if (window->write_combine && window->type != WINDOW_MEMORY)
		r = report_add(report, document->path, entry->line,
			       "WriteCombine=yes does not go with Type=%s", types[window->type]);
	entry = section_entry(document, section, "Size", report);
	if (entry &&
	    value_number(document, entry, 1,
			 window->type == WINDOW_CONFIG ? WINDOW_CONFIG_MAX : DESCRIPTION_WINDOW_MAX,
			 report, &size) < 0)
		r = -EINVAL;
	window->size = size;
	if (section_unused(document, section, "Bar, Type, WriteCombine, Size", report) < 0)
		r = -EINVAL;
	return r;
}

int description_read_windows(struct description *description, struct report *report)
{
	struct document *document = description->document;
	struct section *section = NULL;
	int r = 0;

	description->windows = calloc(HARDWARE_WINDOWS_MAX, sizeof(*description->windows));
	if (!description->windows)
		return -ENOMEM;
	while ((section = document_next(document, "Window", section))) {
		struct window_spec window = {
			.name = section->name,
			.file = document->path,
			.line = section->line,
		};

		if (description->n_windows == HARDWARE_WINDOWS_MAX)
			return report_add(report, document->path, section->line,
					  "more than %u windows", HARDWARE_WINDOWS_MAX);
		if (window_read_section(description, section, &window, report) < 0)
			r = -EINVAL;
		/* Kept even if it is bad, so that its registers can be checked. */
		description->windows[description->n_windows++] = window;
	}
	return r;
}
