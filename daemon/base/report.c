/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings, collected as text: one line each, in the order in which they were made. */
#include "base/report.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPORT_FINDINGS_MAX 50U

/* A finding stays one line, whatever a user's file put into it. */
static void report_flatten(char *line)
{
	for (; *line; line++) {
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			*line = ' ';
	}
}

static void report_append(struct report *report, const char *place, const char *message)
{
	size_t old = report->text ? strlen(report->text) : 0;
	size_t more = strlen(place) + strlen(message) + 2;
	char *text = realloc(report->text, old + more);

	if (!text)
		return;
	snprintf(text + old, more, "%s%s\n", place, message);
	report->text = text;
}

int report_add(struct report *report, const char *file, unsigned line, const char *format, ...)
{
	char *place = NULL, *message = NULL;
	va_list arguments;
	int size;

	if (++report->count > REPORT_FINDINGS_MAX)
		return -EINVAL;
	va_start(arguments, format);
	size = vasprintf(&message, format, arguments);
	va_end(arguments);
	if (size < 0)
		return -EINVAL;
	report_flatten(message);

	if (!file)
		size = asprintf(&place, "%s", "");
	else if (line)
		size = asprintf(&place, "%s:%u: ", file, line);
	else
		size = asprintf(&place, "%s: ", file);
	if (size >= 0) {
		report_append(report, place, message);
		free(place);
	}
	free(message);
	return -EINVAL;
}

void report_done(struct report *report)
{
	free(report->text);
	*report = (struct report){ 0 };
}
