/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One verb of the command line: what main needs to know of it, and what it is given. */
#ifndef CLIENT_VERB_H
#define CLIENT_VERB_H

#include "node.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Options beside --json and --help that a verb may take. */
#define VERB_ALL       (1U << 0) /* --all */
#define VERB_VALUE     (1U << 1) /* --value */
#define VERB_TIMEOUT   (1U << 2) /* --timeout SECONDS */
#define VERB_REGISTERS (1U << 3) /* --registers */
#define VERB_IOCTLS    (1U << 4) /* --ioctls */
#define VERB_JSON      (1U << 5) /* --json */

struct verb_call {
	struct node *node; /* the open node, for a verb that has one */
	char **arguments;  /* those after NODE */
	size_t n_arguments;
	unsigned options; /* VERB_ALL... that were given */
	bool json;
	uint64_t timeout; /* nanoseconds; 0: none */
};

struct verb {
	const char *name;
	const char *arguments;		    /* for the usage line */
	const char *summary;		    /* one line */
	const char *help;		    /* the rest of --help */
	unsigned options;		    /* VERB_* it takes */
	bool on_node;			    /* its first argument is a node, opened by main */
	size_t min, max;		    /* arguments, NODE not counted */
	int (*run)(struct verb_call *call); /* an exit status */
};

#define VERB_MANY ((size_t)-1)

extern const struct verb list_verb, info_verb, get_verb, set_verb, batch_verb, dump_verb, wait_verb,
	ioctl_verb, check_verb, new_verb;

#endif
