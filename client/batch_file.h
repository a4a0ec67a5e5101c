/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of steps for cuioctl batch, one per line:
 *
 *	node edu				# optional, before all other steps
 *	read ident
 *	write factorial = 5			# or: factorial = 5
 *	until status.busy == 0 within 10ms	# without a time it reads once
 *
 * '#' begins a comment.
 */
#ifndef CLIENT_BATCH_FILE_H
#define CLIENT_BATCH_FILE_H

#include "target.h"

#define BATCH_FILE_SIZE 0x100000U /* bytes, 1 MiB */
#define BATCH_LINE_SIZE 512U	  /* bytes without the comment */

#define BATCH_MISTAKES_MAX 50U /* errors reported at most */

struct batch_step {
	unsigned line;
	struct target target;
	struct cuio_step step; /* for the daemon */
};

struct batch_file {
	const char *name; /* for messages */
	char *text;
	char node[NODE_NAME_SIZE]; /* from the node line; "": there is none */
	unsigned node_line;
	struct batch_step *steps;
	size_t n_steps;
};

/* Reads the file `name`, "-" for standard input, and finds its node line. Returns an exit status;
 * release *ret with batch_file_done() in any case. */
int batch_file_read(const char *name, struct batch_file *ret);
/*
 * Reports all errors in the lines, each with file and line. Returns an exit status; 0: `steps` is
 * complete. Without `map`, because the node is unknown, it checks only the syntax and sets no
 * steps.
 */
int batch_file_parse(struct batch_file *file, const struct node *node, const struct map *map);
/* Reports that there may be more errors than BATCH_MISTAKES_MAX. */
void batch_file_flood(const struct batch_file *file);
void batch_file_done(struct batch_file *file);

#endif
