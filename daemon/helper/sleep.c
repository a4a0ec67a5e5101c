/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holds the programs that have a node open, while the machine sleeps.
 *
 * The kernel freezes all programs before it sleeps. It cannot freeze a thread that waits for a
 * node's answer while the daemon is frozen already, and gives up after 20 seconds. So all threads
 * of these programs are stopped before, while the daemon still runs: a call that waits is
 * interrupted, the daemon answers it, and the thread stops on its way out of the kernel.
 *
 * They are stopped as a debugger stops them (ptrace(2), PTRACE_SEIZE). Nobody else notices that,
 * the interrupted call can be made to start again, and they go on by themselves when this process
 * ends, however it ends.
 */
#include "base/cleanup.h"
#include "base/log.h"
#include "base/mounts.h"
#include "base/supervisor.h"
#include "helper/helper.h"
#include "helper/restart_call.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A daemon that was killed answers within that time, too. */
#define PATIENCE 10 /* s, until the programs must have stopped */

struct held {
	pid_t thread;
	bool stopped; /* or ended, or not to be stopped */
};

struct file_system {
	dev_t device; /* of a character device: its own number */
	bool is_node;
};

struct holder {
	struct held *threads;
	size_t n_threads, n_running;
	struct file_system *known;
	size_t n_known;
	unsigned n_programs;
};

/* --- who holds a node ------------------------------------------------------------------------- */

static bool is_cuse(dev_t number)
{
	char path[64], target[256];
	const char *class;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/subsystem", major(number), minor(number));
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	class = strrchr(target, '/');
	return class && strcmp(class, "/cuse") == 0;
}

/* The answers are remembered: most open files of a machine are on a few file systems. */
static bool is_known_node(struct holder *holder, dev_t device, bool (*ask)(dev_t device))
{
	struct file_system *known;
	bool is_node;

	for (size_t i = 0; i < holder->n_known; i++)
		if (holder->known[i].device == device)
			return holder->known[i].is_node;
	is_node = ask(device);
	known = reallocarray(holder->known, holder->n_known + 1, sizeof(*known));
	if (!known)
		return is_node;
	known[holder->n_known++] = (struct file_system){ device, is_node };
	holder->known = known;
	return is_node;
}

/* Asks the kernel for nothing that a daemon would have to answer. */
static bool is_node(struct holder *holder, int folder, const char *name)
{
	struct statx status;

	if (statx(folder, name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, 0, &status) < 0)
		return false;
	if (S_ISCHR(status.stx_mode))
		return is_known_node(holder, makedev(status.stx_rdev_major, status.stx_rdev_minor),
				     is_cuse);
	/* A mount's device number has the major number 0, that of a character device has not. */
	return status.stx_dev_major == 0 &&
	       is_known_node(holder, makedev(status.stx_dev_major, status.stx_dev_minor),
			     mounts_have);
}

static DIR *open_folder(const char *format, pid_t process)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", process, format);
	return opendir(path);
}

static bool holds_node(struct holder *holder, pid_t process)
{
	DIR *folder = open_folder("fd", process);
	const struct dirent *entry;
	bool holds = false;

	if (!folder)
		return false;
	while (!holds && (entry = readdir(folder)))
		holds = isdigit((unsigned char)*entry->d_name) &&
			is_node(holder, dirfd(folder), entry->d_name);
	closedir(folder);
	return holds;
}

/* --- stopping --------------------------------------------------------------------------------- */

static struct held *find(const struct holder *holder, pid_t thread)
{
	for (size_t i = 0; i < holder->n_threads; i++)
		if (holder->threads[i].thread == thread)
			return &holder->threads[i];
	return NULL;
}

static void note_stopped(struct holder *holder, struct held *held)
{
	if (held->stopped)
		return;
	held->stopped = true;
	holder->n_running--;
}

static void tell_unheld(pid_t thread, int error)
{
	log_warning(
		"the thread %d holds a node and cannot be held (%s; does a debugger trace it?): "
		"if it waits for the card, the machine does not sleep",
		thread, strerror(error));
}

/* Returns whether the thread is a new one that stops. */
static bool stop_thread(struct holder *holder, pid_t thread)
{
	struct held *threads;
	int error = 0;

	if (find(holder, thread))
		return false;
	threads = reallocarray(holder->threads, holder->n_threads + 1, sizeof(*threads));
	if (!threads)
		return false;
	holder->threads = threads;
	if (ptrace(PTRACE_SEIZE, thread, NULL, NULL) < 0 ||
	    ptrace(PTRACE_INTERRUPT, thread, NULL, NULL) < 0)
		error = errno;
	if (error == ESRCH)
		return false;
	if (error)
		tell_unheld(thread, error);
	threads[holder->n_threads++] = (struct held){ .thread = thread, .stopped = error != 0 };
	holder->n_running += !error;
	return !error;
}

static unsigned stop_program(struct holder *holder, pid_t process)
{
	DIR *folder = open_folder("task", process);
	const struct dirent *entry;
	unsigned n = 0;

	if (!folder)
		return 0;
	while ((entry = readdir(folder)))
		if (isdigit((unsigned char)*entry->d_name))
			n += stop_thread(holder, (pid_t)strtol(entry->d_name, NULL, 10));
	closedir(folder);
	return n;
}

/* Returns the number of threads that were not known before. */
static unsigned stop_programs(struct holder *holder)
{
	DIR *folder = opendir("/proc");
	const struct dirent *entry;
	unsigned n = 0;

	holder->n_programs = 0;
	if (!folder)
		return 0;
	while ((entry = readdir(folder))) {
		pid_t process = (pid_t)strtol(entry->d_name, NULL, 10);

		/* Process 1 is needed for the rest of the way. */
		if (process <= 1 || process == getpid() || !holds_node(holder, process))
			continue;
		holder->n_programs++;
		n += stop_program(holder, process);
	}
	closedir(folder);
	return n;
}

/* A thread has stopped, or ended. A signal that came first is delivered; the stop follows. */
static void take_event(struct holder *holder, pid_t thread, int status)
{
	struct held *held = find(holder, thread);

	if (!held)
		return;
	if (!WIFSTOPPED(status)) {
		note_stopped(holder, held);
	} else if (status >> 16 == PTRACE_EVENT_STOP) {
		if (WSTOPSIG(status) == SIGTRAP && !held->stopped)
			restart_call(thread);
		note_stopped(holder, held);
	} else {
		ptrace(PTRACE_CONT, thread, NULL, (void *)(long)WSTOPSIG(status));
	}
}

static void take_events(struct holder *holder)
{
	int status;
	pid_t thread;

	while ((thread = waitpid(-1, &status, __WALL | WNOHANG)) > 0)
		take_event(holder, thread, status);
}

static time_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Returns whether SIGTERM came. */
static bool wait_until_stopped(struct holder *holder, const sigset_t *signals, time_t until)
{
	const struct timespec look = { .tv_nsec = 100000000 };

	for (;;) {
		take_events(holder);
		if (holder->n_running == 0 || seconds_now() >= until)
			return false;
		/* One SIGCHLD may stand for several. */
		if (sigtimedwait(signals, NULL, &look) == SIGTERM)
			return true;
	}
}

/* Threads may start others until they stop. */
static bool stop_all(struct holder *holder, const sigset_t *signals)
{
	time_t until = seconds_now() + PATIENCE;

	while (stop_programs(holder) > 0) {
		if (wait_until_stopped(holder, signals, until))
			return false;
		if (holder->n_running > 0) {
			log_warning("%zu threads that hold a node do not stop within %d s: the "
				    "machine may not sleep",
				    holder->n_running, PATIENCE);
			break;
		}
	}
	return true;
}

/* The threads go on when this process ends. */
int verb_sleep(char **arguments)
{
	struct holder holder = { 0 };
	sigset_t signals;

	(void)arguments;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (stop_all(&holder, &signals)) {
		char status[96];

		snprintf(status, sizeof(status), "Holding %u programs, %zu threads",
			 holder.n_programs, holder.n_threads);
		if (holder.n_programs)
			log_info("%s", status);
		supervisor_ready(status);
		while (sigwaitinfo(&signals, NULL) == SIGCHLD)
			take_events(&holder);
	}
	free(holder.threads);
	free(holder.known);
	return 0;
}
