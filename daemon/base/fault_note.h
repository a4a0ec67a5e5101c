/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes in memory that this process ends by a fault of its own: a signal such as SIGSEGV, or
 * SIGABRT, which systemd's watchdog sends. The core is dumped as without the note. */
#ifndef BASE_FAULT_NOTE_H
#define BASE_FAULT_NOTE_H

#include <stdint.h>

/* A fault from now on stores `value` at `where`. A signal that has a handler already (a
 * sanitizer's) is left alone. */
void fault_note_start(uint32_t *where, uint32_t value);
void fault_note_stop(void);

#endif
