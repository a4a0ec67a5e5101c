/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Field=NAME HIGH[:LOW] [ro|wo|rw] [TEXT] of a [Register]: named bits. */
#include "base/digits.h"
#include "base/names.h"
#include "regmap/description_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIELD_FORM "expected NAME BIT or NAME HIGH:LOW, then ro, wo or rw and a text if wanted"

/* The next blank-separated word of *rest, cut off in place; NULL at the end. */
static char *field_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");
	size_t length = strcspn(word, " \t");

	if (!length)
		return NULL;
	*rest = word + length;
	if (**rest)
		*(*rest)++ = 0;
	return word;
}

/* "3:1" or "0" -> highest and lowest bit */
static int field_bits(const char *word, unsigned *ret_high, unsigned *ret_low)
{
	uint64_t high, low;
	int r = digits_take_decimal(&word, 63, &high);

	low = high;
	if (r >= 0 && *word == ':') {
		word++;
		r = digits_take_decimal(&word, 63, &low);
	}
	if (r < 0 || *word)
		return r < 0 ? r : -EINVAL;
	*ret_high = (unsigned)high;
	*ret_low = (unsigned)low;
	return 0;
}

static int field_access(const struct document *document, unsigned line, const struct reg *reg,
			struct field *field, const char *word, struct report *report)
{
	bool read = !strcmp(word, "ro") || !strcmp(word, "rw");
	bool write = !strcmp(word, "wo") || !strcmp(word, "rw");

	if ((read && !reg->read) || (write && !reg->write))
		return report_add(report, document->path, line,
				  "field %s is %s, but register %s is %s", field->name, word,
				  reg->name, reg->read ? "ro" : "wo");
	field->read = read;
	field->write = write;
	return 0;
}

static int field_check(const struct document *document, const struct reg *reg,
		       const struct field *field, struct report *report)
{
	for (size_t i = 0; i < reg->n_fields; i++) {
		const struct field *other = &reg->fields[i];
		bool shared = (field->read && other->read) || (field->write && other->write);

		if (!strcmp(field->name, other->name))
			return report_add(report, document->path, field->line,
					  "second field %s, the first is on line %u", field->name,
					  other->line);
		/* A read-only and a write-only field may have the same bits. */
		if (shared && (field_mask(field) & field_mask(other)))
			return report_add(report, document->path, field->line,
					  "field %s overlaps field %s on line %u", field->name,
					  other->name, other->line);
	}
	return 0;
}

/* Modifies `text`. */
static int field_parse(const struct document *document, const struct reg *reg, char *text,
		       struct field *field, struct report *report)
{
	unsigned high, low;
	char *rest = text;
	char *name = field_word(&rest);
	char *place = field_word(&rest);
	char *word;
	int r;

	if (!name || !place)
		return report_add(report, document->path, field->line,
				  "Field= too short, " FIELD_FORM);
	if (description_check_name(document, field->line, "field", name, report) < 0)
		return -EINVAL;
	r = field_bits(place, &high, &low);
	if (r == -EINVAL)
		return report_add(report, document->path, field->line,
				  "field %s: \"%s\" is no bit or range of bits, " FIELD_FORM, name,
				  place);
	if (r < 0 || high >= reg->width * 8)
		return report_add(report, document->path, field->line,
				  "field %s: bits %s are outside register %s of %u bits", name,
				  place, reg->name, reg->width * 8);
	if (low > high)
		return report_add(report, document->path, field->line,
				  "field %s: bits %s, expected the highest bit first", name, place);
	field->shift = low;
	field->bits = high - low + 1;
	field->name = strdup(name);
	if (!field->name)
		return -ENOMEM;
	rest += strspn(rest, " \t");
	word = rest;
	if (!strncmp(word, "ro", 2) || !strncmp(word, "wo", 2) || !strncmp(word, "rw", 2)) {
		if (!word[2] || word[2] == ' ' || word[2] == '\t') {
			word = field_word(&rest);
			if (field_access(document, field->line, reg, field, word, report) < 0)
				return -EINVAL;
			rest += strspn(rest, " \t");
		}
	}
	field->title = strdup(rest);
	return field->title ? 0 : -ENOMEM;
}

static void field_done(struct field *field)
{
	free(field->name);
	free(field->title);
}

static int field_add(const struct document *document, const struct entry *entry, struct reg *reg,
		     struct report *report)
{
	struct field field = { .line = entry->line, .read = reg->read, .write = reg->write };
	char *text = strdup(entry->value);
	struct field *grown;
	int r;

	if (!text)
		return -ENOMEM;
	r = field_parse(document, reg, text, &field, report);
	free(text);
	if (!r)
		r = field_check(document, reg, &field, report);
	if (!r && reg->n_fields == DESCRIPTION_FIELDS_MAX)
		r = report_add(report, document->path, entry->line, "more than %u fields",
			       DESCRIPTION_FIELDS_MAX);
	grown = r ? NULL : reallocarray(reg->fields, reg->n_fields + 1, sizeof(*grown));
	if (!grown) {
		field_done(&field);
		return r ? r : -ENOMEM;
	}
	reg->fields = grown;
	reg->fields[reg->n_fields++] = field;
	return 0;
}

int description_read_fields(const struct document *document, struct section *section,
			    struct reg *reg, struct report *report)
{
	struct entry *entry = NULL;
	int result = 0;

	while ((entry = section_next(section, "Field", entry))) {
		int r = field_add(document, entry, reg, report);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}
