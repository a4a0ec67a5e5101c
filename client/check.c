// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl check: has cuiod check files, without installing or starting anything. */
#include "base/cleanup.h"
#include "message.h"
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

/* Beside this program: in a build tree, or with both installed in one folder. */
static int beside_own(char path[PATH_MAX])
{
	char own[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
	char *slash;

	if (n < 0)
		return -errno;
	own[n] = 0;
	slash = strrchr(own, '/');
	if (!slash)
		return -ENOENT;
	*slash = 0;
	return snprintf(path, PATH_MAX, "%s/cuiod", own) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

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
	if (errno == ENOENT && beside_own(path) == 0)
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
