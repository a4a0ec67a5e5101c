/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types of members, variables and arguments, with their sizes and alignments. */
#include "driver/steps/scope.h"
#include <string.h>

/* 32-bit programs align 64-bit members to 4 bytes on x86, to 8 elsewhere. */
#if defined(__x86_64__)
#define COMPAT_ALIGN_8 4
#else
#define COMPAT_ALIGN_8 8
#endif

bool type_find(const char *name, struct type *ret)
{
	static const struct {
		const char *name;
		struct type type;
	} types[] = {
		{ "u8", { 1, 1, 1, false } },
		{ "s8", { 1, 1, 1, true } },
		{ "u16", { 2, 2, 2, false } },
		{ "s16", { 2, 2, 2, true } },
		{ "u32", { 4, 4, 4, false } },
		{ "s32", { 4, 4, 4, true } },
		{ "uint", { 4, 4, 4, false } },
		{ "int", { 4, 4, 4, true } },
		{ "u64", { 8, 8, COMPAT_ALIGN_8, false } },
		{ "s64", { 8, 8, COMPAT_ALIGN_8, true } },
		{ "ulong", { sizeof(long), 4, 4, false } },
		{ "long", { sizeof(long), 4, 4, true } },
	};

	int i = name_find(types, sizeof(types) / sizeof(*types),
			  strncmp(name, "__", 2) ? name : name + 2);

	if (i >= 0)
		*ret = types[i].type;
	return i >= 0;
}
