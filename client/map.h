/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers and fields of a node, as its daemon describes them. */
#ifndef CLIENT_MAP_H
#define CLIENT_MAP_H

#include "node.h"

/* More than any description has. */
#define MAP_REGISTERS_MAX 4096U
#define MAP_FIELDS_MAX	  256U

struct map_register {
	char name[CUIO_NAME_SIZE]; /* first member, for suggest() */
	struct cuio_register about;
	struct cuio_field *fields;
	size_t n_fields;
};

struct map {
	struct map_register *registers;
	size_t n_registers;
};

/* Returns an exit status. Release `map` with map_done() in any case. */
int map_load(struct node *node, struct map *map);
void map_done(struct map *map);
/* NULL if there is none. */
const struct map_register *map_register(const struct map *map, const char *name);
const struct cuio_field *map_field(const struct map_register *reg, const char *name);
/* The number of bits of an element, and of a field. */
unsigned map_bits(const struct map_register *reg);
unsigned map_field_bits(const struct map_register *reg, const struct cuio_field *field);

#endif
