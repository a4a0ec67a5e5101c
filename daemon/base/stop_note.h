/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The helper's note to the daemon, in the service's runtime directory: the service is being stopped
 * for good, not restarted. Without it the card is left to a successor, because hardware that runs
 * on without one does less harm than hardware that stops under one.
 */
#ifndef BASE_STOP_NOTE_H
#define BASE_STOP_NOTE_H

#include <stdbool.h>

/* The helper writes or removes it before the daemon gets SIGTERM. */
void stop_note_write(void);
void stop_note_clear(void);
/* Called by the daemon when it ends. */
bool stop_note_exists(void);

#endif
