/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files in the service's runtime directory. systemd keeps it over restarts and removes it on stop,
 * like the descriptor store. */
#ifndef BASE_RUNTIME_FILE_H
#define BASE_RUNTIME_FILE_H

#include <limits.h>
#include <stdbool.h>

/* -ENOENT outside a service; -ENAMETOOLONG. */
int runtime_file_path(char path[static PATH_MAX], const char *name);
/* 0 also if there was no file. */
int runtime_file_remove(const char *name);
/* Makes an empty file, which needs no free page in /run. Does nothing if it cannot. */
void runtime_file_touch(const char *name);
bool runtime_file_exists(const char *name);

#endif
