// SPDX-License-Identifier: GPL-2.0-or-later
// The folders and files of a mount.
#include "front/tree.h"
#include "base/cleanup.h"
#include <errno.h>
#include <string.h>

struct tree_entry {
	char *name;
	uint64_t parent;
};

struct tree {
	size_t n_files, n; /* indexed by number - TREE_ROOT */
	struct tree_entry *entries;
};

static struct tree_entry *entry(const struct tree *tree, uint64_t number)
{
	return &tree->entries[number - TREE_ROOT];
}

static bool is_known(const struct tree *tree, uint64_t number)
{
	return number >= TREE_ROOT && number - TREE_ROOT < tree->n;
}

/* Finds or creates the folder of this name; 0: no memory. */
static uint64_t folder(struct tree *tree, uint64_t parent, const char *name)
{
	uint64_t number = tree_find(tree, parent, name);
	struct tree_entry *entries;

	if (number)
		return number;
	entries = reallocarray(tree->entries, tree->n + 1, sizeof(*entries));
	if (!entries)
		return 0;
	tree->entries = entries;
	entries[tree->n] = (struct tree_entry){ .name = strdup(name), .parent = parent };
	return entries[tree->n++].name ? tree->n - 1 + TREE_ROOT : 0;
}

static int place_file(struct tree *tree, uint32_t node, const char *path)
{
	auto_free char *parts = strdup(path);
	uint64_t parent = TREE_ROOT;
	char *part = parts, *slash;

	for (; part && (slash = strchr(part, '/')); part = slash + 1) {
		*slash = '\0';
		parent = folder(tree, parent, part);
		if (!parent)
			return -ENOMEM;
	}
	if (part)
		part = strdup(part);
	*entry(tree, TREE_FILES + node) = (struct tree_entry){ .name = part, .parent = parent };
	return part ? 0 : -ENOMEM;
}

static void cleanup_tree(struct tree **tree)
{
	tree_free(*tree);
}

int tree_new(const struct instance *instance, struct tree **ret)
{
	cleanup(cleanup_tree) struct tree *tree = calloc(1, sizeof(*tree));
	int r = 0;

	if (!tree)
		return -ENOMEM;
	tree->n_files = instance->n_nodes;
	tree->entries = calloc(1 + tree->n_files, sizeof(*tree->entries));
	if (!tree->entries)
		return -ENOMEM;
	tree->n = 1 + tree->n_files;
	for (size_t i = 0; i < tree->n_files && r >= 0; i++)
		r = place_file(tree, (uint32_t)i, instance->nodes[i].name);
	if (r < 0)
		return r;
	entry(tree, TREE_ROOT)->parent = TREE_ROOT;
	*ret = take_ptr(tree);
	return 0;
}

void tree_free(struct tree *tree)
{
	if (!tree)
		return;
	for (size_t i = 0; i < tree->n; i++)
		free(tree->entries[i].name);
	free(tree->entries);
	free(tree);
}

bool tree_node(const struct tree *tree, uint64_t number, uint32_t *ret)
{
	if (number < TREE_FILES || number - TREE_FILES >= tree->n_files)
		return false;
	*ret = (uint32_t)(number - TREE_FILES);
	return true;
}

bool tree_is_folder(const struct tree *tree, uint64_t number)
{
	uint32_t node;

	return is_known(tree, number) && !tree_node(tree, number, &node);
}

uint64_t tree_parent(const struct tree *tree, uint64_t number)
{
	return is_known(tree, number) ? entry(tree, number)->parent : TREE_ROOT;
}

const char *tree_name(const struct tree *tree, uint64_t number)
{
	return entry(tree, number)->name;
}

uint64_t tree_next(const struct tree *tree, uint64_t inside, uint64_t number)
{
	for (number = number ? number + 1 : TREE_ROOT; is_known(tree, number); number++)
		if (number != TREE_ROOT && entry(tree, number)->parent == inside)
			return number;
	return 0;
}

uint64_t tree_find(const struct tree *tree, uint64_t inside, const char *name)
{
	uint64_t number = 0;

	while ((number = tree_next(tree, inside, number)))
		if (tree_name(tree, number) && strcmp(tree_name(tree, number), name) == 0)
			return number;
	return 0;
}
