/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report collects errors in a user's files, hardware or machine, one line each. The layer that
 * finds an error need not print it, and the caller can show all of them at once.
 */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

#include <stdbool.h>

struct report {
	char *text; /* lines that end with '\n'; NULL if there are none */
	unsigned count;
	char *warnings; /* the same for settings that work but should be changed */
};

/* Adds "file:line: " (file NULL: nothing; line 0: "file: ") and the message. After 50 findings says
 * that there are more, and only counts. Returns -EINVAL, so that callers can write "return
 * report_add(...)". */
int report_add(struct report *report, const char *file, unsigned line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Whether further findings would only be counted, so that looking for them is no use. */
bool report_is_full(const struct report *report);
/* Adds a warning about a setting that is still accepted. It is not counted. */
void report_warn(struct report *report, const char *file, unsigned line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void report_done(struct report *report);

#endif
