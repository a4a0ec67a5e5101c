// SPDX-License-Identifier: MIT
/*
 * A program for an edu node that knows its header and its name and nothing of cuio:
 * edu-legacy [NODE] exercises every operation and prints a line a fact, to be compared between a
 * kernel module and cuio. Exit status 1 when a part could not be finished.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "legacy.h"

/* For one part, on an emulated machine that has other things to do. */
#define PART_SECONDS 180

const char *legacy_node = "/dev/edu";

static const struct part {
	const char *name;
	void (*run)(void);
} parts[] = {
	{ "open", part_open },
	{ "ioctl", part_ioctl },
	{ "sizes", part_sizes },
	{ "pointers", part_pointers },
	{ "other calls", part_other_calls },
	{ "nonblock", part_nonblock },
	{ "poll", part_poll },
	{ "epoll", part_epoll },
	{ "signals", part_signals },
	{ "stop", part_stop },
	{ "sharing", part_sharing },
	{ "interrupts", part_interrupts },
	{ "slow", part_slow },
	{ "crowd", part_crowd },
	{ "reopen", part_reopen },
};

/* In a process group of its own, so that a part that hangs goes with all that it started. */
static bool part_run(const struct part *part)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		fact(result(-1), "%s: fork", part->name);
		return false;
	}
	if (!pid) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(PART_SECONDS);
		node_settle();
		part->run();
		exit(0);
	}
	while (waitpid(pid, &status, 0) != pid)
		;
	kill(-pid, SIGKILL);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	fact(WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "failed", "%s: not finished",
	     part->name);
	return false;
}

static bool part_wanted(const struct part *part, int n, char **names)
{
	int i;

	for (i = 0; i < n; i++) {
		if (!strcmp(part->name, names[i]))
			return true;
	}
	return !n;
}

int main(int argc, char **argv)
{
	bool good = true;
	size_t i;

	if (argc > 1 && argv[1][0] == '-') {
		fprintf(stderr, "usage: edu-legacy [NODE [PART]...]\n");
		return 2;
	}
	if (argc > 1)
		legacy_node = argv[1];
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (part_wanted(&parts[i], argc > 2 ? argc - 2 : 0, argv + 2))
			good = part_run(&parts[i]) && good;
	}
	return good ? 0 : 1;
}
