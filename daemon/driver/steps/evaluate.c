/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evaluates expressions at run time. */
#include "driver/steps/run.h"
#include <errno.h>

/* A shortcut for plain variables, the most common operands of operators. */
static inline int value_of(struct run *run, const struct node *node, uint64_t *ret)
{
	if (node->kind != NODE_OPERAND || node->operand->kind == OPERAND_REGISTER ||
	    node->operand->checked)
		return evaluate(run, node, ret);
	*ret = run_get_value(run, node->operand, 0);
	return 0;
}

static int evaluate_operand(struct run *run, const struct operand *operand, uint64_t *ret)
{
	struct span span;
	int r = run_prepare(run, operand, &span);

	return r ? r : run_get(run, operand, span.first, ret);
}

static int evaluate_binary(struct run *run, const struct node *node, uint64_t *ret)
{
	uint64_t left, right = 0;
	int r = value_of(run, node->left, &left);

	if (r)
		return r;
	/* As in C, the right side is not evaluated if the left one decides. */
	if ((node->binary == BINARY_OR && left) || (node->binary == BINARY_AND && !left)) {
		*ret = node->binary == BINARY_OR;
		return 0;
	}
	r = value_of(run, node->right, &right);
	return r ? r : binary_apply(node->binary, left, right, ret);
}

int evaluate_node(struct run *run, const struct node *node, uint64_t *ret)
{
	uint64_t value;
	int r;

	switch (node->kind) {
	case NODE_NUMBER:
	case NODE_COUNT:
		return evaluate(run, node, ret);
	case NODE_OPERAND:
		return evaluate_operand(run, node->operand, ret);
	case NODE_OFFSET:
		*ret = cuio_request_offset(run->request);
		return 0;
	case NODE_FLAGS:
		*ret = cuio_file_flags(run->file);
		return 0;
	case NODE_INDEX:
		*ret = cuio_file_node(run->file);
		return 0;
	case NODE_CONST:
		*ret = run->program->node_constants[node->number].values[cuio_file_node(run->file)];
		return 0;
	case NODE_BINARY:
		return evaluate_binary(run, node, ret);
	case NODE_NOT:
	case NODE_INVERT:
	case NODE_NEGATE:
		break;
	}
	r = evaluate(run, node->left, &value);
	if (r)
		return r;
	*ret = unary_apply(node->kind, value);
	return 0;
}
