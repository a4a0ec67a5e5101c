/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the values of entries; a finding says what was expected. */
#include "base/value.h"
#include "base/digits.h"
#include "base/names.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

int value_number(const struct document *document, const struct entry *entry, unsigned long long min,
		 unsigned long long max, struct report *report, unsigned long long *ret)
{
	char expected[64];
	uint64_t number;
	int r = digits_parse(entry->value, &number);

	if (max > 0xffff)
		snprintf(expected, sizeof(expected), "%llu..0x%llx", min, max);
	else
		snprintf(expected, sizeof(expected), "%llu..%llu", min, max);
	if (r == -EINVAL)
		return report_add(report, document->path, entry->line,
				  "%s=%s is no number, expected %s", entry->key, entry->value,
				  expected);
	if (r < 0 || number < min || number > max)
		return report_add(report, document->path, entry->line,
				  "%s=%s is out of range, expected %s", entry->key, entry->value,
				  expected);
	*ret = number;
	return 0;
}

int value_bool(const struct document *document, const struct entry *entry, struct report *report,
	       bool *ret)
{
	static const char *const yes[] = { "yes", "true", "on", "1" };
	static const char *const no[] = { "no", "false", "off", "0" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
		bool is_yes = !strcmp(entry->value, yes[i]);

		if (is_yes || !strcmp(entry->value, no[i])) {
			*ret = is_yes;
			return 0;
		}
	}
	return report_add(report, document->path, entry->line, "%s=%s, expected yes or no",
			  entry->key, entry->value);
}

int value_word(const struct document *document, const struct entry *entry, const char *const *words,
	       struct report *report, unsigned *ret)
{
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];
	int r;

	for (unsigned i = 0; words[i]; i++) {
		if (!strcmp(entry->value, words[i])) {
			*ret = i;
			return 0;
		}
	}
	for (unsigned i = 0; words[i]; i++)
		names_add(&names, words[i]);
	r = report_add(report, document->path, entry->line, "unknown %s=%s, %s", entry->key,
		       entry->value, names_hint(&names, entry->value, hint));
	names_done(&names);
	return r;
}
