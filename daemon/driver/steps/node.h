/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions as trees, whose leaves are bound to places and registers; and what operators do. */
#ifndef STEPS_NODE_H
#define STEPS_NODE_H

#include "regmap/regmap.h"
#include <stdbool.h>
#include <stdint.h>

enum place_kind {
	PLACE_LOCAL,
	PLACE_ARGUMENT,
	PLACE_DEVICE,
	PLACE_FILE,
	PLACE_DATA,
};

/* Something that can be read or set. */
struct place {
	enum place_kind kind;
	unsigned slot; /* number of the local, member or variable */
	uint8_t width; /* bytes of an element */
	bool is_signed;
	uint32_t count;	     /* elements; data: not known before the call */
	uint32_t offset;     /* of a variable, bytes in its state */
	struct node *first;  /* index, NULL for a scalar */
	struct node *length; /* elements of a slice, NULL if it is none */
};

/* A register, an element of it, or a field. */
struct target {
	const struct reg *reg;
	const struct field *field; /* NULL: all of it */
	struct node *first;	   /* index, or byte offset if by_offset; NULL: element 0 */
	struct node *length;	   /* elements of a slice, NULL if it is none */
	bool by_offset;
};

enum node_kind {
	NODE_NUMBER,
	NODE_PLACE,
	NODE_TARGET,
	NODE_COUNT,  /* bytes asked for in read() and write() */
	NODE_OFFSET, /* of this piece of an oversized read() or write() */
	NODE_FLAGS,  /* of the open file */
	NODE_INDEX,  /* of the opened node */
	NODE_CONST,  /* of the opened node: `number` is its place in node_constants */
	NODE_NOT,
	NODE_INVERT,
	NODE_NEGATE,
	NODE_BINARY,
};

enum binary {
	BINARY_OR,
	BINARY_AND,
	BINARY_BIT_OR,
	BINARY_BIT_XOR,
	BINARY_BIT_AND,
	BINARY_EQUAL,
	BINARY_UNEQUAL,
	BINARY_LESS,
	BINARY_LESS_EQUAL,
	BINARY_GREATER,
	BINARY_GREATER_EQUAL,
	BINARY_LEFT,
	BINARY_RIGHT,
	BINARY_ADD,
	BINARY_SUBTRACT,
	BINARY_MULTIPLY,
	BINARY_DIVIDE,
	BINARY_REMAINDER,
};

struct node {
	enum node_kind kind;
	enum binary binary;
	uint64_t number;
	struct place *place;
	struct target *target;
	struct node *left, *right;
};

bool node_is_number(const struct node *node);
/* `kind`: NODE_NOT, NODE_INVERT or NODE_NEGATE. */
uint64_t unary_apply(enum node_kind kind, uint64_t value);
/* 0, or -EINVAL for a division by zero. */
int binary_apply(enum binary binary, uint64_t left, uint64_t right, uint64_t *ret);

#endif
