/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file in the runtime directory that records a requested exit of the daemon. */
#include "base/exit_note.h"
#include "base/runtime_file.h"

#define NOTE_NAME "left"

void exit_note_write(void)
{
	runtime_file_touch(NOTE_NAME);
}

bool exit_note_exists(void)
{
	return runtime_file_exists(NOTE_NAME);
}

void exit_note_clear(void)
{
	(void)runtime_file_remove(NOTE_NAME);
}
