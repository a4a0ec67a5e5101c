/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's note to the helper, in the service's runtime directory: the last process exited on
 * request. After a crash there is no note; edited files are then not applied until the service is
 * restarted, because a crash must not remove a node that programs use.
 */
#ifndef BASE_EXIT_NOTE_H
#define BASE_EXIT_NOTE_H

#include <stdbool.h>

/* Called when the daemon exits on request. */
void exit_note_write(void);
/* Whether the previous process exited on request. */
bool exit_note_exists(void);
/* Called when the daemon serves: removes the previous process's note. */
void exit_note_clear(void);

#endif
