/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report collects what is wrong with a user's files, hardware or machine, one line a finding, so
 * that the layer that found it need not print and the caller can show all of it at once.
 */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

struct report {
	char *text; /* lines, each ended by '\n'; NULL while there is none */
	unsigned count;
	char *warnings; /* the same, of what works and should be changed */
};

/* Adds "file:line: " (file NULL: nothing; line 0: "file: ") and the message. After 50 findings
 * further ones are only counted. Returns -EINVAL, so that "return report_add(...)" reads well. */
int report_add(struct report *report, const char *file, unsigned line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The same for what is served all the same. Not counted. */
void report_warn(struct report *report, const char *file, unsigned line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void report_done(struct report *report);

#endif
