/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and words in entries. */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include "base/section.h"

/* Each reports file:line with what was found and expected, and returns -EINVAL; *ret is then
 * unchanged. */
int value_number(const struct document *document, const struct entry *entry, unsigned long long min,
		 unsigned long long max, struct report *report,
		 unsigned long long *ret); /* base/digits.h */
int value_bool(const struct document *document, const struct entry *entry, struct report *report,
	       bool *ret); /* yes true on 1, no false off 0 */
/* Accepts one of `words` (NULL-terminated); *ret is its index. */
int value_word(const struct document *document, const struct entry *entry, const char *const *words,
	       struct report *report, unsigned *ret);

#endif
