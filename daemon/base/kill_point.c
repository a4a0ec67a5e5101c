/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tests' daemon kills itself where the tests say. */
#include "base/kill_point.h"

#ifdef CUIO_KILL_POINTS
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *subject_served = "none";

void kill_subject(const char *subject)
{
	subject_served = subject;
}

static void file_path(char path[static PATH_MAX], const char *name)
{
	const char *folder = getenv("RUNTIME_DIRECTORY");

	snprintf(path, PATH_MAX, "%s/%s", folder ? folder : "/nonexistent", name);
}

/* Whoever comes after is told how many are still to die, by a file that is there as a whole. */
static void leave(const char *path, const char *point, const char *subject, unsigned times)
{
	char next[PATH_MAX];
	FILE *file;

	if (times == 0) {
		unlink(path);
		return;
	}
	file_path(next, "kill.next");
	file = fopen(next, "we");
	if (!file)
		abort();
	fprintf(file, "%s %s %u\n", point, subject, times);
	fclose(file);
	if (rename(next, path) < 0)
		abort();
}

void kill_point(const char *point)
{
	char path[PATH_MAX], at[32], subject[32];
	unsigned times = 0;
	FILE *file;
	int n;

	file_path(path, "kill");
	file = fopen(path, "re");
	if (!file)
		return;
	n = fscanf(file, "%31s %31s %u", at, subject, &times);
	fclose(file);
	if (n != 3 || times == 0 || strcmp(at, point) != 0)
		return;
	if (strcmp(subject, "any") != 0 && strcmp(subject, subject_served) != 0)
		return;
	leave(path, at, subject, times - 1);
	raise(SIGKILL);
}
#endif
