/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file in the runtime directory that records a requested exit of the daemon. */
#include "base/exit_note.h"
#include "base/cleanup.h"
#include "base/runtime_file.h"
#include <fcntl.h>

#define NOTE_NAME "left"

void exit_note_write(void)
{
	auto_close int fd = -1;
	char path[PATH_MAX];

	if (runtime_file_path(path, NOTE_NAME) >= 0)
		fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0444);
}

bool exit_note_exists(void)
{
	char path[PATH_MAX];

	return runtime_file_path(path, NOTE_NAME) >= 0 &&
	       faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

void exit_note_clear(void)
{
	(void)runtime_file_remove(NOTE_NAME);
}
