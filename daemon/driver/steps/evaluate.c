/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of expressions at run time, and of the indices in them. */
#include "driver/steps/run.h"
#include <errno.h>

/* Numbers and plain variables, the most common ones, without a call of evaluate(). */
static inline int value_of(struct run *run, const struct node *node, uint64_t *ret)
{
	if (node->kind == NODE_NUMBER)
		*ret = node->number;
	else if (node->kind == NODE_PLACE && !node->place->first)
		*ret = place_get(run, node->place, 0);
	else
		return evaluate(run, node, ret);
	return 0;
}

static int span_evaluate(struct run *run, const struct node *first, const struct node *length,
			 struct span *span)
{
	int r = first ? value_of(run, first, &span->first) : 0;

	if (!r && length)
		r = value_of(run, length, &span->length);
	return r;
}

int place_prepare_index(struct run *run, const struct place *place, struct span *ret)
{
	struct span span = { .first = 0, .length = 1 };
	uint64_t count = place->kind == PLACE_DATA ? run->count / place->width : place->count;
	int r = span_evaluate(run, place->first, place->length, &span);

	if (r)
		return r;
	if (span.first > count || span.length > count - span.first)
		return -EINVAL;
	*ret = span;
	return 0;
}

int target_prepare_index(struct run *run, const struct target *target, struct span *ret)
{
	const struct reg *reg = target->reg;
	struct span span = { .first = 0, .length = 1 };
	int r = span_evaluate(run, target->first, target->length, &span);

	if (r)
		return r;
	if (target->by_offset) {
		if (span.first % reg->stride)
			return -EINVAL;
		span.first /= reg->stride;
	}
	r = reg_check_range(reg, span.first, span.length);
	if (!r)
		*ret = span;
	return r;
}

static int evaluate_place(struct run *run, const struct place *place, uint64_t *ret)
{
	struct span span;
	int r = place_prepare(run, place, &span);

	if (!r)
		*ret = place_get(run, place, span.first);
	return r;
}

static int evaluate_target(struct run *run, const struct target *target, uint64_t *ret)
{
	struct span span;
	int r = target_prepare(run, target, &span);

	return r ? r : target_get(run, target, span.first, ret);
}

static int evaluate_binary(struct run *run, const struct node *node, uint64_t *ret)
{
	uint64_t left, right = 0;
	int r = value_of(run, node->left, &left);

	if (r)
		return r;
	/* As in C, the right side is not asked when the left one decides. */
	if ((node->binary == BINARY_OR && left) || (node->binary == BINARY_AND && !left)) {
		*ret = node->binary == BINARY_OR;
		return 0;
	}
	r = value_of(run, node->right, &right);
	return r ? r : binary_apply(node->binary, left, right, ret);
}

int evaluate(struct run *run, const struct node *node, uint64_t *ret)
{
	uint64_t value;
	int r;

	switch (node->kind) {
	case NODE_NUMBER:
		*ret = node->number;
		return 0;
	case NODE_PLACE:
		return evaluate_place(run, node->place, ret);
	case NODE_TARGET:
		return evaluate_target(run, node->target, ret);
	case NODE_COUNT:
		*ret = run->count;
		return 0;
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
