/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A verb of the command line, and its arguments. */
#ifndef CLIENT_VERB_H
#define CLIENT_VERB_H

#include "node.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Options of verbs. */
#define VERB_ALL       (1U << 0) /* --all */
#define VERB_VALUE     (1U << 1) /* --value */
#define VERB_TIMEOUT   (1U << 2) /* --timeout SECONDS */
#define VERB_REGISTERS (1U << 3) /* --registers */
#define VERB_IOCTLS    (1U << 4) /* --ioctls */
#define VERB_JSON      (1U << 5) /* --json */

struct verb_call {
	struct node *node; /* the open node, if on_node */
	char **arguments;  /* without NODE */
	size_t n_arguments;
	unsigned options; /* VERB_ bits of the given options */
	bool json;
	uint64_t timeout; /* nanoseconds; 0: none */
};

struct verb {
	const char *name;
	const char *arguments;		    /* for the usage line */
	const char *summary;		    /* one line */
	const char *help;		    /* the rest of --help */
	unsigned options;		    /* VERB_ bits of the accepted options */
	bool on_node;			    /* the first argument is a node, which main opens */
	size_t min, max;		    /* number of arguments without NODE */
	int (*run)(struct verb_call *call); /* returns an exit status */
};

#define VERB_MANY ((size_t)-1)

extern const struct verb list_verb, info_verb, get_verb, set_verb, batch_verb, dump_verb, wait_verb,
	ioctl_verb, check_verb, new_verb;

#endif
