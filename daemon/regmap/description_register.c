/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [Register NAME] of a description: offset, width and access rules of a register. */
#include "base/cleanup.h"
#include "base/digits.h"
#include "base/names.h"
#include "regmap/description_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define REGISTER_KEYS                                                                              \
	"Window, Offset, Width, Access, SideEffect, Count, Stride, Except, All, Shadow, Reset, "   \
	"Overlap, Field, Description"

static const struct window_spec *register_window(const struct description *description,
						 const char *name)
{
	for (size_t i = 0; i < description->n_windows; i++) {
		if (!strcmp(description->windows[i].name, name))
			return &description->windows[i];
	}
	return NULL;
}

static int register_read_window(const struct description *description, struct section *section,
				struct reg *reg, struct report *report)
{
	const struct document *document = description->document;
	struct entry *entry = section_entry(document, section, "Window", report);
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];
	int r;

	if (!entry && description->n_windows == 1) {
		reg->window_name = strdup(description->windows[0].name);
		return reg->window_name ? 0 : -ENOMEM;
	}
	for (size_t i = 0; i < description->n_windows; i++)
		names_add(&names, description->windows[i].name);
	reg->window_name = strdup(entry ? entry->value : "");
	if (!reg->window_name)
		r = -ENOMEM;
	else if (!entry)
		r = report_add(report, document->path, section->line,
			       "[Register %s] lacks Window=, %s", reg->name,
			       names_hint(&names, "", hint));
	else if (!register_window(description, entry->value))
		r = report_add(report, document->path, entry->line, "no window %s, %s",
			       entry->value, names_hint(&names, entry->value, hint));
	else
		r = 0;
	names_done(&names);
	return r;
}

static int register_read_width(const struct document *document, struct section *section,
			       struct reg *reg, struct report *report)
{
	static const char *const widths[] = { "8", "16", "32", "64", NULL };
	struct entry *entry = section_entry(document, section, "Width", report);
	unsigned width = 2;

	reg->width = 4;
	if (entry && value_word(document, entry, widths, report, &width) < 0)
		return -EINVAL;
	reg->width = 1U << width;
	return 0;
}

/* Reads a number if the key is there; *ret keeps its default otherwise. */
static int register_number(const struct document *document, struct section *section,
			   const char *key, unsigned long long min, unsigned long long max,
			   struct report *report, unsigned long long *ret)
{
	struct entry *entry = section_entry(document, section, key, report);

	return entry ? value_number(document, entry, min, max, report, ret) : 0;
}

static int register_read_place(const struct document *document, struct section *section,
			       struct reg *reg, struct report *report)
{
	struct entry *entry = section_entry(document, section, "Offset", report);
	unsigned long long offset = 0, count = 1, stride = reg->width;
	int r = 0;

	if (!entry)
		return report_add(report, document->path, section->line,
				  "[Register %s] lacks Offset=, expected its bytes from the start "
				  "of the window",
				  reg->name);
	if (value_number(document, entry, 0, DESCRIPTION_WINDOW_MAX - 1, report, &offset) < 0)
		r = -EINVAL;
	else if (offset % reg->width)
		r = report_add(report, document->path, entry->line,
			       "Offset=%s is not aligned, expected a multiple of the width, %u "
			       "bytes",
			       entry->value, reg->width);
	if (register_number(document, section, "Count", 1, DESCRIPTION_ELEMENTS_MAX, report,
			    &count) < 0 ||
	    register_number(document, section, "Stride", 0, DESCRIPTION_WINDOW_MAX, report,
			    &stride) < 0)
		r = -EINVAL;
	entry = section_next(section, "Stride", NULL);
	if (entry && (stride % reg->width || (stride && stride < reg->width)))
		r = report_add(report, document->path, entry->line,
			       "Stride=%s, expected 0 or a multiple of the width, %u bytes",
			       entry->value, reg->width);
	if (!r && offset + (count - 1) * stride + reg->width > DESCRIPTION_WINDOW_MAX)
		r = report_add(report, document->path, reg->line,
			       "register %s ends beyond 0x%llx, the end of the largest window",
			       reg->name, DESCRIPTION_WINDOW_MAX);
	if (r < 0)
		return r;
	reg->offset = offset;
	reg->count = (uint32_t)count;
	reg->stride = stride;
	return 0;
}

static int register_read_access(const struct document *document, struct section *section,
				struct reg *reg, struct report *report)
{
	static const char *const accesses[] = { "ro", "wo", "rw", NULL };
	static const char *const keys[] = { "SideEffect", "All", "Shadow", "Overlap" };
	bool *const flags[] = { &reg->side_effect, &reg->open_index, &reg->shadow, &reg->overlap };
	struct entry *entry = section_entry(document, section, "Access", report);
	unsigned access = 2;
	int r = 0;

	if (entry && value_word(document, entry, accesses, report, &access) < 0)
		r = -EINVAL;
	reg->read = access != 1;
	reg->write = access != 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		entry = section_entry(document, section, keys[i], report);
		if (entry && value_bool(document, entry, report, flags[i]) < 0)
			r = -EINVAL;
	}
	if (reg->side_effect && !reg->read)
		r = report_add(report, document->path, reg->line,
			       "register %s: SideEffect=yes is about reading, but Access=wo",
			       reg->name);
	if (reg->shadow && !reg->write)
		r = report_add(report, document->path, reg->line,
			       "register %s: Shadow=yes is about writing, but Access=ro",
			       reg->name);
	return r;
}

/* One range "0x3000-0x37ff" of an Except= */
static int register_except(const struct document *document, const struct entry *entry,
			   const char *range, struct reg *reg, struct report *report)
{
	struct except *grown;
	const char *end = range;
	uint64_t first, last;

	if (digits_take(&end, &first) < 0 || *end++ != '-' || digits_parse(end, &last) < 0 ||
	    last < first)
		return report_add(report, document->path, entry->line,
				  "Except=%s, expected FIRST-LAST in bytes from the start of the "
				  "register",
				  range);
	if (first >= reg_end(reg) - reg->offset)
		return report_add(report, document->path, entry->line,
				  "Except=%s is outside register %s of 0x%llx bytes", range,
				  reg->name, (unsigned long long)(reg_end(reg) - reg->offset));
	if (reg->n_excepts == DESCRIPTION_EXCEPTS_MAX)
		return report_add(report, document->path, entry->line,
				  "more than %u ranges of Except= in register %s",
				  DESCRIPTION_EXCEPTS_MAX, reg->name);
	grown = reallocarray(reg->excepts, reg->n_excepts + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	reg->excepts = grown;
	grown[reg->n_excepts++] = (struct except){ first, last };
	return 0;
}

static int register_read_excepts(const struct document *document, struct section *section,
				 struct reg *reg, struct report *report)
{
	struct entry *entry = NULL;

	while ((entry = section_next(section, "Except", entry))) {
		auto_free char *ranges = strdup(entry->value);
		char *rest = NULL;

		if (!ranges)
			return -ENOMEM;
		if (!*ranges)
			return register_except(document, entry, "", reg, report);
		for (char *range = strtok_r(ranges, ", \t", &rest); range;
		     range = strtok_r(NULL, ", \t", &rest)) {
			int r = register_except(document, entry, range, reg, report);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* Everything but the fields, which need a valid width and access. */
static int register_read(const struct description *description, struct section *section,
			 struct reg *reg, struct report *report)
{
	const struct document *document = description->document;
	unsigned long long reset = 0;
	int r = description_check_word(document, section->line, "register", reg->name, report);

	/* All parts are read even after an error, so that all findings are reported. */
	r |= register_read_window(description, section, reg, report);
	r |= register_read_width(document, section, reg, report);
	r |= register_read_place(document, section, reg, report);
	r |= register_read_access(document, section, reg, report);
	r |= register_read_excepts(document, section, reg, report);
	r |= register_number(document, section, "Reset", 0, reg_mask(reg), report, &reset);
	r |= description_read_fields(document, section, reg, report);
	reg->reset = reset;
	return r ? -EINVAL : 0;
}

int description_read_registers(struct description *description, struct report *report)
{
	struct document *document = description->document;
	struct regmap *map = &description->regmap;
	struct section *section = NULL;
	int result = 0;

	while ((section = document_next(document, "Register", section))) {
		struct reg *grown, *reg;

		if (map->n_regs == DESCRIPTION_REGISTERS_MAX)
			return report_add(report, document->path, section->line,
					  "more than %u registers", DESCRIPTION_REGISTERS_MAX);
		grown = reallocarray(map->regs, map->n_regs + 1, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		map->regs = grown;
		reg = &grown[map->n_regs];
		*reg = (struct reg){ .line = section->line, .count = 1, .index = map->n_regs };
		map->n_regs++;
		reg->name = strdup(section->name);
		reg->title =
			description_text(section_entry(document, section, "Description", report));
		if (!reg->name || !reg->title ||
		    name_index_add(&map->index, "", reg->name, reg->index) < 0)
			return -ENOMEM;
		if (register_read(description, section, reg, report) < 0)
			result = -EINVAL;
		if (section_unused(document, section, REGISTER_KEYS, report) < 0)
			result = -EINVAL;
	}
	return result;
}
