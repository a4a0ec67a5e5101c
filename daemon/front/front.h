/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The front: the kernel's side of a card's nodes. It creates them, passes requests to the device,
 * parks requests that cannot be answered yet, and sends answers.
 */
#ifndef FRONT_FRONT_H
#define FRONT_FRONT_H

#include "base/fds.h"
#include "base/loop.h"
#include "base/report.h"
#include "base/saved.h"
#include "device/device.h"

struct front;

/* Called once: when all nodes exist with number, group and mode as configured, or when they will
 * not (error < 0, with the reason in the log). */
struct front_listener {
	void (*ready)(struct front_listener *listener, int error);
};

/* The caller owns all of these; they must outlive the front. */
struct front_setup {
	const struct instance *instance;
	struct cuio_device *device;
	struct saved *saved;
	struct fds *fds;
	struct loop *loop;
	struct front_listener *listener;
	bool fresh; /* the saved memory is new: create the nodes */
};

/* Plans the areas of saved memory for the nodes. */
void front_plan(const struct instance *instance, struct saved_plan *plan);

/*
 * Checks before any change whether nodes of these names can be created: the names are free in /dev.
 * Reports cause and remedy.
 */
int front_check(const struct instance *instance, struct report *report);

/* Opens or takes over the nodes' channels (reports failures) and starts to create the nodes.
 * -EBADMSG: saved memory was overwritten; -ESTALE: it does not fit the channel. */
int front_new(const struct front_setup *setup, struct report *report, struct front **ret);
/* Sends the answer that a predecessor has committed. Must be called before the driver is called. */
void front_resume(struct front *front);
/* After READY: serves the requests that a predecessor left unanswered, then new ones. */
int front_serve(struct front *front);
/* Closes the channels. The nodes vanish unless the store holds the channels, too. */
void front_free(struct front *front);

#endif
