// SPDX-License-Identifier: GPL-2.0-or-later
// CPU lists, and the CPU of a thread from /proc/TID/stat (proc(5)).
#include "base/cpus.h"
#include "base/cleanup.h"
#include "base/digits.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#define STAT_PROCESSOR 39 /* index of the field */

static int take_range(const char **text, cpu_set_t *set)
{
	uint64_t first, last;

	if (digits_take_decimal(text, CPU_SETSIZE - 1, &first) < 0)
		return -EINVAL;
	last = first;
	if (**text == '-') {
		++*text;
		if (digits_take_decimal(text, CPU_SETSIZE - 1, &last) < 0)
			return -EINVAL;
	}
	if (last < first)
		return -EINVAL;
	for (uint64_t cpu = first; cpu <= last; cpu++)
		CPU_SET((size_t)cpu, set);
	return 0;
}

int cpus_parse(const char *text, cpu_set_t *ret)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (;;) {
		if (take_range(&text, &set) < 0)
			return -EINVAL;
		if (*text == '\0')
			break;
		if (*text++ != ',')
			return -EINVAL;
	}
	*ret = set;
	return 0;
}

int cpus_of_thread(uint32_t thread)
{
	char path[32], text[1024];
	auto_close int fd = -1;
	const char *at;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%u/stat", thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return n < 0 ? -errno : -ENOENT;
	text[n] = '\0';
	at = strrchr(text, ')'); /* end of the name (field 2), which may hold any character */
	for (int field = 2; at && field < STAT_PROCESSOR; field++)
		at = strchr(at + 1, ' ');
	return at ? atoi(at + 1) : -EBADMSG;
}
