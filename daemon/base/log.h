/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: to the journal with levels if systemd reads stderr, else to the terminal. Lower layers
 * do not log, they return errors; main and the top layers log them once.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <syslog.h>

/* Drops messages above this level (LOG_ERR..LOG_DEBUG); the default is LOG_INFO. */
void log_set_level(int level);
/* Prefixes each line on a terminal with `program`; NULL: no prefix. The string is not copied. */
void log_set_program(const char *program);
void log_message(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Logs a text of several lines (a report), each line at this level. */
void log_lines(int level, const char *text);

#define log_error(...)	 log_message(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_message(LOG_WARNING, __VA_ARGS__)
#define log_notice(...)	 log_message(LOG_NOTICE, __VA_ARGS__)
#define log_info(...)	 log_message(LOG_INFO, __VA_ARGS__)
#define log_debug(...)	 log_message(LOG_DEBUG, __VA_ARGS__)

#endif
