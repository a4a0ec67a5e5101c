/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of steps for cuioctl batch, one a line:
 *
 *	node edu				# the first of them, and may be left out
 *	read ident
 *	write factorial = 5			# or: factorial = 5
 *	until status.busy == 0 within 10ms	# without a time it looks once
 *
 * What follows a '#' is a comment.
 */
#ifndef CLIENT_BATCH_FILE_H
#define CLIENT_BATCH_FILE_H

#include "target.h"

#define BATCH_FILE_SIZE 0x100000U /* 1 MiB */
#define BATCH_LINE_SIZE 512U	  /* without its comment */

#define BATCH_MISTAKES_MAX 50U /* said at most */

struct batch_step {
	unsigned line;
	struct target target;
	struct cuio_step step; /* as the daemon takes it */
};

struct batch_file {
	const char *name; /* for messages */
	char *text;
	char node[NODE_NAME_SIZE]; /* that of the node line, "": there is none */
	unsigned node_line;
	struct batch_step *steps;
	size_t n_steps;
};

/* Reads the file `name`, "-" for standard input, and looks for the node it is for. Returns an exit
 * status; released with batch_file_done() in any case. */
int batch_file_read(const char *name, struct batch_file *ret);
/*
 * Says everything that is wrong with the lines, each message with its place; an exit status. With
 * 0, `steps` are there. With no `map`, because the node is not known, only the form is looked at
 * and there are no steps.
 */
int batch_file_parse(struct batch_file *file, const struct node *node, const struct map *map);
/* Says that mistakes beyond BATCH_MISTAKES_MAX were not looked for. */
void batch_file_flood(const struct batch_file *file);
void batch_file_done(struct batch_file *file);

#endif
