// SPDX-License-Identifier: MIT
/* How edu-legacy words its facts. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "legacy.h"

static char facts_text[128];

void fact(const char *text, const char *name, ...)
{
	va_list ap;

	va_start(ap, name);
	vprintf(name, ap);
	va_end(ap);
	printf(": %s\n", text);
	fflush(stdout);
}

const char *result(long long r)
{
	if (r == -1)
		snprintf(facts_text, sizeof(facts_text), "-1 %s", strerrorname_np(errno));
	else
		snprintf(facts_text, sizeof(facts_text), "%lld", r);
	return facts_text;
}

const char *result_value(long long r, const uint32_t *value)
{
	if (r == -1)
		return result(r);
	snprintf(facts_text, sizeof(facts_text), "%lld value %u", r, *value);
	return facts_text;
}

const char *result_count(unsigned int n, unsigned int total)
{
	snprintf(facts_text, sizeof(facts_text), "%u of %u", n, total);
	return facts_text;
}

const char *result_events(long long r, unsigned int events)
{
	static const struct {
		unsigned int bit;
		const char *name;
	} names[] = {
		{ EPOLLIN, " IN" },   { EPOLLOUT, " OUT" }, { EPOLLPRI, " PRI" },
		{ EPOLLERR, " ERR" }, { EPOLLHUP, " HUP" },
	};
	size_t i;

	result(r);
	for (i = 0; r > 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		if (events & names[i].bit)
			strcat(facts_text, names[i].name);
	}
	return facts_text;
}

const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

uint32_t factorial(uint32_t n)
{
	uint32_t product = 1;

	while (n)
		product *= n--;
	return product;
}
