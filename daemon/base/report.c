/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects findings as text, one line each, in order. */
#include "base/report.h"
#include "base/cleanup.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPORT_FINDINGS_MAX 50U
#define MORE		    "there are more: mend the first 50, then check again"

/* Keeps a finding on one line, whatever a user's file contains. */
static void report_flatten(char *line)
{
	for (; *line; line++) {
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			*line = ' ';
	}
}

static void append(char **lines, const char *place, const char *message)
{
	size_t old = *lines ? strlen(*lines) : 0;
	size_t more = strlen(place) + strlen(message) + 2;
	char *text = realloc(*lines, old + more);

	if (!text)
		return;
	snprintf(text + old, more, "%s%s\n", place, message);
	*lines = text;
}

static void add_line(char **lines, const char *file, unsigned line, const char *format,
		     va_list arguments)
{
	auto_free char *place = NULL, *message = NULL;
	int size;

	if (vasprintf(&message, format, arguments) < 0)
		return;
	report_flatten(message);
	if (!file)
		size = asprintf(&place, "%s", "");
	else if (line)
		size = asprintf(&place, "%s:%u: ", file, line);
	else
		size = asprintf(&place, "%s: ", file);
	if (size >= 0)
		append(lines, place, message);
}

int report_add(struct report *report, const char *file, unsigned line, const char *format, ...)
{
	va_list arguments;

	if (++report->count > REPORT_FINDINGS_MAX) {
		if (report->count == REPORT_FINDINGS_MAX + 1)
			append(&report->text, "", MORE);
		return -EINVAL;
	}
	va_start(arguments, format);
	add_line(&report->text, file, line, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

bool report_is_full(const struct report *report)
{
	return report->count > REPORT_FINDINGS_MAX;
}

void report_warn(struct report *report, const char *file, unsigned line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_line(&report->warnings, file, line, format, arguments);
	va_end(arguments);
}

void report_done(struct report *report)
{
	free(report->text);
	free(report->warnings);
	*report = (struct report){ 0 };
}
