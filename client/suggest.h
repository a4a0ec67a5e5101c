/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the known names for a wrong one, the most similar first. */
#ifndef CLIENT_SUGGEST_H
#define CLIENT_SUGGEST_H

#include <stddef.h>

#define SUGGEST_MAX  12U /* names listed at most */
#define SUGGEST_SIZE 1024U

/*
 * Writes "known, knob, other" for the wrong name "knwon"; "none" without names. Name i is at
 * `first` + i * `stride` bytes; `stride` is the size of the records that contain the names. Returns
 * `text`.
 */
const char *suggest(char text[SUGGEST_SIZE], const char *wrong, const char *first, size_t stride,
		    size_t n);

#endif
