// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl check: lets cuiod check files, without installing or starting anything. */
#include "base/cleanup.h"
#include "message.h"
#include "own.h"
#include "verb.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef CUIO_SBINDIR
#define CUIO_SBINDIR "/usr/local/sbin"
#endif

/* A name that starts with '-' would be taken for an option. */
static char *as_path(const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s%s", *name == '-' ? "./" : "", name) < 0)
		return NULL;
	return path;
}

static int run_daemon(char **words)
{
	char path[PATH_MAX];

	execv(CUIO_SBINDIR "/cuiod", words);
	/* For a build tree, or if both are installed in one folder. */
	if (errno == ENOENT && own_path("cuiod", path) == 0)
		execv(path, words);
	if (errno == ENOENT)
		execvp("cuiod", words);
	if (errno == ENOENT)
		return message_failed("no cuiod in " CUIO_SBINDIR ", beside cuioctl, or in PATH");
	return message_failed("cuiod: %s", strerror(errno));
}

static int check_run(struct verb_call *call)
{
	char **words = calloc(call->n_arguments + 3, sizeof(*words));
	char program[] = "cuiod", option[] = "--check";
	int r = 0;

	if (!words)
		return message_memory();
	words[0] = program;
	words[1] = option;
	for (size_t i = 0; r == 0 && i < call->n_arguments; i++) {
		words[i + 2] = as_path(call->arguments[i]);
		if (!words[i + 2])
			r = message_memory();
	}
	if (r == 0)
		r = run_daemon(words);
	for (size_t i = 0; i < call->n_arguments; i++)
		free(words[i + 2]);
	free(words);
	return r;
}

const struct verb check_verb = {
	.name = "check",
	.arguments = "FILE...",
	.summary = "check instance files and device descriptions",
	.help = "Runs cuiod --check: every mistake is one line \"file:line: what is wrong\". "
		"Nothing is\n"
		"started and no hardware is touched.\n",
	.min = 1,
	.max = VERB_MANY,
	.run = check_run,
};
