/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads INI files with inih through its own line reader. Debian's inih gives no line numbers, cuts
 * long lines silently, accepts ':' for '=', and drops the text after " ;". The reader sees each
 * line first, counts it, and reports what inih would get wrong.
 */
#include "base/document.h"
#include "base/cleanup.h"
#include "base/utf8.h"
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <string.h>
#include <sys/stat.h>

struct reader {
	struct document *document;
	struct report *report;
	const char *next, *end;
	unsigned line;
	bool in_section; /* the last section header was accepted */
	bool failed, no_memory;
};

static void reader_fault(struct reader *reader, const char *text)
{
	report_add(reader->report, reader->document->path, reader->line, "%s", text);
	reader->failed = true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *line_fault(const char *line, size_t size)
{
	for (size_t i = 0, step; i < size; i += step) {
		unsigned char c = (unsigned char)line[i];

		if (!c)
			return "NUL byte, expected text";
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return "control character, expected text";
		step = utf8_length(line + i, size - i);
		if (!step)
			return "not UTF-8";
	}
	for (size_t i = 1; i < size; i++) {
		if (line[i] == ';' && is_blank(line[i - 1]))
			return "';' after a blank, which would cut the line: put comments on lines "
			       "of their own";
	}
	return NULL;
}

/* Splits "Register status" into kind and name; `inside` is the header's trimmed text. */
static void reader_section(struct reader *reader, const char *inside)
{
	struct document *document = reader->document;
	size_t length = strcspn(inside, " \t");
	auto_free char *kind = strndup(inside, length);
	const char *name = inside + length + strspn(inside + length, " \t");
	struct section *other;

	if (!kind) {
		reader->no_memory = true;
		return;
	}
	other = document_find(document, kind, name);
	if (other) {
		report_add(reader->report, document->path, reader->line,
			   "second section [%s], the first is on line %u", inside, other->line);
		reader->failed = true;
		return;
	}
	if (document->n_sections == DOCUMENT_SECTIONS_MAX) {
		report_add(reader->report, document->path, reader->line,
			   "more than %u sections in one file, which is the most there may be",
			   DOCUMENT_SECTIONS_MAX);
		reader->failed = true;
		reader->next = reader->end;
		return;
	}
	if (document_add(document, kind, name, reader->line) < 0)
		reader->no_memory = true;
	else
		reader->in_section = true;
}

/* Checks a header line. inih does not report empty sections and ignores text after ']'. */
static bool reader_header(struct reader *reader, const char *line, size_t size)
{
	const char *close = memchr(line, ']', size);
	const char *start = line + 1;
	char inside[DOCUMENT_SECTION_MAX + 1];

	reader->in_section = false;
	if (!close) {
		reader_fault(reader, "section without its ']', expected [KIND] or [KIND NAME]");
		return false;
	}
	if (close != line + size - 1) {
		reader_fault(reader, "text after the section's ']'");
		return false;
	}
	while (start < close && is_blank(*start))
		start++;
	while (close > start && is_blank(close[-1]))
		close--;
	if (close == start) {
		reader_fault(reader, "section without a name, expected [KIND] or [KIND NAME]");
		return false;
	}
	if ((size_t)(close - start) > DOCUMENT_SECTION_MAX) {
		report_add(reader->report, reader->document->path, reader->line,
			   "section name of %td characters, expected %u at most", close - start,
			   DOCUMENT_SECTION_MAX);
		reader->failed = true;
		return false;
	}
	memcpy(inside, start, (size_t)(close - start));
	inside[close - start] = 0;
	reader_section(reader, inside);
	return !reader->failed || reader->in_section;
}

/* Checks a line that is neither comment nor header: it must be KEY=VALUE in a section. */
static bool reader_entry(struct reader *reader, const char *line, size_t size)
{
	const char *equals = memchr(line, '=', size);

	if (!equals) {
		reader_fault(reader, "neither a comment, a [Section] nor KEY=VALUE");
		return false;
	}
	for (const char *c = line; c < equals; c++) {
		if (*c == ':' || (is_blank(*c) && !is_blank(equals[-1]))) {
			reader_fault(reader, "bad key before '=', expected one word");
			return false;
		}
	}
	if (equals == line || is_blank(*line)) {
		reader_fault(reader, "no key before '='");
		return false;
	}
	if (!reader->in_section) {
		/* After a bad header its entries are not reported again. */
		if (!reader->failed)
			reader_fault(reader, "key before the first [Section]");
		return false;
	}
	return true;
}

/* Whether inih gets this line. */
static bool reader_accept(struct reader *reader, const char *line, size_t size)
{
	const char *fault;

	if (!size)
		return false;
	if (size > DOCUMENT_LINE_MAX) {
		report_add(reader->report, reader->document->path, reader->line,
			   "line of %zu characters, expected %u at most: divide it", size,
			   DOCUMENT_LINE_MAX);
		reader->failed = true;
		return false;
	}
	fault = line[0] == '#' || line[0] == ';' ? NULL : line_fault(line, size);
	if (fault) {
		reader_fault(reader, fault);
		return false;
	}
	if (line[0] == '#' || line[0] == ';')
		return false;
	return line[0] == '[' ? reader_header(reader, line, size)
			      : reader_entry(reader, line, size);
}

/* Replaces inih's fgets(): returns the next line to parse, without leading blanks, because inih
 * would take an indented line for a continuation. */
static char *reader_next(char *buffer, int size, void *stream)
{
	struct reader *reader = stream;

	while (reader->next < reader->end && !reader->no_memory) {
		const char *line = reader->next;
		const char *end = memchr(line, '\n', (size_t)(reader->end - line));

		reader->next = end ? end + 1 : reader->end;
		if (!end)
			end = reader->end;
		reader->line++;
		while (line < end && is_blank(*line))
			line++;
		if (end > line && end[-1] == '\r')
			end--;
		while (end > line && is_blank(end[-1]))
			end--;
		if (!reader_accept(reader, line, (size_t)(end - line)))
			continue;
		if (end - line >= size) {
			reader_fault(reader, "line longer than inih can take");
			continue;
		}
		memcpy(buffer, line, (size_t)(end - line));
		buffer[end - line] = 0;
		return buffer;
	}
	return NULL;
}

static int reader_handle(void *context, const char *section_name, const char *key,
			 const char *value)
{
	struct reader *reader = context;
	struct document *document = reader->document;
	struct section *section = &document->sections[document->n_sections - 1];

	(void)section_name;
	if (section_add(section, key, value, reader->line) < 0)
		reader->no_memory = true;
	return !reader->no_memory;
}

static int parse(const char *path, const char *text, size_t size, bool partly,
		 struct report *report, struct document **ret)
{
	struct document *document = calloc(1, sizeof(*document));
	struct reader reader = {
		.document = document,
		.report = report,
		.next = text,
		.end = text + size,
	};
	int r;

	if (!document)
		return -ENOMEM;
	document->path = strdup(path);
	if (!document->path) {
		r = -ENOMEM;
		goto fail;
	}
	if (size > DOCUMENT_SIZE_MAX) {
		r = report_add(report, path, 0, "larger than %u KiB: no description or instance",
			       DOCUMENT_SIZE_MAX / 1024);
		goto fail;
	}
	if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		reader.next += 3;

	r = ini_parse_stream(reader_next, &reader, reader_handle, &reader);
	if (reader.no_memory)
		r = -ENOMEM;
	else if (reader.failed)
		r = partly ? 0 : -EINVAL;
	else if (r)
		r = report_add(report, path, reader.line, "cannot be parsed");
	if (r)
		goto fail;
	*ret = document;
	return 0;

fail:
	document_free(document);
	return r;
}

int document_parse(const char *path, const char *text, size_t size, struct report *report,
		   struct document **ret)
{
	return parse(path, text, size, false, report, ret);
}

/* Reads all of `path`. It must be a regular file: reading a FIFO or a device might block or never
 * end. */
static int document_read(const char *path, struct report *report, char **ret_text, size_t *ret_size)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	auto_free char *text = NULL;
	size_t size = 0;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		int error = errno;

		report_add(report, path, 0, "%s", strerror(error));
		return -error;
	}
	if (!S_ISREG(st.st_mode))
		return report_add(report, path, 0, "not a regular file");
	if (st.st_size > (off_t)DOCUMENT_SIZE_MAX)
		return report_add(report, path, 0, "larger than %u KiB: no description or instance",
				  DOCUMENT_SIZE_MAX / 1024);
	text = malloc(DOCUMENT_SIZE_MAX + 1);
	if (!text)
		return -ENOMEM;
	while (size <= DOCUMENT_SIZE_MAX) {
		ssize_t n = read(fd, text + size, DOCUMENT_SIZE_MAX + 1 - size);

		if (n < 0) {
			int error = errno;

			report_add(report, path, 0, "%s", strerror(error));
			return -error;
		}
		if (!n)
			break;
		size += (size_t)n;
	}
	*ret_text = take_ptr(text);
	*ret_size = size;
	return 0;
}

static int load(const char *path, bool partly, struct report *report, struct document **ret)
{
	auto_free char *text = NULL;
	size_t size = 0;
	int r;

	r = document_read(path, report, &text, &size);
	if (r >= 0)
		r = parse(path, text, size, partly, report, ret);
	if (r < 0)
		return r;
	(*ret)->text = take_ptr(text);
	(*ret)->size = size;
	return 0;
}

int document_load(const char *path, struct report *report, struct document **ret)
{
	return load(path, false, report, ret);
}

int document_load_partly(const char *path, struct report *report, struct document **ret)
{
	return load(path, true, report, ret);
}
