// SPDX-License-Identifier: GPL-2.0-or-later
// Names of calling programs from /proc. A program chooses its name, which may contain any bytes.
#include "front/caller.h"
#include "base/cleanup.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool prints(char c)
{
	return c >= ' ' && c <= '~';
}

void caller_name(uint32_t thread, char name[static CALLER_NAME_SIZE])
{
	char path[64];
	auto_fclose FILE *file = NULL;
	size_t length = 0;

	snprintf(path, sizeof(path), "/proc/%u/comm", thread);
	file = fopen(path, "re");
	if (file)
		length = fread(name, 1, CALLER_NAME_SIZE, file);
	if (length < 2) { /* at least one character and a newline */
		strcpy(name, "?");
		return;
	}
	name[length - 1] = '\0';
	for (char *c = name; *c; c++)
		if (!prints(*c))
			*c = '?';
}
