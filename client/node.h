/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A node of cuiod, opened only for ioctls. A name is opened only if the kernel says that it is a
 * CUSE device or a file of cuio: opening another device may have side effects, such as arming a
 * watchdog.
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
	const char *name; /* as typed by the user, for messages */
	struct cuio_info info;
	/* Returns 0 or more, or -errno; tests replace it. */
	int (*call)(struct node *node, unsigned long number, void *argument);
	void *context;
};

/* `name` is a path or a name below /dev. Returns an exit status. */
int node_open(const char *name, struct node *ret);
void node_close(struct node *node);
/* 0 or more, or -errno. */
int node_call(struct node *node, unsigned long number, void *argument);
/* Reads `info`; -errno if this is not a node of cuiod. */
int node_ask(struct node *node);
/* Whether there is a CUSE device of this name below /dev. */
bool node_exists(const char *name);
/* Reports why an access to the hardware failed. Returns an exit status. */
int node_refused(const struct node *node, const char *what, int error);

#endif
