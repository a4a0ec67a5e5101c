/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tests' daemon (make KILL_POINTS=1) kills itself at its probes. The file `kill` in the runtime
 * directory says where: a line "POINT SUBJECT TIMES", for instance "committed write 1", and further
 * ones, each for when the one before has been done. SUBJECT is the operation of the request being
 * served, or one of "start", "cause", "interrupt", "timer", "poll", "cancel", as the saved memory
 * has it; "any" stands for each. The file is gone when the last has crashed.
 */
#include "base/probe.h"
#include "base/saved.h"
#include "device/record.h"
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct orders {
	char point[32], subject[32];
	unsigned times;
	char later[512]; /* the lines after the first */
};

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

/* --- what is being served -------------------------------------------------------------------- */

/* The saved memory, wherever this process has it. */
static const struct saved_header *find_saved(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start = 0;
	char line[512];

	while (maps && !start && fgets(line, sizeof(line), maps))
		if (strstr(line, "/memfd:cuio-saved"))
			start = strtoul(line, NULL, 16);
	if (maps)
		fclose(maps);
	return (const struct saved_header *)start;
}

static const void *area(const struct saved_header *saved, const char *name)
{
	for (size_t i = 0; saved && i < saved->n_areas; i++)
		if (strcmp(saved->areas[i].name, name) == 0)
			return (const char *)saved + saved->areas[i].offset;
	return NULL;
}

static const char *transaction_subject(const struct saved_header *saved, const char *point)
{
	static const char *const names[] = {
		[SUBJECT_START] = "start", [SUBJECT_INTERRUPT] = "interrupt",
		[SUBJECT_TIMER] = "timer", [SUBJECT_CANCEL] = "cancel",
		[SUBJECT_POLL] = "poll",
	};
	const struct transaction *transaction = area(saved, "transaction");
	const struct request_record *request = area(saved, "request-copy");

	if (!transaction || !request)
		return "none";
	if (transaction->subject == SUBJECT_REQUEST)
		return request_operation_name(request->operation);
	/* The driver is asked for the cause before anything else. */
	if (transaction->subject == SUBJECT_INTERRUPT && !transaction->cause &&
	    strncmp(point, "register-", 9) == 0)
		return "cause";
	return names[transaction->subject];
}

static const char *subject(const char *point)
{
	static const char *const interrupt_points[] = { "taken", "handled", "waiters-answered" };
	const struct saved_header *saved = find_saved();
	const struct request_record *received = area(saved, "requests");

	for (size_t i = 0; i < sizeof(interrupt_points) / sizeof(interrupt_points[0]); i++)
		if (strcmp(point, interrupt_points[i]) == 0)
			return "interrupt";
	/* Not called yet: of the first node. */
	if (received && strcmp(point, "decoded") == 0)
		return request_operation_name(received->operation);
	return transaction_subject(saved, point);
}

void probe(const char *name)
{
	struct orders orders;
	char path[PATH_MAX];

	file_path(path, "kill");
	if (!read_orders(path, &orders) || strcmp(orders.point, name) != 0)
		return;
	if (strcmp(orders.subject, "any") != 0 && strcmp(orders.subject, subject(name)) != 0)
		return;
	leave(path, &orders);
	raise(SIGKILL);
}
