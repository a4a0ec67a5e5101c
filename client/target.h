/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses REG, REG[3], REG.FIELD or REG[3].FIELD and finds the register. */
#ifndef CLIENT_TARGET_H
#define CLIENT_TARGET_H

#include "map.h"
#include <stdint.h>

#define TARGET_TEXT_SIZE (2 * CUIO_NAME_SIZE + 16)

/* NAME[INDEX].PART, parsed. */
struct target_name {
	char name[CUIO_NAME_SIZE];
	char part[CUIO_NAME_SIZE]; /* "": none */
	bool indexed;
	uint32_t index;
};

struct target {
	const struct map_register *reg;
	const struct cuio_field *field; /* NULL: the whole register */
	uint32_t element;
};

/* Parses the first `length` bytes of `text`. -EINVAL: wrong form; -ERANGE: the index is too
 * large. */
int target_parse(const char *text, size_t length, struct target_name *ret);
/* Finds the target among a node's registers; lists the known names if there is none. Returns an
 * exit status. */
int target_find(const struct node *node, const struct map *map, const char *text, size_t length,
		struct target *ret);
/* Formats "status.busy", "csr[3]". Returns `text`. */
const char *target_text(char text[TARGET_TEXT_SIZE], const struct target *target);
unsigned target_bits(const struct target *target);

#endif
