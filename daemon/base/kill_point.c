/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tests' daemon kills itself where the tests say. */
#include "base/kill_point.h"

#ifdef CUIO_KILL_POINTS
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct orders {
	char point[32], subject[32];
	unsigned times;
	char later[512]; /* the lines after the first */
};

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

static bool read_orders(const char *path, struct orders *ret)
{
	FILE *file = fopen(path, "re");
	size_t length;
	int n;

	if (!file)
		return false;
	n = fscanf(file, "%31s %31s %u ", ret->point, ret->subject, &ret->times);
	length = fread(ret->later, 1, sizeof(ret->later) - 1, file);
	ret->later[length] = '\0';
	fclose(file);
	return n == 3 && ret->times > 0;
}

/* Whoever comes after is told what is still to be done, by a file that is there as a whole. */
static void leave(const char *path, const struct orders *orders)
{
	char next[PATH_MAX];
	FILE *file;

	if (orders->times == 1 && !*orders->later) {
		unlink(path);
		return;
	}
	file_path(next, "kill.next");
	file = fopen(next, "we");
	if (!file)
		abort();
	if (orders->times > 1)
		fprintf(file, "%s %s %u\n", orders->point, orders->subject, orders->times - 1);
	fputs(orders->later, file);
	fclose(file);
	if (rename(next, path) < 0)
		abort();
}

void kill_point(const char *point)
{
	struct orders orders;
	char path[PATH_MAX];

	file_path(path, "kill");
	if (!read_orders(path, &orders) || strcmp(orders.point, point) != 0)
		return;
	if (strcmp(orders.subject, "any") != 0 && strcmp(orders.subject, subject_served) != 0)
		return;
	leave(path, &orders);
	raise(SIGKILL);
}
#endif
