/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of calling programs, for log lines. */
#ifndef FRONT_CALLER_H
#define FRONT_CALLER_H

#include <stdint.h>

#define CALLER_NAME_SIZE 16U

/* Returns the thread's name, usually that of its program; "?" if it has exited. Bytes that are not
 * printable ASCII are replaced by '?'. */
void caller_name(uint32_t thread, char name[static CALLER_NAME_SIZE]);

#endif
