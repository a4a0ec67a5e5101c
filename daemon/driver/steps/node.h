/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions as trees with operands as leaves, and the operators. */
#ifndef STEPS_NODE_H
#define STEPS_NODE_H

#include <stdbool.h>
#include <stdint.h>

struct reg;
struct field;

enum operand_kind {
	OPERAND_LOCAL,
	OPERAND_ARGUMENT,
	OPERAND_DEVICE,
	OPERAND_FILE,
	OPERAND_DATA,
	OPERAND_REGISTER,
};

/* What steps read and set: a value, a register, an element or slice of either, or a field. */
struct operand {
	enum operand_kind kind;
	unsigned slot;	     /* number of the local, member or variable; index of the register */
	uint32_t offset;     /* bytes; of a variable, or of a register's shadow (0: none) */
	struct node *first;  /* index, NULL for a scalar */
	struct node *length; /* elements of a slice; NULL: no slice */
	bool checked;	     /* the elements are checked when the step runs */

	/* Of values: */
	uint8_t width; /* bytes of an element */
	bool is_signed;
	uint32_t count; /* elements; unused for data, whose size varies by call */

	/* Of registers: */
	bool by_offset; /* `first` is a byte offset */
	bool readable;	/* false: its shadow has the value */
	uint8_t shift;	/* of the field, bits */
	uint64_t mask;	/* the field's bits in the register, or all */
	uint64_t stride;
	const struct reg *reg;
	const struct field *field; /* NULL: the whole register */
};

enum node_kind {
	NODE_NUMBER,
	NODE_OPERAND,
	NODE_COUNT,  /* bytes that read() or write() asked for */
	NODE_OFFSET, /* of this piece of a large read() or write() */
	NODE_FLAGS,  /* of the open file */
	NODE_INDEX,  /* of the opened node */
	NODE_CONST,  /* of the opened node: `number` is the index in node_constants */
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
	struct operand *operand;
	struct node *left, *right;
};

bool node_is_number(const struct node *node);
/* `kind`: NODE_NOT, NODE_INVERT or NODE_NEGATE. */
uint64_t unary_apply(enum node_kind kind, uint64_t value);
/* 0, or -EINVAL for a division by zero. */
int binary_apply(enum binary binary, uint64_t left, uint64_t right, uint64_t *ret);

#endif
