// SPDX-License-Identifier: GPL-2.0-or-later
/* What cuioctl says when something is wrong: one line on stderr. */
#include "message.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

static void message_print(const char *format, va_list arguments)
{
	char line[4096];
	int length = vsnprintf(line, sizeof(line), format, arguments);

	if (length < 0)
		return;
	/* Names come from the command line: they may not move the cursor or start a new line. */
	for (char *at = line; *at; at++)
		if (iscntrl((unsigned char)*at))
			*at = '?';
	fprintf(stderr, "cuioctl: %s\n", line);
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
