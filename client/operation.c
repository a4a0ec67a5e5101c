// SPDX-License-Identifier: GPL-2.0-or-later
/* The device's own ioctls, as its daemon describes them. */
#include "operation.h"
#include "message.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int load_members(struct node *node, struct operation *operation)
{
	size_t n = operation->about.n_members;

	if (n > OPERATION_MEMBERS_MAX || operation->about.size > OPERATION_SIZE_MAX)
		return -EPROTO;
	operation->members = calloc(n, sizeof(*operation->members));
	if (n && !operation->members)
		return -ENOMEM;
	for (; operation->n_members < n; operation->n_members++) {
		struct cuio_member *member = &operation->members[operation->n_members];
		int r;

		member->operation_index = operation->about.index;
		member->index = (__u32)operation->n_members;
		r = node_call(node, CUIO_IOCTL_MEMBER, member);
		if (r == -ENOENT)
			break;
		if (r < 0)
			return r;
		member->name[sizeof(member->name) - 1] = 0;
		/* A member outside of the argument would be written outside of its buffer. */
		if (member->width > 8 || member->count > 65536 || member->offset > 65536 ||
		    member->offset + (uint64_t)member->width * member->count >
			    operation->about.size)
			return -EPROTO;
	}
	return 0;
}

static int load_operation(struct node *node, struct operation *operation, size_t index)
{
	int r;

	operation->about.index = (__u32)index;
	r = node_call(node, CUIO_IOCTL_OPERATION, &operation->about);
	if (r < 0)
		return r;
	operation->about.name[sizeof(operation->about.name) - 1] = 0;
	memcpy(operation->name, operation->about.name, sizeof(operation->name));
	return load_members(node, operation);
}

int operation_load(struct node *node, struct operations *operations)
{
	size_t n = node->info.n_operations;
	int r = 0;

	*operations = (struct operations){ 0 };
	if (n > OPERATIONS_MAX)
		return message_failed("%s: its daemon tells of %zu ioctls, expected at most %u: is "
				      "it cuiod?",
				      node->name, n, OPERATIONS_MAX);
	*operations = (struct operations){ .list = calloc(n, sizeof(*operations->list)) };
	if (n && !operations->list)
		return message_memory();
	while (r == 0 && operations->n < n) {
		r = load_operation(node, &operations->list[operations->n], operations->n);
		if (r != -ENOENT)
			operations->n++;
	}
	if (r < 0 && r != -ENOENT)
		return message_failed("%s: its ioctls: %s", node->name, strerror(-r));
	return 0;
}

void operation_done(struct operations *operations)
{
	for (size_t i = 0; i < operations->n; i++)
		free(operations->list[i].members);
	free(operations->list);
	*operations = (struct operations){ 0 };
}

const struct operation *operation_by_name(const struct operations *operations, const char *name)
{
	for (size_t i = 0; i < operations->n; i++)
		if (!strcmp(operations->list[i].name, name))
			return &operations->list[i];
	return NULL;
}

const struct operation *operation_by_number(const struct operations *operations, uint32_t number)
{
	for (size_t i = 0; i < operations->n; i++)
		if (operations->list[i].about.number == number)
			return &operations->list[i];
	return NULL;
}

void operation_guess(uint32_t number, struct operation *ret)
{
	bool in = _IOC_DIR(number) & _IOC_WRITE, out = _IOC_DIR(number) & _IOC_READ;
	unsigned size = _IOC_SIZE(number);

	*ret = (struct operation){ .about = { .number = number, .size = size } };
	snprintf(ret->name, sizeof(ret->name), "0x%08x", number);
	if (size == 0 || (!in && !out)) {
		ret->about.argument = CUIO_ARGUMENT_VALUE;
		ret->about.size = sizeof(unsigned long);
	} else if (in && out) {
		ret->about.argument = CUIO_ARGUMENT_INOUT;
	} else {
		ret->about.argument = in ? CUIO_ARGUMENT_IN : CUIO_ARGUMENT_OUT;
	}
}

const struct cuio_member *operation_member(const struct operation *operation, const char *name)
{
	for (size_t i = 0; i < operation->n_members; i++)
		if (!strcmp(operation->members[i].name, name))
			return &operation->members[i];
	return NULL;
}
