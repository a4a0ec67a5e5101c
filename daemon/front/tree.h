/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folders and files of a mount, by number: 1 is the root, TREE_FILES + i is the file of node i,
 * and folders follow. A successor with the same nodes has the same numbers.
 */
#ifndef FRONT_TREE_H
#define FRONT_TREE_H

#include "config/instance.h"
#include <stdbool.h>
#include <stdint.h>

#define TREE_ROOT  1U
#define TREE_FILES 2U

struct tree;

int tree_new(const struct instance *instance, struct tree **ret);
void tree_free(struct tree *tree);

/* Finds the node of this file; false: it is not a file. */
bool tree_node(const struct tree *tree, uint64_t number, uint32_t *ret);
bool tree_is_folder(const struct tree *tree, uint64_t number);
uint64_t tree_parent(const struct tree *tree, uint64_t number); /* of the root: the root itself */
const char *tree_name(const struct tree *tree, uint64_t number);
/* The number of the entry of this name in the folder; 0: there is none. */
uint64_t tree_find(const struct tree *tree, uint64_t folder, const char *name);
/* The next entry in the folder after `number` (0: the first); 0 at the end. */
uint64_t tree_next(const struct tree *tree, uint64_t folder, uint64_t number);

#endif
