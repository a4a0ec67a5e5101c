// SPDX-License-Identifier: GPL-2.0-or-later
/* Options of the command line. */
#include "options.h"
#include "message.h"
#include "number.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct option_name {
	const char *name;
	unsigned bit;
} option_names[] = {
	{ "json", VERB_JSON },		 { "all", VERB_ALL },
	{ "value", VERB_VALUE },	 { "timeout", VERB_TIMEOUT },
	{ "registers", VERB_REGISTERS }, { "ioctls", VERB_IOCTLS },
	{ "help", OPTIONS_HELP },	 { "version", OPTIONS_VERSION },
};

#define N_NAMES (sizeof(option_names) / sizeof(*option_names))

static int unknown(const char *who, const char *word, unsigned allowed)
{
	char known[256] = "";
	size_t length = 0;

	for (size_t i = 0; i < N_NAMES; i++)
		if (allowed & option_names[i].bit)
			length += (size_t)snprintf(known + length, sizeof(known) - length, "%s--%s",
						   length ? ", " : "", option_names[i].name);
	return message_usage("%s has no option '%s'; options: %s", who, word, known);
}

static const struct option_name *find(const char *word, size_t length, unsigned allowed)
{
	if (!strcmp(word, "-h"))
		return find("--help", 6, allowed);
	for (size_t i = 0; i < N_NAMES; i++)
		if ((allowed & option_names[i].bit) && length > 2 &&
		    strlen(option_names[i].name) == length - 2 &&
		    !strncmp(option_names[i].name, word + 2, length - 2))
			return &option_names[i];
	return NULL;
}

static int take_timeout(const char *value, struct options *options)
{
	int r;

	if (!value)
		return message_usage("--timeout needs a number of seconds");
	r = number_seconds(value, &options->timeout);
	if (r < 0)
		return message_usage("--timeout: '%s' is %s", value,
				     r == -ERANGE ? "out of range: more than 0 seconds, less than "
						    "30 years"
						  : "not a number of seconds, such as 5 or 0.25");
	return 0;
}

/* Takes the option at words[*i], and its value, which may be the next word. */
static int take_option(const char *who, char **words, size_t n, size_t *i, unsigned allowed,
		       struct options *options)
{
	const char *word = words[*i], *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : strlen(word);
	const struct option_name *option = find(word, length, allowed);
	const char *value = equals ? equals + 1 : NULL;

	if (!option)
		return unknown(who, word, allowed);
	options->given |= option->bit;
	if (option->bit != VERB_TIMEOUT)
		return equals ? message_usage("--%s takes no value", option->name) : 0;
	if (!equals && *i + 1 < n)
		value = words[++*i];
	return take_timeout(value, options);
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9');
}

int options_take(const char *who, char **words, size_t n, unsigned allowed, bool first_only,
		 struct options *options, size_t *ret_n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		bool ended = !strcmp(words[i], "--"), ends = ended;
		int r;

		if (!ended && is_option(words[i])) {
			r = take_option(who, words, n, &i, allowed, options);
			if (r != 0)
				return r;
			continue;
		}
		ends = ended || first_only;
		for (i += ended ? 1 : 0; i < n && ends; i++)
			words[kept++] = words[i];
		if (ends)
			break;
		words[kept++] = words[i];
	}
	*ret_n = kept;
	return 0;
}
