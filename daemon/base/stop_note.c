/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file in the runtime directory that records that the service ends for good. */
#include "base/stop_note.h"
#include "base/runtime_file.h"

#define NOTE_NAME "ends"

void stop_note_write(void)
{
	runtime_file_touch(NOTE_NAME);
}

void stop_note_clear(void)
{
	(void)runtime_file_remove(NOTE_NAME);
}

bool stop_note_exists(void)
{
	return runtime_file_exists(NOTE_NAME);
}
