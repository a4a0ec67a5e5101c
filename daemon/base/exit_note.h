/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's note to the helper, in the service's runtime directory: it exited because it was
 * told to. After a crash edited files wait until somebody restarts the service: a crash takes no
 * program's node away.
 */
#ifndef BASE_EXIT_NOTE_H
#define BASE_EXIT_NOTE_H

#include <stdbool.h>

/* The daemon exits because it was told to. */
void exit_note_write(void);
/* Whether the previous process did. */
bool exit_note_exists(void);
/* The daemon serves: the previous process's note is out of date. */
void exit_note_clear(void);

#endif
