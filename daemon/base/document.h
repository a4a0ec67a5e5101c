/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads an INI file in systemd's format into a list of sections and entries. Each knows its line,
 * so that later checks can report file:line. Keys may repeat; two sections of one name are an
 * error. A comment is a whole line that starts with '#' or ';'.
 */
#ifndef BASE_DOCUMENT_H
#define BASE_DOCUMENT_H

#include "base/section.h"
#include "base/value.h"

#define DOCUMENT_LINE_MAX     190U /* characters; inih would silently cut longer lines */
#define DOCUMENT_SECTION_MAX  48U
#define DOCUMENT_SECTIONS_MAX 4096U
#define DOCUMENT_SIZE_MAX     (1U << 20) /* bytes per file */

/* Reads `path`. On failure reports findings and returns -errno (-ENOENT, -EINVAL...). The caller
 * frees *ret with document_free(). */
int document_load(const char *path, struct report *report, struct document **ret);
/* The same, but leaves out lines with findings instead of failing, for programs that show broken
 * files. */
int document_load_partly(const char *path, struct report *report, struct document **ret);
/* The same as document_load() from memory, for tests and fuzzing; `path` is used only in
 * messages. */
int document_parse(const char *path, const char *text, size_t size, struct report *report,
		   struct document **ret);

#endif
