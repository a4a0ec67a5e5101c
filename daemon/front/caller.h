/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs that call, for log lines. */
#ifndef FRONT_CALLER_H
#define FRONT_CALLER_H

#include <stdint.h>

#define CALLER_NAME_SIZE 16U

/* What the program calls the thread, usually its own name; "?" when it is gone. A byte that would
 * not print, or end the line, is shown as '?'. */
void caller_name(uint32_t thread, char name[static CALLER_NAME_SIZE]);

#endif
