// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages of cuioctl: one line on stderr. */
#include "message.h"
#include "base/utf8.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct {
	const char *file; /* NULL: no file */
	unsigned line;
} place;

void message_at(const char *file, unsigned line)
{
	place.file = file;
	place.line = line;
}

/* Returns the length, less than `size`. */
static size_t put_place(char *line, size_t size)
{
	int length;

	if (!place.file)
		length = snprintf(line, size, "cuioctl: ");
	else if (!place.line)
		length = snprintf(line, size, "%s: ", place.file);
	else
		length = snprintf(line, size, "%s:%u: ", place.file, place.line);
	return length > 0 && (size_t)length < size ? (size_t)length : strlen(line);
}

static void message_print(const char *format, va_list arguments)
{
	char line[8192] = "";
	size_t length = put_place(line, sizeof(line) / 2);

	if (vsnprintf(line + length, sizeof(line) - length, format, arguments) < 0)
		return;
	/* Names come from the command line and from daemons: they must not move the cursor or start
	 * a new line. */
	utf8_clean(line);
	fprintf(stderr, "%s\n", line);
}

int message_failed(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	message_print(format, arguments);
	va_end(arguments);
	return MESSAGE_FAILED;
}

int message_usage(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	message_print(format, arguments);
	va_end(arguments);
	return MESSAGE_USAGE;
}

void message_note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	message_print(format, arguments);
	va_end(arguments);
}

int message_memory(void)
{
	return message_failed("out of memory");
}
