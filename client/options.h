/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options of the command line. getopt_long() takes "-5" for an option, but an ioctl's value may be
 * negative: here an option starts with "--", and "--" ends them.
 */
#ifndef CLIENT_OPTIONS_H
#define CLIENT_OPTIONS_H

#include "verb.h"

#define OPTIONS_HELP	(1U << 16)
#define OPTIONS_VERSION (1U << 17)

struct options {
	unsigned given; /* VERB_* and OPTIONS_* */
	uint64_t timeout;
};

/*
 * Takes the options `allowed` out of the `n` words, anywhere among them (`first_only`: only before
 * the first other word), and moves the rest to the front; *ret_n is how many are left. Says what is
 * wrong (`who` names the verb). Returns an exit status.
 */
int options_take(const char *who, char **words, size_t n, unsigned allowed, bool first_only,
		 struct options *options, size_t *ret_n);

#endif
