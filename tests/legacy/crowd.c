// SPDX-License-Identifier: MIT
/* Facts about many calls: in a row, from four processes at once, and with interrupts in between. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cuio/edu.h>

#include "legacy.h"

#define CROWD_PROCESSES 4
#define CROWD_TURNS	250

/* A job does CROWD_TURNS calls and returns how many had the right result. */
typedef unsigned int crowd_job(unsigned int seed);

static unsigned int crowd_ioctl(unsigned int seed)
{
	int fd = node_open(O_RDWR);
	unsigned int i, good = 0;
	uint32_t n, value;

	for (i = 0; i < CROWD_TURNS; i++) {
		n = (seed * 7 + i) % 31;
		value = n;
		if (!ioctl(fd, EDU_IOCTL_FACTORIAL, &value) && value == factorial(n))
			good++;
	}
	close(fd);
	return good;
}

/* Reads only after its own write, so that each result is its own. */
static unsigned int crowd_write_read(unsigned int seed)
{
	int fd = node_open(O_RDWR);
	unsigned int i, good = 0;
	uint32_t n, value;

	for (i = 0; i < CROWD_TURNS; i++) {
		n = (seed * 7 + i) % 31;
		if (node_write(fd, n) == 4 && node_read(fd, &value) == 4 && value == factorial(n))
			good++;
	}
	close(fd);
	return good;
}

static unsigned int crowd_raise(unsigned int seed)
{
	int fd = node_open(O_RDWR);
	unsigned int i, good = 0;

	for (i = 0; i < CROWD_TURNS; i++)
		good += !ioctl(fd, EDU_IOCTL_RAISE_IRQ, 2UL << seed);
	close(fd);
	return good;
}

/* Run four jobs in four processes at once; the number of good results of all. */
static unsigned int crowd_run(crowd_job *const jobs[CROWD_PROCESSES])
{
	unsigned int total = 0, good;
	int pipes[2];
	unsigned int i;

	if (pipe(pipes) < 0)
		abort();
	for (i = 0; i < CROWD_PROCESSES; i++) {
		if (fork())
			continue;
		close(pipes[0]);
		good = jobs[i](i);
		_exit(write(pipes[1], &good, sizeof(good)) == sizeof(good) ? 0 : 1);
	}
	close(pipes[1]);
	while (read(pipes[0], &good, sizeof(good)) == sizeof(good))
		total += good;
	close(pipes[0]);
	while (wait(NULL) > 0)
		;
	return total;
}

static const struct crowd {
	const char *name;
	crowd_job *jobs[CROWD_PROCESSES];
} crowds[] = {
	{ "four processes with the ioctl", { crowd_ioctl, crowd_ioctl, crowd_ioctl, crowd_ioctl } },
	{ "four processes with write and read",
	  { crowd_write_read, crowd_write_read, crowd_write_read, crowd_write_read } },
	{ "two and two", { crowd_ioctl, crowd_write_read, crowd_ioctl, crowd_write_read } },
	{ "with interrupts in between",
	  { crowd_ioctl, crowd_write_read, crowd_raise, crowd_raise } },
};

/* Two processes only write, two only read: every result comes once, whoever gets it. */
static uint32_t crowd_next(uint32_t *state)
{
	return *state = *state * 1103515245 + 12345;
}

static void crowd_apart(void)
{
	unsigned int want[31] = { 0 }, got[31] = { 0 };
	unsigned int i, n, missing = 0;
	uint32_t value = 0, state = 1;
	int fd = node_open(O_RDWR);
	int pipes[2];

	/* All requests are of 2 to 12, where each result tells its request. */
	for (i = 0; i < 2 * CROWD_TURNS; i++)
		want[2 + (crowd_next(&state) >> 16) % 11]++;
	if (pipe(pipes) < 0)
		abort();
	for (i = 0; i < CROWD_PROCESSES; i++) {
		if (fork())
			continue;
		state = 1;
		for (n = 0; n < 2 * CROWD_TURNS; n++) {
			value = 2 + (crowd_next(&state) >> 16) % 11;
			if (n % 2 != i % 2)
				continue;
			if (i < 2)
				node_write(fd, value);
			else if (node_read(fd, &value) == 4 &&
				 write(pipes[1], &value, sizeof(value)) != sizeof(value))
				_exit(1);
		}
		_exit(0);
	}
	close(pipes[1]);
	while (read(pipes[0], &value, sizeof(value)) == sizeof(value)) {
		for (n = 2; n < 12 && factorial(n) != value; n++)
			;
		got[n]++;
	}
	close(pipes[0]);
	while (wait(NULL) > 0)
		;
	for (n = 0; n < 31; n++)
		missing += want[n] > got[n] ? want[n] - got[n] : got[n] - want[n];
	fact(result_count(missing, 2 * CROWD_TURNS), "two write and two read: results amiss");
	close(fd);
}

void part_crowd(void)
{
	int fd = node_open(O_RDWR);
	unsigned int good = 0;
	uint32_t i, value;

	for (i = 0; i < 1000; i++) {
		if (node_write(fd, i % 31) == 4 && node_read(fd, &value) == 4 &&
		    value == factorial(i % 31))
			good++;
	}
	fact(result_count(good, 1000), "factorials by interrupt in a row");
	close(fd);

	for (i = 0; i < sizeof(crowds) / sizeof(crowds[0]); i++)
		fact(result_count(crowd_run(crowds[i].jobs), CROWD_PROCESSES * CROWD_TURNS), "%s",
		     crowds[i].name);
	crowd_apart();
}

void part_reopen(void)
{
	unsigned int i, good = 0;
	int fd;

	for (i = 0; i < 10000; i++) {
		fd = open(legacy_node, O_RDWR);
		good += fd >= 0 && !close(fd);
	}
	fact(result_count(good, 10000), "open and close");
}
