// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl: shows the nodes of cuiod and accesses their registers. A table of verbs. */
#include "base/cleanup.h"
#include "message.h"
#include "node.h"
#include "options.h"
#include "suggest.h"
#include "verb.h"
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef CUIO_VERSION
#define CUIO_VERSION "unknown"
#endif

static const struct verb *const verbs[] = {
	&list_verb, &info_verb, &get_verb,   &set_verb,	  &batch_verb,
	&dump_verb, &wait_verb, &ioctl_verb, &check_verb, &new_verb,
};

#define N_VERBS (sizeof(verbs) / sizeof(*verbs))

static void print_help(void)
{
	puts("Usage: cuioctl [--json] VERB [ARGUMENT...]\n"
	     "\n"
	     "Looks at the nodes that cuiod serves and works on their registers.\n");
	for (size_t i = 0; i < N_VERBS; i++) {
		printf("  %s%s%s\n", verbs[i]->name, *verbs[i]->arguments ? " " : "",
		       verbs[i]->arguments);
		printf("      %s\n", verbs[i]->summary);
	}
	puts("\n"
	     "NODE is a path or a name below /dev. Numbers are decimal, 0x hex, 0 octal or 0b\n"
	     "binary. cuioctl VERB --help says more; cuioctl(1) says all.\n"
	     "\n"
	     "  --json     print JSON\n"
	     "  --help     print this\n"
	     "  --version  print the version\n"
	     "\n"
	     "Exit status: 0 done, 1 failed, 2 wrong usage.");
}

static void print_verb_help(const struct verb *verb)
{
	printf("Usage: cuioctl %s%s%s\n\n", verb->name, *verb->arguments ? " " : "",
	       verb->arguments);
	printf("%c%s.\n", verb->summary[0] - 'a' + 'A', verb->summary + 1);
	fputs(verb->help, stdout);
}

static int find_verb(const char *name, const struct verb **ret)
{
	char names[N_VERBS][CUIO_NAME_SIZE], text[SUGGEST_SIZE];

	for (size_t i = 0; i < N_VERBS; i++) {
		if (!strcmp(verbs[i]->name, name)) {
			*ret = verbs[i];
			return 0;
		}
		snprintf(names[i], sizeof(names[i]), "%s", verbs[i]->name);
	}
	return message_usage("there is no verb '%s'; verbs: %s", name,
			     suggest(text, name, names[0], CUIO_NAME_SIZE, N_VERBS));
}

static int wrong_count(const struct verb *verb)
{
	return message_usage("usage: cuioctl %s%s%s", verb->name, *verb->arguments ? " " : "",
			     verb->arguments);
}

static int run_on_node(const struct verb *verb, struct verb_call *call, char **words, size_t n)
{
	struct node node;
	int r;

	r = node_open(words[0], &node);
	if (r != 0)
		return r;
	call->node = &node;
	call->arguments = words + 1;
	call->n_arguments = n - 1;
	r = verb->run(call);
	node_close(&node);
	return r;
}

static int run_verb(const struct verb *verb, const struct options *global, char **words, size_t n)
{
	struct options own = *global;
	struct verb_call call = { 0 };
	size_t rest = 0, nodes = verb->on_node ? 1 : 0;
	int r;

	r = options_take(verb->name, words, n, verb->options | OPTIONS_HELP, false, &own, &rest);
	if (r != 0)
		return r;
	if (own.given & OPTIONS_HELP) {
		print_verb_help(verb);
		return 0;
	}
	if ((own.given & VERB_JSON) && !(verb->options & VERB_JSON))
		return message_usage("%s lists nothing: there is no --json", verb->name);
	if (rest < nodes + verb->min || (verb->max != VERB_MANY && rest > nodes + verb->max))
		return wrong_count(verb);
	call.options = own.given;
	call.json = own.given & VERB_JSON;
	call.timeout = own.timeout;
	call.arguments = words;
	call.n_arguments = rest;
	if (!verb->on_node)
		return verb->run(&call);
	return run_on_node(verb, &call, words, rest);
}

static int run(char **words, size_t n)
{
	const struct verb *verb = NULL;
	struct options options = { 0 };
	size_t rest = 0;
	int r;

	r = options_take("cuioctl", words, n, VERB_JSON | OPTIONS_HELP | OPTIONS_VERSION, true,
			 &options, &rest);
	if (r != 0)
		return r;
	if (options.given & OPTIONS_VERSION) {
		puts("cuioctl " CUIO_VERSION);
		return 0;
	}
	if (options.given & OPTIONS_HELP) {
		print_help();
		return 0;
	}
	if (rest == 0)
		return message_usage("no command given; see cuioctl --help");
	r = find_verb(words[0], &verb);
	return r != 0 ? r : run_verb(verb, &options, words + 1, rest - 1);
}

/* If a standard stream is closed, a node could get its number and be written to. */
static void occupy_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	int r;

	occupy_streams();
	setlocale(LC_ALL, "");
	/* Numbers are read and written as in C, in every language. */
	setlocale(LC_NUMERIC, "C");
	r = run(argv + 1, argc > 0 ? (size_t)argc - 1 : 0);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		if (errno != EPIPE)
			message_failed("cannot write the output: %s", strerror(errno));
		return r ? r : MESSAGE_FAILED;
	}
	return r;
}
