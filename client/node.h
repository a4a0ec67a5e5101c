/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A node of cuiod, opened for ioctls alone. Nothing is opened before the kernel says that the name
 * is a CUSE device: the open of a stranger's device may do anything (arm a watchdog).
 */
#ifndef CLIENT_NODE_H
#define CLIENT_NODE_H

#include <cuio/ioctl.h>
#include <stdbool.h>
#include <stddef.h>

#define NODE_CLASS     "/sys/class/cuse"
#define NODE_NAME_SIZE 256U

struct node {
	int fd;
	const char *name; /* as the user gave it, for messages */
	struct cuio_info info;
	/* 0 or more, or -errno; a test puts its own here. */
	int (*call)(struct node *node, unsigned long number, void *argument);
	void *context;
};

/* `name` is a path or a name below /dev. Returns an exit status. */
int node_open(const char *name, struct node *ret);
void node_close(struct node *node);
/* 0 or more, or -errno. */
int node_call(struct node *node, unsigned long number, void *argument);
/* Asks for `info`; -errno when this is no node of cuiod. */
int node_ask(struct node *node);
/* Is there a CUSE device of this name (below /dev)? */
bool node_exists(const char *name);
/* Says why an access to the hardware failed. Returns an exit status. */
int node_refused(const struct node *node, const char *what, int error);

#endif
