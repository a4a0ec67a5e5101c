/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: to the journal with priorities when systemd reads our stderr, to the terminal with
 * words otherwise. Lower layers do not log, they return; main and the top layers log, once.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <syslog.h>

/* Messages above this level (LOG_ERR..LOG_DEBUG) are dropped; LOG_INFO at first. */
void log_set_level(int level);
/* `program` is put before each line on a terminal; NULL for none. */
void log_set_program(const char *program);
void log_message(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A text of several lines (a report), each at this level. */
void log_lines(int level, const char *text);

#define log_error(...)	 log_message(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_message(LOG_WARNING, __VA_ARGS__)
#define log_notice(...)	 log_message(LOG_NOTICE, __VA_ARGS__)
#define log_info(...)	 log_message(LOG_INFO, __VA_ARGS__)
#define log_debug(...)	 log_message(LOG_DEBUG, __VA_ARGS__)

#endif
