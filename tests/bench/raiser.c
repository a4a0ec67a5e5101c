// SPDX-License-Identifier: GPL-2.0-or-later
#include "raiser.h"
#include "mark.h"
#include <dirent.h>
#include <err.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t *raised_at; /* shared */
static int armed[2];
static pid_t raiser;

uint64_t clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool task_sleeps(const char *path)
{
	char line[256];
	FILE *file = fopen(path, "r");
	const char *state = NULL;

	if (file && fgets(line, sizeof(line), file))
		state = strrchr(line, ')');
	if (file)
		fclose(file);
	return state && state[1] == ' ' && state[2] == 'S';
}

static bool process_sleeps(pid_t pid)
{
	char path[512];
	struct dirent *entry;
	bool sleeps = true;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	if (!tasks)
		err(1, "%s", path);
	while (sleeps && (entry = readdir(tasks))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", pid, entry->d_name);
		sleeps = task_sleeps(path);
	}
	closedir(tasks);
	return sleeps;
}

/*
 * It stands for hardware, which takes no part in the scheduler's fairness: what a process of the
 * common kind has used up decides who of caller and daemon runs first. And it is out of the way
 * before the kernel's thread for the interrupt runs, which has priority 50.
 */
static void run(void (*raise)(void), pid_t caller, pid_t daemon)
{
	const struct sched_param above = { .sched_priority = 60 };
	const struct timespec moment = { .tv_nsec = 50000 };
	char byte;

	if (sched_setscheduler(0, SCHED_FIFO, &above) < 0)
		err(1, "SCHED_FIFO");
	while (read(armed[0], &byte, 1) == 1) {
		do
			nanosleep(&moment, NULL);
		while (!process_sleeps(caller) || (daemon && !process_sleeps(daemon)));
		mark(MARK_BEGIN);
		*raised_at = clock_now();
		raise();
	}
}

void raiser_start(void (*raise)(void), pid_t daemon)
{
	pid_t caller = getpid();

	raised_at = mmap(NULL, sizeof(*raised_at), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (raised_at == MAP_FAILED || pipe(armed) < 0)
		err(1, "raiser");
	raiser = fork();
	if (raiser < 0)
		err(1, "fork");
	if (raiser == 0) {
		close(armed[1]);
		run(raise, caller, daemon);
		_exit(0);
	}
	close(armed[0]);
}

void raiser_arm(void)
{
	if (write(armed[1], "", 1) != 1)
		err(1, "arm");
}

uint64_t raiser_raised_at(void)
{
	return *raised_at;
}

void raiser_stop(void)
{
	close(armed[1]);
	waitpid(raiser, NULL, 0);
}
