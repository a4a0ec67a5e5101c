/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes that are files in a mount of cuiod's (Front=file), as the kernel lists mounts. */
#ifndef CLIENT_FILE_H
#define CLIENT_FILE_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether cuiod's files are at this path, through symlinks that lead to it. Does not look into it.
 */
bool file_mounted(const char *mount);
/* Whether the file system with this number (stat(2): st_dev) is one of cuiod's. */
bool file_is_ours(dev_t device);

#endif
