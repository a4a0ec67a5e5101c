/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Applies operators to numbers, for constant folding and at run time. */
#include "driver/steps/node.h"
#include <errno.h>

bool node_is_number(const struct node *node)
{
	return node && node->kind == NODE_NUMBER;
}

uint64_t unary_apply(enum node_kind kind, uint64_t value)
{
	if (kind == NODE_NOT)
		return !value;
	return kind == NODE_INVERT ? ~value : -value;
}

static uint64_t binary_value(enum binary binary, uint64_t left, uint64_t right)
{
	switch (binary) {
	case BINARY_OR:
		return left || right;
	case BINARY_AND:
		return left && right;
	case BINARY_BIT_OR:
		return left | right;
	case BINARY_BIT_XOR:
		return left ^ right;
	case BINARY_BIT_AND:
		return left & right;
	case BINARY_EQUAL:
		return left == right;
	case BINARY_UNEQUAL:
		return left != right;
	case BINARY_LESS:
		return left < right;
	case BINARY_LESS_EQUAL:
		return left <= right;
	case BINARY_GREATER:
		return left > right;
	case BINARY_GREATER_EQUAL:
		return left >= right;
	case BINARY_LEFT:
		return right < 64 ? left << right : 0;
	case BINARY_RIGHT:
		return right < 64 ? left >> right : 0;
	case BINARY_ADD:
		return left + right;
	case BINARY_SUBTRACT:
		return left - right;
	case BINARY_MULTIPLY:
		return left * right;
	case BINARY_DIVIDE:
		return left / right;
	case BINARY_REMAINDER:
		return left % right;
	}
	return 0;
}

int binary_apply(enum binary binary, uint64_t left, uint64_t right, uint64_t *ret)
{
	if (!right && (binary == BINARY_DIVIDE || binary == BINARY_REMAINDER))
		return -EINVAL;
	*ret = binary_value(binary, left, right);
	return 0;
}
