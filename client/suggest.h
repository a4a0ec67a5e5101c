/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What exists, nearest first, for somebody who named what does not. */
#ifndef CLIENT_SUGGEST_H
#define CLIENT_SUGGEST_H

#include <stddef.h>

#define SUGGEST_MAX  12U /* names said at most */
#define SUGGEST_SIZE 1024U

/*
 * "known, knob, other" for a wrong "knwon"; "none" without names. Name i is at `first` + i *
 * `stride` bytes (`stride` is the size of the records that hold it). Returns `text`.
 */
const char *suggest(char text[SUGGEST_SIZE], const char *wrong, const char *first, size_t stride,
		    size_t n);

#endif
