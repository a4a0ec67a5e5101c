/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The path of this program, to find files next to it: in a build tree, or where it is installed. */
#ifndef CLIENT_OWN_H
#define CLIENT_OWN_H

#include <limits.h>

/* Returns the path of `name` relative to this program's folder ("cuiod", "../share/cuio"). 0;
 * -ENAMETOOLONG; another -errno if the folder is unknown. */
int own_path(const char *name, char ret[PATH_MAX]);

#endif
