/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options of the command line. getopt_long() would take "-5" for an option, but an ioctl's value
 * may be negative. Here an option starts with "--", and "--" ends the options.
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
 * Removes the options `allowed` from the `n` words (`first_only`: only those before the first other
 * word), and moves the other words to the front; *ret_n is their number. Reports errors with the
 * verb `who`. Returns an exit status.
 */
int options_take(const char *who, char **words, size_t n, unsigned allowed, bool first_only,
		 struct options *options, size_t *ret_n);

#endif
