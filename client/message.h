/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What cuioctl says when something is wrong: one line on stderr. Whoever finds it says it, so a
 * function that may do so returns an exit status: 0, MESSAGE_FAILED or MESSAGE_USAGE, said already.
 */
#ifndef CLIENT_MESSAGE_H
#define CLIENT_MESSAGE_H

#include <stddef.h>

#define MESSAGE_FAILED 1
#define MESSAGE_USAGE  2

/*
 * From now on messages begin with "FILE:LINE: " instead of the program's name; NULL ends that, line
 * 0 is the file as a whole. `file` is kept.
 */
void message_at(const char *file, unsigned line);
/* The command could not be done. Returns MESSAGE_FAILED. */
int message_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The command line is wrong. Returns MESSAGE_USAGE. */
int message_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A remark that changes no exit status. */
void message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Returns MESSAGE_FAILED. */
int message_memory(void);

#endif
