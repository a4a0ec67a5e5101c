/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where this program is, and what lies beside it: in a build tree, or wherever it was installed. */
#ifndef CLIENT_OWN_H
#define CLIENT_OWN_H

#include <limits.h>

/* The path of `name` from this program's folder ("cuiod", "../share/cuio"). -ENAMETOOLONG, or why
 * the folder is not known. */
int own_path(const char *name, char ret[PATH_MAX]);

#endif
