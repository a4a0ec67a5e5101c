/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An INI file in systemd's manner, read with inih into a list of sections and entries that know
 * their line, so that every later check can say file:line. Keys may repeat; sections may not (two
 * sections of one name are an error here). A whole-line comment starts with '#' or ';'.
 */
#ifndef BASE_DOCUMENT_H
#define BASE_DOCUMENT_H

#include "base/section.h"
#include "base/value.h"

#define DOCUMENT_LINE_MAX    190U /* characters; inih would cut longer lines silently */
#define DOCUMENT_SECTION_MAX 48U
#define DOCUMENT_SIZE_MAX    (1U << 20) /* bytes of a whole file */

/* Reads `path`. On failure reports file:line findings and returns -errno (-ENOENT, -EINVAL...). */
int document_load(const char *path, struct report *report, struct document **ret);
/* The same, but lines with a finding are left out, and the rest is there: for those who show what
 * is broken. */
int document_load_partly(const char *path, struct report *report, struct document **ret);
/* The same as document_load() from memory, for tests and fuzzing; `path` is used in messages only.
 */
int document_parse(const char *path, const char *text, size_t size, struct report *report,
		   struct document **ret);

#endif
