/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command line options of a start by hand that override the instance file. */
#ifndef CONFIG_OVERRIDES_H
#define CONFIG_OVERRIDES_H

#include "config/instance.h"
#include <stdbool.h>

/* NULL: not given. */
struct overrides {
	const char *config; /* another instance file */
	const char *front;  /* "cuse" or "file" */
	const char *mount;  /* folder for the files' mount */
};

/* Checks the options as far as possible without the instance file; logs what is wrong. */
bool overrides_check(const struct overrides *overrides);
/* Applies the options to the instance. 0, -ENOMEM, or -EINVAL if they contradict its file
 * (logged). */
int overrides_apply(const struct overrides *overrides, struct instance *instance);

#endif
