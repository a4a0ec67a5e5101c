// SPDX-License-Identifier: GPL-2.0-or-later
// The log. Under systemd stderr is a journal stream, in which "<N>" at the start of a line is the
// line's level.
#include "base/log.h"
#include "base/cleanup.h"
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

static int log_level = LOG_INFO;
static const char *log_program;

void log_set_level(int level)
{
	log_level = level;
}

void log_set_program(const char *program)
{
	log_program = program;
}

static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat status;

	if (!stream || sscanf(stream, "%llu:%llu", &device, &inode) != 2)
		return false;
	return fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device &&
	       status.st_ino == inode;
}

static const char *level_word(int level)
{
	if (level <= LOG_ERR)
		return "error: ";
	return level == LOG_WARNING ? "warning: " : "";
}

void log_message(int level, const char *format, ...)
{
	auto_free char *text = NULL;
	va_list arguments;
	int length;

	if (level > log_level)
		return;
	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if (stderr_is_journal())
		fprintf(stderr, "<%d>%s\n", level, text);
	else
		fprintf(stderr, "%s%s%s%s\n", log_program ? log_program : "",
			log_program ? ": " : "", level_word(level), text);
}

void log_lines(int level, const char *text)
{
	while (text && *text) {
		size_t length = strcspn(text, "\n");

		log_message(level, "%.*s", (int)length, text);
		text += length + (text[length] == '\n');
	}
}
