// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl new: writes a folder with files for a start, from a template. */
#include "base/cleanup.h"
#include "message.h"
#include "own.h"
#include "suggest.h"
#include "verb.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef CUIO_DATADIR
#define CUIO_DATADIR "/usr/local/share"
#endif

#define NAME_MAX_LENGTH 32U

/* `word` is the name of a template's folder. In file names it is replaced by the new name, and
 * ".in" is removed. `next` is printed at the end, with the same replacements as files. */
static const struct kind {
	char word[16];
	const char *next;
} kinds[] = {
	{ "driver",
	  "@name@/ has a driver, its description, an instance on the simulator, and a "
	  "test. Next:\n"
	  "\n"
	  "  cd @name@\n"
	  "  make test\n"
	  "  make && sudo make install && sudo systemctl start cuiod@@name@\n"
	  "  sudo cuioctl ioctl @name@ @NAME@_START 5\n"
	  "  sudo od -An -tu4 -N4 /dev/@name@\n"
	  "\n"
	  "The last one waits for the card's interrupt and shows 120. cuio-driver(3) is the "
	  "manual.\n" },
};

#define N_KINDS (sizeof(kinds) / sizeof(*kinds))

struct making {
	const struct kind *kind;
	const char *name;
	char ident[NAME_MAX_LENGTH + 1], capitals[NAME_MAX_LENGTH + 1];
	char template[PATH_MAX]; /* path of the folder */
};

static int find_kind(const char *word, const struct kind **ret)
{
	char text[SUGGEST_SIZE];

	for (size_t i = 0; i < N_KINDS; i++) {
		if (!strcmp(kinds[i].word, word)) {
			*ret = &kinds[i];
			return 0;
		}
	}
	return message_usage("new makes no '%s'; it makes: %s", word,
			     suggest(text, word, kinds[0].word, sizeof(kinds[0]), N_KINDS));
}

static int set_name(struct making *making, const char *name)
{
	size_t length = strlen(name);

	if (!islower((unsigned char)*name) || length > NAME_MAX_LENGTH ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != length)
		return message_usage("'%s' cannot be a name: a small letter, then at most %u small "
				     "letters, digits, '_' and '-'",
				     name, NAME_MAX_LENGTH - 1);
	making->name = name;
	for (size_t i = 0; i < length; i++) {
		making->ident[i] = (char)(name[i] == '-' ? '_' : name[i]);
		making->capitals[i] = (char)toupper((unsigned char)making->ident[i]);
	}
	return 0;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Searches relative to this program (as installed), in the configured data folder, and in the
 * source tree. */
static int find_template(struct making *making)
{
	const char *word = making->kind->word;
	char *path = making->template, name[64];

	snprintf(name, sizeof(name), "../share/cuio/template/%s", word);
	if (own_path(name, path) == 0 && is_folder(path))
		return 0;
	snprintf(path, PATH_MAX, CUIO_DATADIR "/cuio/template/%s", word);
	if (is_folder(path))
		return 0;
	snprintf(name, sizeof(name), "../client/template/%s", word);
	if (own_path(name, path) == 0 && is_folder(path))
		return 0;
	return message_failed("no folder " CUIO_DATADIR "/cuio/template/%s: is the package "
			      "cuio-dev installed?",
			      word);
}

/* --- files ------------------------------------------------------------------------------------ */

static void put_filled(const struct making *making, const char *text, FILE *file)
{
	const struct {
		const char *mark, *value;
	} marks[] = { { "@name@", making->name },
		      { "@ident@", making->ident },
		      { "@NAME@", making->capitals } };

	while (*text) {
		size_t i = 0;

		while (i < 3 && strncmp(text, marks[i].mark, strlen(marks[i].mark)) != 0)
			i++;
		fputs(i < 3 ? marks[i].value : (char[]){ *text, 0 }, file);
		text += i < 3 ? strlen(marks[i].mark) : 1;
	}
}

/* "test_driver.c.in" becomes NAME/test_NAME.c. */
static void made_path(const struct making *making, const char *file, char ret[PATH_MAX])
{
	const char *word = strstr(file, making->kind->word);
	int before = word ? (int)(word - file) : 0;
	const char *rest = word ? word + strlen(making->kind->word) : file;

	snprintf(ret, PATH_MAX, "%s/%.*s%s%.*s", making->name, before, file,
		 word ? making->name : "", (int)(strlen(rest) - strlen(".in")), rest);
}

static int make_file(const struct making *making, const char *file)
{
	char from[PATH_MAX + NAME_MAX + 2], to[PATH_MAX];
	auto_fclose FILE *in = NULL;
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *out;

	snprintf(from, sizeof(from), "%s/%s", making->template, file);
	made_path(making, file, to);
	in = fopen(from, "re");
	if (!in || getdelim(&text, &size, '\0', in) < 0)
		return message_failed("%s: %s", from, strerror(errno));
	out = fopen(to, "wxe");
	if (!out)
		return message_failed("%s: %s", to, strerror(errno));
	put_filled(making, text, out);
	if (ferror(out) | (fclose(out) != 0))
		return message_failed("%s: %s", to, strerror(errno));
	return 0;
}

/* --- the folder ------------------------------------------------------------------------------- */

static int is_template(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 3 && !strcmp(entry->d_name + length - 3, ".in");
}

/* Removes an incomplete folder, which would prevent another attempt. */
static void unmake(const struct making *making, struct dirent **files, int n)
{
	char path[PATH_MAX];

	for (int i = 0; i < n; i++) {
		made_path(making, files[i]->d_name, path);
		unlink(path);
	}
	rmdir(making->name);
}

static int make_folder(const struct making *making)
{
	struct dirent **files = NULL;
	int n = scandir(making->template, &files, is_template, alphasort), r = 0;

	if (n <= 0)
		return message_failed("%s: %s", making->template,
				      n < 0 ? strerror(errno) : "no templates are there");
	if (mkdir(making->name, 0777) < 0)
		r = message_failed(errno == EEXIST ? "%s is there already: nothing was written"
						   : "%s: cannot make this folder: %m",
				   making->name);
	for (int i = 0; r == 0 && i < n; i++) {
		r = make_file(making, files[i]->d_name);
		if (r != 0)
			unmake(making, files, i + 1);
	}
	for (int i = 0; i < n; i++)
		free(files[i]);
	free(files);
	return r;
}

static int new_run(struct verb_call *call)
{
	struct making making = { 0 };
	int r = find_kind(call->arguments[0], &making.kind);

	if (r == 0)
		r = set_name(&making, call->arguments[1]);
	if (r == 0)
		r = find_template(&making);
	if (r == 0)
		r = make_folder(&making);
	if (r == 0)
		put_filled(&making, making.kind->next, stdout);
	return r;
}

const struct verb new_verb = {
	.name = "new",
	.arguments = "driver NAME",
	.summary = "write a driver to begin with, which builds, is tested and runs",
	.help = "Makes the folder NAME with a plug-in for cuiod in C, its description, an instance "
		"on the\n"
		"simulator, a Makefile and a test, and prints what to type next. cuio-driver(3) is "
		"the manual.\n",
	.min = 2,
	.max = 2,
	.run = new_run,
};
