/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the code under test prints to stdout or stderr. */
#ifndef TESTS_CAPTURE_H
#define TESTS_CAPTURE_H

#include <stdio.h>
#include <unistd.h>

struct capture {
	FILE *stream;
	FILE *file;
	int saved;
};

static inline struct capture capture_start(FILE *stream)
{
	struct capture capture = { stream, tmpfile(), dup(fileno(stream)) };

	fflush(stream);
	dup2(fileno(capture.file), fileno(stream));
	return capture;
}

/* `ret` is what was printed since, as a string. */
static inline void capture_end(struct capture *capture, char *ret, size_t size)
{
	fflush(capture->stream);
	dup2(capture->saved, fileno(capture->stream));
	close(capture->saved);
	rewind(capture->file);
	ret[fread(ret, 1, size - 1, capture->file)] = 0;
	fclose(capture->file);
}

#endif
