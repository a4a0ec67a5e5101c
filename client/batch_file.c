// SPDX-License-Identifier: GPL-2.0-or-later
/* Parses a file of steps for cuioctl batch, one per line. */
#include "batch_file.h"
#include "access.h"
#include "message.h"
#include "number.h"
#include "suggest.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 7U /* one more than any step has */

#define BLANKS	  " \t\r\v\f"
#define OPERATORS "=!<>"

/* A line as words. Words end at blanks; operators such as == are separate words. */
struct words {
	char text[2 * BATCH_LINE_SIZE]; /* the words, each with its NUL */
	const char *word[WORDS_MAX + 1];
	size_t n;
};

/* A parsed line. */
struct line {
	const char *text; /* for messages, without comment and outer blanks */
	int length;
	const char *target;
	const char *value;
	const char *time;
	struct cuio_step step;
};

struct parser {
	struct batch_file *file;
	const struct node *node; /* NULL: unknown */
	const struct map *map;
};

/* The names of steps, and their syntax. */
static const struct form {
	char name[8];
	const char *pattern;
} forms[] = {
	{ "read", "read REG[.FIELD]" },
	{ "write", "write REG[.FIELD] = VALUE" },
	{ "until", "until REG[.FIELD] == VALUE [within TIME]" },
	{ "node", "node NAME" },
};

enum {
	READ,
	WRITE,
	UNTIL,
	NODE,
	N_FORMS
};

static void take_words(struct words *words, const char *text, size_t length)
{
	const char *end = text + length;
	char *to = words->text;

	words->n = 0;
	while (text < end && words->n < WORDS_MAX) {
		size_t n = strspn(text, OPERATORS);

		if (n == 0)
			n = strcspn(text, BLANKS OPERATORS);
		if (n > (size_t)(end - text))
			n = (size_t)(end - text);
		words->word[words->n++] = memcpy(to, text, n);
		to[n] = 0;
		to += n + 1;
		text += n;
		text += strspn(text, BLANKS);
	}
	for (size_t i = words->n; i <= WORDS_MAX; i++)
		words->word[i] = "";
}

static bool is(const char *word, const char *other)
{
	return !strcmp(word, other);
}

static int wrong_form(const struct line *line, unsigned form)
{
	return message_usage("'%.*s' is not of the form '%s'", line->length, line->text,
			     forms[form].pattern);
}

static int unknown_step(const char *word)
{
	char known[SUGGEST_SIZE];

	return message_usage("there is no step '%s'; steps: %s", word,
			     suggest(known, word, forms[0].name, sizeof(*forms), N_FORMS));
}

static int parse_read(const struct words *words, struct line *line)
{
	if (words->n != 2)
		return wrong_form(line, READ);
	line->step.kind = CUIO_STEP_READ;
	line->target = words->word[1];
	return 0;
}

/* Parses from the register's name on, because "write" is optional. */
static int parse_write(const struct words *words, size_t first, struct line *line)
{
	if (words->n != first + 3 || !is(words->word[first + 1], "="))
		return wrong_form(line, WRITE);
	line->step.kind = CUIO_STEP_WRITE;
	line->target = words->word[first];
	line->value = words->word[first + 2];
	return 0;
}

static int parse_until(const struct words *words, struct line *line)
{
	const char *sign = words->word[2];

	if (words->n >= 4 && strspn(sign, OPERATORS) && !is(sign, "==") && !is(sign, "="))
		return message_usage("until compares with == alone, not with %s", sign);
	if ((words->n != 4 && words->n != 6) || !strspn(sign, OPERATORS) ||
	    (words->n == 6 && !is(words->word[4], "within")))
		return wrong_form(line, UNTIL);
	line->step.kind = CUIO_STEP_UNTIL;
	line->target = words->word[1];
	line->value = words->word[3];
	line->time = words->n == 6 ? words->word[5] : NULL;
	return 0;
}

static int parse_form(const struct words *words, struct line *line)
{
	const char *first = words->word[0];

	if (is(first, forms[READ].name))
		return parse_read(words, line);
	if (is(first, forms[UNTIL].name))
		return parse_until(words, line);
	if (is(first, forms[WRITE].name))
		return parse_write(words, 1, line);
	if (is(words->word[1], "="))
		return parse_write(words, 0, line);
	return unknown_step(first);
}

static int parse_time(struct line *line)
{
	uint64_t time;

	if (!line->time)
		return 0;
	if (number_microseconds(line->time, &time) == -EINVAL)
		return message_usage("'%s' is not a time such as 10ms; units: us, ms, s",
				     line->time);
	if (number_microseconds(line->time, &time) < 0 || time > CUIO_STEP_TIMEOUT_MAX)
		return message_usage("%s is too long: until waits at most %us", line->time,
				     CUIO_STEP_TIMEOUT_MAX / 1000000);
	line->step.timeout = (__u32)time;
	return 0;
}

static int find_target(const struct parser *parser, const struct line *line, struct target *ret)
{
	int r = target_find(parser->node, parser->map, line->target, strlen(line->target), ret);

	if (r != 0)
		return r;
	return access_check(ret, line->step.kind == CUIO_STEP_WRITE ? CUIO_REGISTER_WRITE
								    : CUIO_REGISTER_READ);
}

static int complete_step(const struct parser *parser, struct line *line, struct target *target)
{
	struct cuio_access access;
	int r = find_target(parser, line, target);

	if (r != 0)
		return r;
	access = access_of(target);
	if (line->value)
		r = access_assign(target, line->value, &access);
	if (r != 0)
		return r;
	line->step.register_index = access.register_index;
	line->step.element = access.element;
	line->step.value = access.value;
	line->step.mask = access.mask;
	return 0;
}

static int add_step(struct batch_file *file, const struct batch_step *step)
{
	/* The array is doubled when the number is a power of two. */
	if ((file->n_steps & (file->n_steps - 1)) == 0) {
		size_t room = file->n_steps ? 2 * file->n_steps : 1;
		void *steps = reallocarray(file->steps, room, sizeof(*step));

		if (!steps)
			return message_memory();
		file->steps = steps;
	}
	file->steps[file->n_steps++] = *step;
	return 0;
}

static int parse_step(struct parser *parser, const struct words *words, struct line *line,
		      unsigned number)
{
	struct batch_step step = { .line = number };
	int r = parse_form(words, line), late;

	if (r != 0)
		return r;
	r = parse_time(line);
	if (!parser->map)
		return r;
	late = complete_step(parser, line, &step.target);
	if (r != 0 || late != 0)
		return r != 0 ? r : late;
	step.step = line->step;
	return add_step(parser->file, &step);
}

static int parse_node(const struct parser *parser, const struct words *words,
		      const struct line *line, unsigned number)
{
	if (words->n != 2)
		return wrong_form(line, NODE);
	if (number != parser->file->node_line)
		return message_usage("a batch is for one node: 'node' stands before all steps");
	if (strlen(words->word[1]) >= sizeof(parser->file->node))
		return message_usage("a node's name is not so long");
	return 0;
}

/* Removes the comment and outer blanks. */
static size_t trim(const char **text, size_t length)
{
	const char *comment = memchr(*text, '#', length);
	size_t blanks;

	if (comment)
		length = (size_t)(comment - *text);
	blanks = strspn(*text, BLANKS);
	if (blanks >= length)
		return 0;
	*text += blanks;
	length -= blanks;
	while (strchr(BLANKS, (*text)[length - 1]))
		length--;
	return length;
}

static int parse_line(struct parser *parser, const char *text, size_t length, unsigned number)
{
	struct line line = { .text = text, .length = (int)length };
	struct words words;

	if (length > BATCH_LINE_SIZE)
		return message_usage("a line has at most %u bytes, this one %zu", BATCH_LINE_SIZE,
				     length);
	take_words(&words, text, length);
	if (is(words.word[0], forms[NODE].name))
		return parse_node(parser, &words, &line, number);
	return parse_step(parser, &words, &line, number);
}

/* Finds the next line that is not empty, from *at on. Returns its length, 0 at the end. */
static size_t next_line(const char **at, unsigned *number, const char **ret_text)
{
	while (**at) {
		size_t whole = strcspn(*at, "\n"), length;

		*ret_text = *at;
		length = trim(ret_text, whole);
		*at += whole + ((*at)[whole] ? 1 : 0);
		++*number;
		if (length)
			return length;
	}
	return 0;
}

int batch_file_parse(struct batch_file *file, const struct node *node, const struct map *map)
{
	struct parser parser = { .file = file, .node = node, .map = map };
	const char *at = file->text, *text;
	unsigned number = 0, mistakes = 0;
	int status = 0;
	size_t length;

	while (mistakes < BATCH_MISTAKES_MAX && (length = next_line(&at, &number, &text))) {
		int r;

		message_at(file->name, number);
		r = parse_line(&parser, text, length, number);
		if (r != 0)
			mistakes++;
		/* Wrong usage takes precedence over a refusal. */
		if (r > status)
			status = r;
	}
	message_at(NULL, 0);
	if (mistakes == BATCH_MISTAKES_MAX)
		batch_file_flood(file);
	return status;
}

void batch_file_flood(const struct batch_file *file)
{
	message_at(file->name, 0);
	message_note("there may be more mistakes: those beyond %u are not looked for",
		     BATCH_MISTAKES_MAX);
	message_at(NULL, 0);
}

static void find_node(struct batch_file *file)
{
	const char *at = file->text, *text;
	unsigned number = 0;
	size_t length = next_line(&at, &number, &text);
	struct words words;

	if (length == 0 || length > BATCH_LINE_SIZE)
		return;
	take_words(&words, text, length);
	if (!is(words.word[0], forms[NODE].name))
		return;
	file->node_line = number;
	if (words.n == 2 && strlen(words.word[1]) < sizeof(file->node))
		memcpy(file->node, words.word[1], strlen(words.word[1]) + 1);
}

static int read_text(struct batch_file *file, FILE *stream)
{
	size_t length;

	file->text = malloc(BATCH_FILE_SIZE + 2);
	if (!file->text)
		return message_memory();
	length = fread(file->text, 1, BATCH_FILE_SIZE + 1, stream);
	file->text[length] = 0;
	if (ferror(stream))
		return message_failed("%s", strerror(errno));
	if (strlen(file->text) < length)
		return message_usage("this is not text: byte %zu is 0", strlen(file->text) + 1);
	if (length > BATCH_FILE_SIZE)
		return message_usage("too large: at most %u bytes", BATCH_FILE_SIZE);
	return 0;
}

int batch_file_read(const char *name, struct batch_file *ret)
{
	bool standard = is(name, "-");
	FILE *stream = standard ? stdin : fopen(name, "re");
	int r;

	*ret = (struct batch_file){ .name = standard ? "<stdin>" : name };
	message_at(ret->name, 0);
	r = stream ? read_text(ret, stream) : message_failed("%s", strerror(errno));
	message_at(NULL, 0);
	if (stream && !standard)
		fclose(stream);
	if (r == 0)
		find_node(ret);
	return r;
}

void batch_file_done(struct batch_file *file)
{
	free(file->text);
	free(file->steps);
	file->text = NULL;
	file->steps = NULL;
}
