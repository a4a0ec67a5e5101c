// SPDX-License-Identifier: GPL-2.0-or-later
// Root of the machine, as /proc tells it. Both files can be read without privileges; the link
// ns/user cannot.
#include "base/raw_access.h"
#include "base/cleanup.h"
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool raw_access_capable(const char *status)
{
	static const char key[] = "\nCapEff:\t";
	const char *line = strstr(status, key);
	char *end;
	unsigned long long capabilities;

	if (!line)
		return false;
	capabilities = strtoull(line + strlen(key), &end, 16);
	return *end == '\n' && (capabilities >> CAP_SYS_RAWIO & 1);
}

/* The initial namespace maps all numbers to themselves, in one line. systemd maps them in two lines
 * where it makes another one that maps all. */
bool raw_access_initial(const char *uid_map)
{
	unsigned inside, outside, count;
	int length = 0;

	return sscanf(uid_map, "%u %u %u %n", &inside, &outside, &count, &length) == 3 &&
	       inside == 0 && outside == 0 && count == UINT32_MAX && !uid_map[length];
}

/* NULL: it cannot be read. */
static char *read_file(uint32_t thread, const char *name)
{
	auto_fclose FILE *file = NULL;
	char path[64], *text = NULL;
	size_t size = 0;

	snprintf(path, sizeof(path), "/proc/%u/%s", thread, name);
	file = fopen(path, "re");
	if (!file)
		return NULL;
	if (getdelim(&text, &size, '\0', file) >= 0)
		return text;
	free(text);
	return NULL;
}

static bool is_root_of_machine(uint32_t thread)
{
	auto_free char *status = read_file(thread, "status");
	auto_free char *uid_map = read_file(thread, "uid_map");

	return status && uid_map && raw_access_capable(status) && raw_access_initial(uid_map);
}

bool raw_access_allowed(uint32_t thread)
{
	if (!thread) /* of a PID namespace that is not seen from here */
		return false;
	if (is_root_of_machine(thread))
		return true;
	/* A daemon that root of a container runs by hand has no more rights than its callers. */
	return geteuid() == 0 && !is_root_of_machine((uint32_t)getpid());
}
