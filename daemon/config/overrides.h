/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the command line asks of a start by hand, other than the instance file says. */
#ifndef CONFIG_OVERRIDES_H
#define CONFIG_OVERRIDES_H

#include "config/instance.h"
#include <stdbool.h>

/* NULL: as usual, or as the instance file says. */
struct overrides {
	const char *config; /* another instance file */
	const char *front;  /* "cuse" or "file" */
	const char *mount;  /* where the files are to be */
};

/* Whether the words go together, as far as can be said without the files; logs why not. */
bool overrides_check(const struct overrides *overrides);
/* Changes the instance to what is asked for. -EINVAL: it does not go with its file (logged). */
int overrides_apply(const struct overrides *overrides, struct instance *instance);

#endif
