/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What operators do with numbers: the same when a constant is folded and when steps run. */
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

int binary_apply(enum binary binary, uint64_t left, uint64_t right, uint64_t *ret)
{
	switch (binary) {
	case BINARY_OR:
		*ret = left || right;
		return 0;
	case BINARY_AND:
		*ret = left && right;
		return 0;
	case BINARY_BIT_OR:
		*ret = left | right;
		return 0;
	case BINARY_BIT_XOR:
		*ret = left ^ right;
		return 0;
	case BINARY_BIT_AND:
		*ret = left & right;
		return 0;
	case BINARY_EQUAL:
		*ret = left == right;
		return 0;
	case BINARY_UNEQUAL:
		*ret = left != right;
		return 0;
	case BINARY_LESS:
		*ret = left < right;
		return 0;
	case BINARY_LESS_EQUAL:
		*ret = left <= right;
		return 0;
	case BINARY_GREATER:
		*ret = left > right;
		return 0;
	case BINARY_GREATER_EQUAL:
		*ret = left >= right;
		return 0;
	case BINARY_LEFT:
		*ret = right < 64 ? left << right : 0;
		return 0;
	case BINARY_RIGHT:
		*ret = right < 64 ? left >> right : 0;
		return 0;
	case BINARY_ADD:
		*ret = left + right;
		return 0;
	case BINARY_SUBTRACT:
		*ret = left - right;
		return 0;
	case BINARY_MULTIPLY:
		*ret = left * right;
		return 0;
	case BINARY_DIVIDE:
		if (!right)
			return -EINVAL;
		*ret = left / right;
		return 0;
	case BINARY_REMAINDER:
		if (!right)
			return -EINVAL;
		*ret = left % right;
		return 0;
	}
	return -EINVAL;
}
