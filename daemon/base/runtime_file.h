/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files in the service's runtime directory, which systemd keeps over restarts and removes at a
 * stop, as it does with the descriptor store. */
#ifndef BASE_RUNTIME_FILE_H
#define BASE_RUNTIME_FILE_H

#include <limits.h>

/* -ENOENT outside a service. */
int runtime_file_path(char path[static PATH_MAX], const char *name);
/* 0 if there was none. */
int runtime_file_remove(const char *name);

#endif
