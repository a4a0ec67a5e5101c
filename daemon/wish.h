/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the command line asks of a start by hand, other than the instance file says. */
#ifndef WISH_H
#define WISH_H

#include "device/instance.h"
#include <stdbool.h>

/* NULL: as usual, or as the instance file says. */
struct wish {
	const char *config; /* another instance file */
	const char *front;  /* "cuse" or "file" */
	const char *mount;  /* where the files are to be */
};

/* Whether the words go together, as far as can be said without the files; logs why not. */
bool wish_is_possible(const struct wish *wish);
/* Changes the instance to what is asked for. -EINVAL: it does not go with its file (logged). */
int wish_apply(const struct wish *wish, struct instance *instance);

#endif
