/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of cuioctl: one line on stderr. The function that finds an error reports it, and returns
 * an exit status: 0, MESSAGE_FAILED or MESSAGE_USAGE. Its callers report nothing.
 */
#ifndef CLIENT_MESSAGE_H
#define CLIENT_MESSAGE_H

#include <stddef.h>

#define MESSAGE_FAILED 1
#define MESSAGE_USAGE  2

/*
 * Later messages begin with "FILE:LINE: " instead of the program's name; NULL restores that, line 0
 * means the file as a whole. `file` must stay valid.
 */
void message_at(const char *file, unsigned line);
/* For a command that failed. Returns MESSAGE_FAILED. */
int message_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* For a wrong command line. Returns MESSAGE_USAGE. */
int message_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A note, without an exit status. */
void message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Reports that there is no memory. Returns MESSAGE_FAILED. */
int message_memory(void);

#endif
